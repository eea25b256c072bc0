#include "kernels/ops/fused_dropout/reference.h"

#include "kernels/ops/fused_dropout/fused_dropout.h"
#include "kernels/reference.h"

namespace duel {

void fused_dropout_reference(const FusedDropout<double>& a) {
  for (int feature = 0; feature < a.input.rows; ++feature) {
    for (int sample = 0; sample < a.input.columns; ++sample) {
      const double factor = dropout_factor(a.mask, sample, feature);
      at(a.output, feature, sample) = factor > 0 ? at(a.input, feature, sample) * factor : 0.0;
    }
  }
}

}  // namespace duel
