#include "engine/quality/different_bins.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace duel {
namespace {

constexpr double kQuantile = 1.959963984540054;  // of the normal distribution, two-sided 5 %
constexpr int kImagesOfBin = 10;                 // at least, on average
constexpr int kIterations = 30;                  // of k-means; later ones hardly move the centres

}  // namespace

bool shares_differ(int a, int a_total, int b, int b_total) {
  const double first = a_total, second = b_total, pooled = (a + b) / (first + second);
  const double deviation = std::sqrt(pooled * (1 - pooled) * (1 / first + 1 / second));
  return std::abs(a / first - b / second) > kQuantile * deviation;
}

RealBins::RealBins(const PairwiseDistances& distances, const Points& real, std::uint64_t seed)
    : distances_(distances),
      dimension_(real.dimension),
      real_total_(real.count()),
      centres_(k_means(distances, real, std::max(1, std::min(kBins, real.count() / kImagesOfBin)), seed, kIterations)),
      real_counts_(counts(real)) {
  if (real_total_ < kImagesOfBin) throw std::invalid_argument("bins need at least 10 real images");
}

double RealBins::share_of_different(const Points& samples) const {
  const std::vector<int> sample_counts = counts(samples);
  int different = 0;
  for (std::size_t bin = 0; bin < sample_counts.size(); ++bin) {
    if (shares_differ(real_counts_[bin], real_total_, sample_counts[bin], samples.count())) ++different;
  }
  return static_cast<double>(different) / bins();
}

std::vector<int> RealBins::counts(const Points& images) const {
  std::vector<int> result(centres_.size() / static_cast<std::size_t>(dimension_));
  for (const std::int32_t bin : nearest_centres(distances_, distances_.upload(images), {centres_, dimension_})) {
    ++result[static_cast<std::size_t>(bin)];
  }
  return result;
}

}  // namespace duel
