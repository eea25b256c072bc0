#include "kernels/ops/dropout/reference.h"

#include "kernels/ops/dropout/dropout.h"
#include "kernels/reference.h"

namespace duel {

void dropout_reference(const Dropout<double>& a) {
  for (int feature = 0; feature < a.input.rows; ++feature) {
    for (int sample = 0; sample < a.input.columns; ++sample) {
      const double factor = dropout_factor(a.mask, sample, feature);
      at(a.output, feature, sample) = factor > 0 ? at(a.input, feature, sample) * factor : 0.0;
    }
  }
}

}  // namespace duel
