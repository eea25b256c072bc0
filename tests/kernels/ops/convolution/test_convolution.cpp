// Convolutions, their gradients and transposed ones against plain loops over padded images; then every variant on every
// case.
#include <vector>

#include "kernels/convolution/cases.h"
#include "kernels/ops/convolution/cases.h"
#include "kernels/ops/convolution_input_gradient/cases.h"
#include "kernels/ops/convolution_weight_gradient/cases.h"
#include "kernels/reference.h"
#include "tests/kernels/levels/level_ops.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

template <class Visitor>
void for_each_convolution(Visitor&& visitor) {
  visitor(convolution_cases());
  visitor(convolution_input_gradient_cases());
  visitor(convolution_weight_gradient_cases());
}

TEST_CASE("convolution: every case that is no shape of training") {
  for_each_convolution([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (one.of_training) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.misalignment = one.misalignment}) == "");
    }
  });
}

TEST_CASE("convolution: every schedule on every number of threads") {
  for_each_convolution([](const auto& op) {
    const auto cases = op.cases();
    for (std::size_t i = 0; i < cases.size(); i += 9) {
      if (cases[i].of_training) continue;
      INFO(op.op.name << ", " << cases[i].name);
      CHECK(check_case(op, cases[i], {.executions = HowMany::all}) == "");
    }
  });
}

// An image's channel as PyTorch's layers see it before the sum: every pixel `upsample` times each way, zeros around.
std::vector<double> padded(const ConvolutionGeometry& g, const Matrix<const double>& images, int channel, int sample) {
  const int height = g.input.height * g.upsample + 2 * g.padding, width = g.input.width * g.upsample + 2 * g.padding;
  std::vector<double> result(static_cast<std::size_t>(height) * width);
  for (int y = 0; y < g.input.height * g.upsample; ++y) {
    for (int x = 0; x < g.input.width * g.upsample; ++x) {
      const int row = channel * g.input.pixels() + y / g.upsample * g.input.width + x / g.upsample;
      result[static_cast<std::size_t>(y + g.padding) * width + x + g.padding] = at(images, row, sample);
    }
  }
  return result;
}

// Of the convolution alone, [out channels, out pixels] of a sample.
std::vector<double> convolved(const ConvolutionGeometry& g, const Matrix<const double>& images,
                              const Matrix<const double>& weight, int sample) {
  const ImageShape out = g.output();
  const int width = g.input.width * g.upsample + 2 * g.padding;
  std::vector<double> result(static_cast<std::size_t>(out.rows()));
  for (int ci = 0; ci < g.input.channels; ++ci) {
    const auto image = padded(g, images, ci, sample);
    for (int row = 0; row < out.rows(); ++row) {
      const int co = row / out.pixels(), oy = row % out.pixels() / out.width, ox = row % out.width;
      for (int k = 0; k < g.kernel * g.kernel; ++k) {
        const int y = oy * g.stride + k / g.kernel, x = ox * g.stride + k % g.kernel;
        result[row] += at(weight, co, ci * g.kernel * g.kernel + k) * image[static_cast<std::size_t>(y) * width + x];
      }
    }
  }
  return result;
}

Convolution<double> linear_convolution(HostTensors& host, const ConvolutionGeometry& g, int batch) {
  return {.geometry = g,
          .input = host.uniform(g.layer_input().rows(), batch, -1, 1),
          .weight = host.uniform(g.weight_rows(), g.weight_columns(), -1, 1),
          .slope = 1,
          .output = host.matrix(g.layer_output().rows(), batch)};
}

double inner_product(const Matrix<const double>& a, const Matrix<const double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a.data[i] * b.data[i];
  return sum;
}

TEST_CASE("convolution: the reference is the sum over a padded image") {
  for (const ConvolutionCase& one : edge_convolutions()) {
    if (one.geometry.transposed) continue;
    CAPTURE(one.text());
    HostTensors host(3);
    auto a = linear_convolution(host, one.geometry, 2);
    a.bias = host.uniform(one.geometry.out_channels, -1, 1);
    convolution_reference(a);
    for (const int sample : {0, 1}) {
      const auto expected = convolved(one.geometry, a.input, a.weight, sample);
      for (int row = 0; row < a.output.rows; ++row) {
        const double bias = a.bias.data[row / one.geometry.output().pixels()];
        CHECK(at(a.output, row, sample) == Approx(expected[row] + bias).margin(1e-12));
      }
    }
  }
}

