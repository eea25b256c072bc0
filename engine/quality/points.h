// Points of a space: images as pixels, or their features.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace duel {

/// Row-major [count, dimension], owned by somebody else.
struct Points {
  std::span<const float> values;
  int dimension = 1;

  int count() const { return static_cast<int>(values.size() / static_cast<std::size_t>(dimension)); }
  std::span<const float> operator[](int i) const {
    return values.subspan(static_cast<std::size_t>(i) * dimension, static_cast<std::size_t>(dimension));
  }
  Points range(int begin, int size) const {
    return {values.subspan(static_cast<std::size_t>(begin) * dimension, static_cast<std::size_t>(size) * dimension),
            dimension};
  }
  /// The first `most` points, or all where there are fewer.
  Points first(int most) const { return range(0, std::min(most, count())); }
};

}  // namespace duel
