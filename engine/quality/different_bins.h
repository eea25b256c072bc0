// NDB, the number of statistically different bins: real images are put into bins by k-means, and a bin counts where the
// share of samples in it differs from the share of real images by a two-proportion z-test at 5 %. Samples as good as
// real ones differ in about 5 % of the bins.
// Source: E. Richardson and Y. Weiss, On GANs and GMMs (2018).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/quality/k_means.h"

namespace duel {

inline constexpr int kBins = 100;  ///< K of the paper

/// Whether two shares, of `a` in `a_total` and of `b` in `b_total`, differ by a two-proportion z-test with pooled
/// variance at the 5 % level.
bool shares_differ(int a, int a_total, int b, int b_total);

class RealBins {
 public:
  /// Bins of the real images: min(kBins, count / 10) of them, so that small sets can be binned too. `distances` must
  /// outlive the object. Throws std::invalid_argument for fewer than 10 images.
  RealBins(const PairwiseDistances& distances, const Points& real, std::uint64_t seed = 0);

  int bins() const { return static_cast<int>(real_counts_.size()); }
  /// Share of the bins that are different, in [0, 1].
  double share_of_different(const Points& samples) const;

 private:
  std::vector<int> counts(const Points& images) const;

  const PairwiseDistances& distances_;
  int dimension_, real_total_;
  std::vector<float> centres_;
  std::vector<int> real_counts_;
};

}  // namespace duel
