// Lists of units: std::tuples of types, from which settings, names, kernels and cases follow.
#pragma once

#include <tuple>
#include <type_traits>

namespace duel {

/// The place of Unit in the list.
template <class Unit, class List, int kPlace = 0>
constexpr int place_in() {
  if constexpr (std::is_same_v<Unit, std::tuple_element_t<kPlace, List>>) {
    return kPlace;
  } else {
    return place_in<Unit, List, kPlace + 1>();
  }
}

/// f(Unit()) for each.
template <class Function, class... Units>
void for_each_unit(std::tuple<Units...>, Function&& f) {
  (f(Units()), ...);
}

}  // namespace duel