TEST_CASE("convolution: numbers by hand") {
  HostTensors host(1);
  const auto column = [&](const std::vector<double>& values) {
    return Matrix<double>{host.vector(values).data, static_cast<int>(values.size()), 1};
  };
  // torch.nn.functional.conv2d of [[1, 2], [3, 4]], kernel [[1, 2, 3], [4, 5, 6], [7, 8, 9]], padding 1
  const Matrix<double> weight{host.vector(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}).data, 1, 9};
  Convolution<double> a{.geometry = geometry_of(1, 2, 2, 1, 3, 1, 1),
                        .input = column({1, 2, 3, 4}),
                        .weight = weight,
                        .slope = 1,
                        .output = host.matrix(4, 1)};
  convolution_reference(a);
  CHECK(std::vector<double>(a.output.data, a.output.data + 4) == std::vector<double>{77, 67, 47, 37});
  // torch.nn.functional.conv_transpose2d of [[5]], the same kernel, stride 2, padding 1, output padding 1
  a.geometry = geometry_of(1, 2, 2, 1, 3, 2, 1, 1, true);
  a.input = column({5});
  convolution_reference(a);
  CHECK(std::vector<double>(a.output.data, a.output.data + 4) == std::vector<double>{25, 30, 40, 45});
}

// <W * x, d> = <x, W adjoint d> for every x and d: the gradient is the adjoint, and a transposed layer too.
TEST_CASE("convolution: the input's gradient and transposed layers are the adjoint") {
  for (const ConvolutionCase& one : edge_convolutions()) {
    CAPTURE(one.text());
    HostTensors host(5);
    auto a = linear_convolution(host, one.geometry, 3);
    convolution_reference(a);
    const Matrix<double> d = host.uniform(a.output.rows, 3, -1, 1);
    const ConvolutionInputGradient<double> gradient{.geometry = one.geometry,
                                                    .weight = a.weight,
                                                    .d_linear = d,
                                                    .slope = 1,
                                                    .d_below = host.matrix(a.input.rows, 3)};
    convolution_input_gradient_reference(gradient);
    CHECK(inner_product(a.output, d) == Approx(inner_product(a.input, gradient.d_below)).margin(1e-9));
    auto turned = a;
    turned.geometry.transposed = !turned.geometry.transposed;
    turned.input = d, turned.output = host.matrix(a.input.rows, 3);
    convolution_reference(turned);
    CHECK(std::equal(turned.output.data, turned.output.data + turned.output.size(), gradient.d_below.data));
  }
}

// <W * x, d> is linear in W: its derivative by W is the gradient, whichever values W has.
TEST_CASE("convolution: the weight's gradient is the derivative of the output") {
  for (const ConvolutionCase& one : edge_convolutions()) {
    CAPTURE(one.text());
    const ConvolutionGeometry& g = one.geometry;
    HostTensors host(6);
    auto a = linear_convolution(host, g, 2);
    a.bias = host.uniform(g.layer_output().channels, -1, 1);
    const Matrix<double> d = host.uniform(a.output.rows, 2, -1, 1);
    ConvolutionWeightGradient<double> gradient{.geometry = g, .d_linear = d, .input = a.input, .without_bias = 1};
    gradient.weight.gradient = host.matrix(g.weight_rows(), g.weight_columns());
    gradient.bias.gradient = host.vector(g.layer_output().channels);
    convolution_weight_gradient_reference(gradient);
    const Vector<const double> bias = a.bias;
    a.bias = {};
    convolution_reference(a);
    CHECK(inner_product(a.output, d) == Approx(inner_product(a.weight, gradient.weight.gradient)).margin(1e-9));
    double by_bias = 0, of_first_sample = 0;
    for (int channel = 0; channel < bias.rows; ++channel)
      by_bias += bias.data[channel] * gradient.bias.gradient.data[channel];
    for (int row = 0; row < d.rows; ++row)
      of_first_sample += bias.data[row / g.layer_output().pixels()] * at(d, row, 0);
    CHECK(by_bias == Approx(of_first_sample).margin(1e-9));
    for (int one_weight = 0; one_weight < 3; ++one_weight) {  // some values of W alone
      const int i = one_weight * 7919 % static_cast<int>(a.weight.size());
      std::vector<double> unit(a.weight.size());
      unit[i] = 1;
      a.weight = {host.vector(unit).data, g.weight_rows(), g.weight_columns()};
      convolution_reference(a);
      CHECK(inner_product(a.output, d) == Approx(gradient.weight.gradient.data[i]).margin(1e-9));
    }
  }
}

