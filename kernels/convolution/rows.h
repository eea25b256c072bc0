// What the tables of convolutions share.
#pragma once

#include "kernels/convolution/geometry.h"

namespace duel {

/// Throws std::invalid_argument unless the workspace is large enough; none is needed where `values` is 0.
inline void require_workspace(const char* op, const Vector<float>& workspace, std::size_t values) {
  require(values == 0 || (workspace && workspace.size() >= values), op,
          "a workspace of " + std::to_string(values) + " values or more, not " + shape_text(workspace));
}

/// Products of a passage that nobody can leave out: a tap that stands for several values of the kernel is one, and what
/// lies beyond the image's edges is none.
inline Flops passage_flops(const Passage& p, int batch) {
  const auto met = [&](int extent, int from) {
    double sum = 0;
    for (int place = 0; place < extent; ++place) {
      const int r = place % p.taps.classes(), begin = place / p.taps.classes() * p.taps.step() + p.taps.first(r);
      for (int t = 0; t < p.taps.count(r); ++t) sum += begin + t >= 0 && begin + t < from;
    }
    return sum;
  };
  return {.products = 2.0 * batch * p.to.channels * p.from.channels * met(p.to.height, p.from.height) *
                      met(p.to.width, p.from.width)};
}

}  // namespace duel
