// The references of convolutions against layers of PyTorch, which tools/parity/record_convolutions.py recorded: all
// values are whole numbers, so both must be the same.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kernels/convolution/cases.h"
#include "kernels/ops/convolution/convolution.h"
#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"
#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"
#include "kernels/reference.h"
#include "kernels/verify/host_tensors.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

nlohmann::json recorded_layers() {
  std::ifstream file(DUEL_SOURCE_FOLDER "/tests/kernels/fixtures/convolutions.json");
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

// The convolution's input is a transposed layer's output.
ConvolutionGeometry geometry_of_layer(const nlohmann::json& layer) {
  const bool transposed = layer.at("transposed");
  const char *channels = "channels", *out_channels = "out_channels", *height = "height", *width = "width";
  if (transposed) std::swap(channels, out_channels), height = "output_height", width = "output_width";
  return geometry_of(layer.at(channels), layer.at(height), layer.at(width), layer.at(out_channels), layer.at("kernel"),
                     layer.at("stride"), layer.at("padding"), layer.at("upsample"), transposed);
}

// Images as PyTorch has them, one after another, as columns.
Matrix<double> columns_of(const std::vector<double>& images, int batch, HostTensors& host) {
  const int rows = static_cast<int>(images.size()) / batch;
  const Matrix<double> columns = host.matrix(rows, batch);
  for (int sample = 0; sample < batch; ++sample) {
    for (int row = 0; row < rows; ++row) {
      at(columns, row, sample) = images[static_cast<std::size_t>(sample) * rows + row];
    }
  }
  return columns;
}

template <class View>
std::vector<double> values_of(const View& view) {
  return {view.data, view.data + view.size()};
}

}  // namespace

TEST_CASE("convolution: the references are PyTorch's layers") {
  const nlohmann::json file = recorded_layers();
  const int batch = file.at("batch");
  REQUIRE(file.at("layers").size() >= 7);
  for (const nlohmann::json& layer : file.at("layers")) {
    const ConvolutionGeometry g = geometry_of_layer(layer);
    CAPTURE((ConvolutionCase{g, batch}.text()));
    HostTensors host(1);
    const auto columns = [&](const char* name) {
      return columns_of(layer.at(name).get<std::vector<double>>(), batch, host);
    };
    const auto weight = host.vector(layer.at("weight").get<std::vector<double>>());
    REQUIRE(weight.rows == g.weight_rows() * g.weight_columns());
    const Matrix<const double> w{weight.data, g.weight_rows(), g.weight_columns()};
    const Matrix<double> input = columns("input"), d_output = columns("d_output");
    REQUIRE(input.rows == g.layer_input().rows());

    const Convolution<double> forward{.geometry = g,
                                      .input = input,
                                      .weight = w,
                                      .bias = host.vector(layer.at("bias").get<std::vector<double>>()),
                                      .slope = 1,
                                      .output = host.matrix(g.layer_output().rows(), batch)};
    convolution_reference(forward);
    CHECK(values_of(forward.output) == values_of(columns("output")));

    const ConvolutionInputGradient<double> of_input{
        .geometry = g, .weight = w, .d_linear = d_output, .slope = 1, .d_below = host.matrix(input.rows, batch)};
    convolution_input_gradient_reference(of_input);
    CHECK(values_of(of_input.d_below) == values_of(columns("d_input")));

    ConvolutionWeightGradient<double> of_weight{.geometry = g, .d_linear = d_output, .input = input};
    of_weight.weight.gradient = host.matrix(g.weight_rows(), g.weight_columns());
    of_weight.bias.gradient = host.vector(g.layer_output().channels);
    convolution_weight_gradient_reference(of_weight);
    CHECK(values_of(of_weight.weight.gradient) == layer.at("d_weight").get<std::vector<double>>());
    CHECK(values_of(of_weight.bias.gradient) == layer.at("d_bias").get<std::vector<double>>());
  }
}

}  // namespace duel::test