TEST_CASE("convolution: parts of the weight's gradient follow from shapes and cover all pixels once") {
  for (const ConvolutionCase& one : trained_convolutions()) {
    CAPTURE(one.text());
    const WeightProduct product(one.geometry, one.batch);
    CHECK(product.passage.taps.classes() == 1);
    CHECK((product.parts >= 1 && product.pixels_of_part >= 1));
    CHECK((product.parts - 1) * product.pixels_of_part < product.pixels);
    CHECK(product.parts * product.pixels_of_part >= product.pixels);
  }
  CHECK(WeightProduct(geometry_of(1, 32, 32, 16, 3, 2, 1), 64).parts == 16);
  CHECK(WeightProduct(geometry_of(128, 8, 8, 128, 3, 1, 1, 2), 64).parts == 2);
}

TEST_CASE("convolution: the input's gradient passes factors and the activation below") {
  HostTensors host(7);
  const auto g = geometry_of(2, 3, 3, 2, 3, 1, 1);
  const Matrix<double> weight = host.uniform(2, 18, -1, 1), d = host.uniform(18, 2, -1, 1);
  const Matrix<double> output = host.uniform(18, 2, -1, 1), plain = host.matrix(18, 2), all = host.matrix(18, 2);
  ConvolutionInputGradient<double> a{.geometry = g, .weight = weight, .d_linear = d, .slope = 1, .d_below = plain};
  convolution_input_gradient_reference(a);
  a.below = Activation::tanh, a.output = output, a.d_below = all;
  a.factor = host.vector(std::vector<double>{2, -3});
  convolution_input_gradient_reference(a);
  for (int row = 0; row < 18; ++row) {
    for (const int c : {0, 1}) {
      const double y = at(output, row, c);
      CHECK(at(all, row, c) == Approx((c == 0 ? 2 : -3) * (1 - y * y) * at(plain, row, c)));
    }
  }
}

TEST_CASE("convolution: the gradient of the input's first channels is the first rows of that of all") {
  for (const bool transposed : {false, true}) {
    const auto g = transposed ? geometry_of(2, 6, 6, 3, 4, 2, 1, 1, true) : geometry_of(3, 4, 4, 2, 3, 1, 1, 2);
    HostTensors host(8);
    const int pixels = g.layer_input().pixels();
    ConvolutionInputGradient<double> a{
        .geometry = g,
        .weight = host.uniform(g.weight_rows(), g.weight_columns(), -1, 1),
        .d_linear = host.uniform(g.layer_output().rows(), 2, -1, 1),
        .slope = 1,
        .d_below = host.matrix(3 * pixels, 2),
    };
    convolution_input_gradient_reference(a);
    const Matrix<double> all = a.d_below;
    for (const int channels : {1, 2}) {
      a.d_below = host.matrix(channels * pixels, 2);
      convolution_input_gradient_reference(a);
      CHECK(std::equal(a.d_below.data, a.d_below.data + a.d_below.size(), all.data));
    }
  }
}

