#include "app/tensorboard/value_histogram.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace duel::app {

ValueHistogram histogram_of(std::span<const float> values) {
  constexpr std::size_t kBuckets = 50;
  ValueHistogram result;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const double wide = value;
    low = std::min(low, wide);
    high = std::max(high, wide);
    result.sum += wide;
    result.sum_squares += wide * wide;
    ++result.count;
  }
  if (result.count == 0) return result;
  result.min = low;
  result.max = high;
  const std::size_t buckets = low < high ? kBuckets : 1;
  const double width = (high - low) / static_cast<double>(buckets), per_width = low < high ? 1 / width : 0;
  result.counts.assign(buckets, 0.0);
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const auto bucket = static_cast<std::size_t>((static_cast<double>(value) - low) * per_width);
    ++result.counts[std::min(bucket, buckets - 1)];
  }
  for (std::size_t i = 1; i < buckets; ++i) result.limits.push_back(low + width * static_cast<double>(i));
  result.limits.push_back(high);
  return result;
}

}  // namespace duel::app
