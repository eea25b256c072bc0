#include "kernels/convolution/reference.h"
#include "kernels/ops/convolution/convolution.h"
#include "kernels/reference.h"

namespace duel {

void convolution_reference(const Convolution<double>& a) {
  const ImageShape to = a.geometry.layer_output();
  const int batch = a.batch();
  for (int row = 0; row < to.rows(); ++row) {
    for (int c = 0; c < batch; ++c) {
      at(a.output, row, a.first_column + c) = a.bias ? a.bias.data[row / to.pixels()] : 0.0;
    }
  }
  for_each_product(a.geometry, a.geometry.transposed, [&](int written, int read, int row, int column) {
    const double weight = at(a.weight, row, column);
    double* const y = &at(a.output, written, a.first_column);
    const double* const x = &at(a.input, read, 0);
    for (int c = 0; c < batch; ++c) y[c] += weight * x[c];
  });
  with_activation(a.activation, a.slope, [&](auto f) {
    for (int row = 0; row < to.rows(); ++row) {
      for (int c = 0; c < batch; ++c) {
        double& y = at(a.output, row, a.first_column + c);
        y = f.value(y);
        if (a.head_weight) at(a.unit_gradient, row, c) = f.gradient(y, a.head_weight.data[row]);
      }
    }
  });
}

}  // namespace duel
