// The tables of the ops that are parts of levels.
#pragma once

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "kernels/levels/level.h"

namespace duel {

/// A variant for each of a level's: a level with nothing but that part. `others`, of full precision, which no level
/// holds, stand before the variants of lower precision.
template <class Arguments, class... Others>
constexpr auto level_rows(const Others&... others) {
  constexpr auto row = []<std::size_t kIndex>(std::integral_constant<std::size_t, kIndex>) {
    return Variant<Arguments>{
        kLevelVariants[kIndex].name, kLevelVariants[kIndex].idea,
        [](const Arguments&, const Device& device) { return kLevelVariants[kIndex].supports(device); },
        [](const Arguments& a, StreamView stream) {
          LevelParts level;
          level.put(a);
          kLevelVariants[kIndex].launch(level, stream);
        },
        kLevelVariants[kIndex].precision};
  };
  return [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
    std::array rows{row(std::integral_constant<std::size_t, kIndex>())..., Variant<Arguments>(others)...};
    const auto is_lower = [](const auto& one) { return one.precision != Precision::fp32; };
    std::rotate(std::find_if(rows.begin(), rows.end(), is_lower), rows.end() - sizeof...(others), rows.end());
    return rows;
  }
  (std::make_index_sequence<std::size(kLevelVariants)>());
}

}  // namespace duel
