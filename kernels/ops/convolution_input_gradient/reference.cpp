#include "kernels/convolution/reference.h"
#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"
#include "kernels/reference.h"

namespace duel {

void convolution_input_gradient_reference(const ConvolutionInputGradient<double>& a) {
  const int rows = a.d_below.rows, batch = a.batch();
  for (int row = 0; row < rows; ++row) {
    for (int c = 0; c < batch; ++c) at(a.d_below, row, a.below_column + c) = 0;
  }
  for_each_product(a.geometry, !a.geometry.transposed, [&](int written, int read, int row, int column) {
    if (written >= rows) return;
    const double weight = at(a.weight, row, column);
    double* const to = &at(a.d_below, written, a.below_column);
    const double* const d = &at(a.d_linear, read, a.first_column);
    for (int c = 0; c < batch; ++c) to[c] += weight * d[c];
  });
  with_activation(a.below, a.slope, [&](auto f) {
    for (int row = 0; row < rows; ++row) {
      for (int c = 0; c < batch; ++c) {
        double& d = at(a.d_below, row, a.below_column + c);
        if (a.factor) d *= a.factor.data[c];
        if (a.output) d = f.gradient(at(a.output, row, a.first_column + c), d);
      }
    }
  });
}

}  // namespace duel
