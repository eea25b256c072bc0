#include "kernels/convolution/reference.h"
#include "kernels/levels/reference.h"
#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"

namespace duel {

void convolution_weight_gradient_reference(const ConvolutionWeightGradient<double>& a) {
  const ConvolutionGeometry& g = a.geometry;
  const Matrix<const double>& output = g.transposed ? a.input : a.d_linear;
  const Matrix<const double>& input = g.transposed ? a.d_linear : a.input;
  const int batch = a.batch(), columns = g.weight_columns();
  std::vector<double> weight(static_cast<std::size_t>(g.weight_rows()) * columns);
  for_each_product(g, [&](int out, int in, int row, int column) {
    double& sum = weight[static_cast<std::size_t>(row) * columns + column];
    for (int c = 0; c < batch; ++c) sum += at(output, out, c) * at(input, in, c);
  });
  update_reference(a.weight, weight, a.optimizer);
  if (!a.has_bias()) return;
  const ImageShape to = g.layer_output();
  std::vector<double> bias(to.channels);
  for (int row = 0; row < to.rows(); ++row) {
    for (int c = 0; c < batch - a.without_bias; ++c) bias[row / to.pixels()] += at(a.d_linear, row, c);
  }
  update_reference(a.bias, bias, a.optimizer);
}

}  // namespace duel
