#include "kernels/reference.h"
#include "kernels/ops/fused_scale/fused_scale.h"

namespace duel {

void fused_scale_reference(const FusedScale<double>& a) {
  for (int row = 0; row < a.output.rows; ++row) {
    for (int c = 0; c < a.output.columns; ++c) at(a.output, row, c) = at(a.gradient, row, c) * a.factor.data[c];
  }
}

}  // namespace duel