TEST_CASE("convolution: the gradient in the place of the output below is the same as elsewhere") {
  const Stream stream;
  const ConvolutionGeometry g = geometry_of(4, 6, 6, 8, 3, 2, 1, 1, true);  // the tangent of a layer 4 -> 8
  const int from = g.layer_output().rows(), to = g.layer_input().rows(), first = 4, columns = 4 + 33;
  HostTensors host(5);
  const auto narrow = [](const Matrix<double>& matrix) {
    return std::vector<float>(matrix.data, matrix.data + matrix.size());
  };
  const std::vector<float> y = narrow(host.uniform(to, columns, -1, 1));
  const DeviceBuffer<float> d(narrow(host.uniform(from, columns, -1, 1)), stream), output(y, stream);
  const DeviceBuffer<float> weight(narrow(host.uniform(g.weight_rows(), g.weight_columns(), -1, 1)), stream);
  const DeviceBuffer<float> workspace(convolution_input_gradient_workspace(g) + 1),
      zeros(std::vector<float>(y.size()), stream);
  ConvolutionInputGradient<float> a{.geometry = g,
                                    .weight = weight.matrix(g.weight_rows(), g.weight_columns()),
                                    .first_column = first,
                                    .d_linear = d.matrix(from, columns),
                                    .slope = 0.2f,
                                    .output = output.matrix(to, columns),
                                    .below_column = first,
                                    .d_below = zeros.matrix(to, columns),
                                    .workspace = workspace.vector()};
  int tried = 0;
  for (const auto& variant : convolution_input_gradient_op().variants) {
    CAPTURE(variant.name);
    ConvolutionInputGradient<float> in_place = a;
    const DeviceBuffer<float> both(y, stream);
    in_place.output = both.matrix(to, columns);
    in_place.d_below = both.matrix(to, columns);
    if (!variant.supports(in_place, Device::current())) continue;
    enqueue(convolution_input_gradient_op(), variant, a, stream);
    enqueue(convolution_input_gradient_op(), variant, in_place, stream);
    const std::vector<float> expected = zeros.download(stream), found = both.download(stream);
    for (int i = 0; i < to * columns; ++i) REQUIRE(found[i] == (i % columns < first ? y[i] : expected[i]));
    ++tried;
  }
  CHECK(tried >= 4);
  a.d_below = Matrix<float>{const_cast<float*>(a.output.data), to, columns};
  a.first_column = 0;
  CHECK(check_refusal(convolution_input_gradient_op(), a, "first_column 4, as below_column") == "");
}

TEST_CASE("convolution: wrong arguments are refused by name") {
  const auto g = geometry_of(2, 4, 3, 5, 3, 1, 1, 2);
  Convolution<float> a{.geometry = g,
                       .input = shape<const float>(24, 6),
                       .weight = shape<const float>(5, 18),
                       .bias = shape<const float>(5),
                       .slope = 0.2f,
                       .first_column = 2,
                       .output = shape<float>(5 * 8 * 6, 8),
                       .head_weight = shape<const float>(5 * 8 * 6),
                       .unit_gradient = shape<float>(5 * 8 * 6, 6),
                       .workspace = shape<float>(static_cast<int>(convolution_workspace(g)))};
  CHECK(check_shapes(convolution_op(), a,
                     {.defining = {"input"}, .optional = {"bias", "head_weight"}, .roomy = {"output", "workspace"}}) ==
        "");
  for (const auto& [named, spoil] : std::vector<std::pair<std::string, void (*)(Convolution<float>&)>>{
           {"kernel", [](auto& one) { one.geometry.kernel = 0; }},
           {"first_column", [](auto& one) { one.first_column = -1; }},
           {"slope", [](auto& one) { one.slope = -1; }},
           {"workspace", [](auto& one) { one.workspace = {}; }}}) {
    auto wrong = a;
    spoil(wrong);
    CHECK(check_refusal(convolution_op(), wrong, named) == "");
  }
  ConvolutionInputGradient<float> d{
      .geometry = g,
      .weight = shape<const float>(5, 18),
      .first_column = 2,
      .d_linear = shape<const float>(5 * 8 * 6, 8),
      .factor = shape<const float>(6),
      .slope = 0.2f,
      .output = shape<const float>(24, 8),
      .d_below = shape<float>(24, 6),
      .workspace = shape<float>(static_cast<int>(convolution_input_gradient_workspace(g)))};
  CHECK(check_shapes(convolution_input_gradient_op(), d,
                     {.defining = {"d_below"},
                      .optional = {"factor", "output"},
                      .roomy = {"d_linear", "output", "workspace"}}) == "");
  for (const int rows : {0, 13, 36}) {  // of 2 x 12
    auto wrong = d;
    wrong.d_below = shape<float>(rows, 6), wrong.output = {};
    CHECK(check_refusal(convolution_input_gradient_op(), wrong, "1 to 2 channels of 12 rows each") == "");
  }
  d.below_column = -1;
  CHECK(check_refusal(convolution_input_gradient_op(), d, "below_column") == "");
  auto update = convolution_weight_gradient_cases().cases().back().arguments;
  CHECK(check_shapes(convolution_weight_gradient_op(), update,
                     {.defining = {"input", "d_linear"},
                      .optional = {"weight_gradient", "bias_gradient", "progress"},
                      .roomy = {"workspace"}}) == "");
  update.without_bias = update.batch() + 1;
  CHECK(check_refusal(convolution_weight_gradient_op(), update, "without_bias") == "");
}

}  // namespace
}  // namespace duel::test
