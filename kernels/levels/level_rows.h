// The tables of the ops that are parts of levels.
#pragma once

#include <array>
#include <iterator>
#include <utility>

#include "kernels/levels/level.h"

namespace duel {

/// A variant for each of a level's: a level with nothing but that part.
template <class Arguments>
constexpr auto level_rows() {
  constexpr auto row = []<std::size_t kIndex>(std::integral_constant<std::size_t, kIndex>) {
    return Variant<Arguments>{
        kLevelVariants[kIndex].name, kLevelVariants[kIndex].idea,
        [](const Arguments&, const Device& device) { return kLevelVariants[kIndex].supports(device); },
        [](const Arguments& a, StreamView stream) {
          FusedLevel level;
          level.put(a);
          kLevelVariants[kIndex].launch(level, stream);
        },
        kLevelVariants[kIndex].precision};
  };
  return [row]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
    return std::array{row(std::integral_constant<std::size_t, kIndex>())...};
  }
  (std::make_index_sequence<std::size(kLevelVariants)>());
}

}  // namespace duel
