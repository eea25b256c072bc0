#include "app/report/buckets.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace duel::app {
namespace {

Bucket bucket_of(std::span<const double> x, std::span<const double> y) {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  Bucket bucket{0, 0, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  std::size_t count = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    bucket.x += x[i] / static_cast<double>(x.size());
    if (!std::isfinite(y[i])) continue;
    bucket.mean += y[i];
    bucket.low = std::min(bucket.low, y[i]);
    bucket.high = std::max(bucket.high, y[i]);
    ++count;
  }
  if (count == 0) return {bucket.x, kNothing, kNothing, kNothing};
  bucket.mean /= static_cast<double>(count);
  return bucket;
}

}  // namespace

std::vector<Bucket> into_buckets(std::span<const double> x, std::span<const double> y, std::size_t most) {
  const std::size_t count = std::min(x.size(), most);
  std::vector<Bucket> buckets(count);
  for (std::size_t b = 0; b < count; ++b) {
    const std::size_t begin = b * x.size() / count, end = (b + 1) * x.size() / count;
    buckets[b] = bucket_of(x.subspan(begin, end - begin), y.subspan(begin, end - begin));
  }
  return buckets;
}

}  // namespace duel::app
