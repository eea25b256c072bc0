// Batch norm by channel and its gradient, by hand, against central differences, batch by batch and in place; then every
// variant on every case.
#include <algorithm>
#include <vector>

#include "kernels/levels/bounds.h"
#include "kernels/ops/batch_norm/cases.h"
#include "kernels/ops/batch_norm_gradient/cases.h"
#include "kernels/reference.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/levels/level_ops.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

template <class Visitor>
void for_each_norm_op(Visitor&& visitor) {
  visitor(batch_norm_cases());
  visitor(batch_norm_gradient_cases());
}

TEST_CASE("batch norm: every case that is no shape of training") {
  for_each_norm_op([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (one.of_training) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.misalignment = one.misalignment}) == "");
    }
  });
}

TEST_CASE("batch norm: every schedule on every number of threads") {
  for_each_norm_op([](const auto& op) {
    const auto cases = op.cases();
    for (std::size_t i = 0; i < cases.size(); i += 5) {
      if (cases[i].of_training) continue;
      INFO(op.op.name << ", " << cases[i].name);
      CHECK(check_case(op, cases[i], {.executions = HowMany::all}) == "");
    }
  });
}

std::vector<double> values_of_view(const auto& view) {
  return {view.data, view.data + view.size()};
}

// As torch.nn.BatchNorm2d and torch.nn.LeakyReLU see the same numbers: a channel of two pixels, two samples.
TEST_CASE("batch norm: numbers by hand") {
  HostTensors host(1);
  BatchNorm<double> a{};
  a.input = {host.vector<double>({1, 2, 3, 6}).data, 2, 2};
  a.pixels = 2;
  a.gamma = host.vector<double>({2}), a.beta = host.vector<double>({1});
  a.eps = 0.5, a.momentum = 0.5, a.slope = 0.25;
  a.running_mean = host.vector<double>({1}), a.running_variance = host.vector<double>({2});
  a.normalized = host.matrix(2, 2), a.inverse_deviation = host.vector(1), a.output = host.matrix(2, 2);
  batch_norm_reference(a);  // mean 3, variance 3.5
  CHECK(values_of_view(a.normalized) == std::vector<double>{-1, -0.5, 0, 1.5});
  CHECK(values_of_view(a.output) == std::vector<double>{-0.25, 0, 1, 4});
  CHECK(a.inverse_deviation.data[0] == 0.5);
  CHECK(a.running_mean.data[0] == 2);
  CHECK(a.running_variance.data[0] == Approx(0.5 * 2 + 0.5 * 14.0 / 3));

  a.statistics = BatchStatistics::running;
  a.running_variance.data[0] = 3.5;
  a.normalized = {}, a.inverse_deviation = {};
  batch_norm_reference(a);
  CHECK(values_of_view(a.output) == std::vector<double>{0, 1, 2, 5});
  CHECK(a.running_mean.data[0] == 2);

  BatchNormGradient<double> d{};
  d.d_linear = {host.vector<double>({4, 0, 0, 0}).data, 2, 2};
  d.pixels = 2;
  d.normalized = {host.vector<double>({-1, 1, -1, 1}).data, 2, 2};
  d.inverse_deviation = host.vector<double>({0.5});
  d.gamma = {host.vector<double>({3}), {}, host.vector(1)}, d.beta.gradient = host.vector(1);
  d.slope = 0.5;
  d.output = {host.vector<double>({1, 1, 1, -1}).data, 2, 2};
  d.d_below = host.matrix(2, 2);
  batch_norm_gradient_reference(d);  // 1.5 (d - 1 + x^)
  CHECK(values_of_view(d.d_below) == std::vector<double>{3, 0, -3, 0});
  CHECK(d.gamma.gradient.data[0] == -4);
  CHECK(d.beta.gradient.data[0] == 4);
}

// Columns begin ... begin + count - 1.
template <class T>
Matrix<double> columns_of(HostTensors& host, const Matrix<T>& from, int begin, int count) {
  const Matrix<double> result = host.matrix(from.rows, count);
  for (int row = 0; row < from.rows; ++row) {
    for (int c = 0; c < count; ++c) at(result, row, c) = at(from, row, begin + c);
  }
  return result;
}

constexpr int kChannels = 3, kPixels = 4, kRows = kChannels * kPixels, kSplit = 5, kSamples = 7;

BatchNorm<double> norm_of(HostTensors& host, const Matrix<const double>& input, int split) {
  BatchNorm<double> a{};
  a.input = input, a.pixels = kPixels, a.split = split;
  a.gamma = host.uniform(kChannels, 0.5, 1.5), a.beta = host.uniform(kChannels, -0.5, 0.5);
  a.eps = 0.1, a.momentum = 0.25, a.slope = 0.2;
  a.running_mean = host.uniform(kChannels, -1, 1), a.running_variance = host.uniform(kChannels, 0.5, 2);
  a.normalized = host.matrix(kRows, input.columns), a.output = host.matrix(kRows, input.columns);
  a.inverse_deviation = host.vector(a.batches() * kChannels);
  return a;
}

TEST_CASE("batch norm: two batches side by side are two batches, one after the other") {
  HostTensors host(2);
  const Matrix<double> input = host.uniform(kRows, kSamples, -1, 1);
  const BatchNorm<double> both = norm_of(host, input, kSplit);
  BatchNorm<double> one = both;
  one.split = 0;
  one.running_mean = host.vector(values_of_view(both.running_mean));
  one.running_variance = host.vector(values_of_view(both.running_variance));
  batch_norm_reference(both);
  for (const int batch : {0, 1}) {
    const int begin = batch * kSplit, count = batch == 0 ? kSplit : kSamples - kSplit;
    one.input = columns_of(host, input, begin, count);
    one.normalized = host.matrix(kRows, count), one.output = host.matrix(kRows, count);
    one.inverse_deviation = host.vector(kChannels);
    batch_norm_reference(one);
    CHECK(values_of_view(one.normalized) == values_of_view(columns_of(host, both.normalized, begin, count)));
    CHECK(values_of_view(one.output) == values_of_view(columns_of(host, both.output, begin, count)));
    CHECK(values_of_view(one.inverse_deviation) ==
          values_of_view(both.inverse_deviation.row_range(batch * kChannels, kChannels)));
  }
  CHECK(values_of_view(one.running_mean) == values_of_view(both.running_mean));
  CHECK(values_of_view(one.running_variance) == values_of_view(both.running_variance));
}

// A layer below, x = f(a), then the norm; the loss is a weighted sum of what it makes of some columns.
void check_gradients(Activation below, int split, int first_column) {
  HostTensors host(3);
  const Matrix<double> linear = host.uniform(kRows, kSamples, -1, 1), input = host.matrix(kRows, kSamples);
  const Matrix<double> cotangent = host.uniform(kRows, kSamples, -1, 1);
  BatchNorm<double> a = norm_of(host, input, split);
  a.slope = 1;
  const auto loss = [&] {
    with_activation(below, 0.2, [&](auto f) {
      for (std::size_t i = 0; i < linear.size(); ++i) input.data[i] = f.value(linear.data[i]);
    });
    batch_norm_reference(a);
    double sum = 0;
    for (int row = 0; row < kRows; ++row) {
      for (int c = first_column; c < kSamples; ++c) sum += at(cotangent, row, c) * at(a.output, row, c);
    }
    return sum;
  };
  loss();
  const auto still = [&](const Vector<const double>& values) {
    return TrainedParameter<double, 1>{host.vector(values_of_view(values)), {}, host.vector(kChannels)};
  };
  BatchNormGradient<double> d{};
  d.d_linear = cotangent, d.pixels = kPixels, d.split = split, d.first_column = first_column;
  d.normalized = a.normalized, d.inverse_deviation = a.inverse_deviation;
  d.gamma = still(a.gamma), d.beta = still(a.beta);
  d.below = below, d.slope = 0.2, d.output = input;
  d.d_below = host.uniform(kRows, kSamples, 0, 0);
  batch_norm_gradient_reference(d);
  // Columns before first_column have no gradient, and keep what they had: 0.
  CHECK(check_gradient("linear", linear, d.d_below, loss) == "");
  const auto as_variable = [](const Vector<const double>& v) {
    return Vector<double>{const_cast<double*>(v.data), v.rows};
  };
  CHECK(check_gradient("gamma", as_variable(a.gamma), d.gamma.gradient, loss) == "");
  CHECK(check_gradient("beta", as_variable(a.beta), d.beta.gradient, loss) == "");
}

TEST_CASE("batch norm: the gradient's reference is the slope of the forward reference") {
  for (const Activation below : {Activation::leaky_relu, Activation::tanh, Activation::sigmoid}) {
    check_gradients(below, 0, 0);
    check_gradients(below, kSplit, 0);
    check_gradients(below, kSplit, kSplit);
  }
}

// Large enough that a channel is several parts.
constexpr int kLargePixels = 150, kLargeSamples = 60;

// What a variant makes of the same values, where `normalized` and `output` lie where it is told.
enum class Place { own, normalized_in_input, output_in_input };
std::vector<std::vector<float>> normalized_in(const Variant<BatchNorm<float>>& variant, Place place) {
  const Stream stream;
  HostTensors host(4);
  const auto floats = [](const auto& view) { return std::vector<float>(view.data, view.data + view.size()); };
  const auto buffer = [&](const auto& view) { return DeviceBuffer<float>(floats(view), stream); };
  const int rows = 2 * kLargePixels;
  const auto input = buffer(host.uniform(rows, kLargeSamples, -1, 1)), gamma = buffer(host.uniform(2, 0.5, 1.5)),
             beta = buffer(host.uniform(2, -1, 1)), mean = buffer(host.uniform(2, -1, 1)),
             running_variance = buffer(host.uniform(2, 0.5, 1));
  const DeviceBuffer<float> normalized(input.size()), output(input.size()), inverse(4);
  BatchNorm<float> a{};
  a.input = input.matrix(rows, kLargeSamples), a.pixels = kLargePixels, a.split = 24;
  a.gamma = gamma.vector(), a.beta = beta.vector();
  a.eps = 1e-5f, a.momentum = 0.1f, a.slope = 0.2f;
  a.running_mean = mean.vector(), a.running_variance = running_variance.vector();
  a.normalized = (place == Place::normalized_in_input ? input : normalized).matrix(rows, kLargeSamples);
  a.output = (place == Place::output_in_input ? input : output).matrix(rows, kLargeSamples);
  a.inverse_deviation = inverse.vector();
  const DeviceBuffer<float> workspace(batch_norm_workspace(a));
  a.workspace = workspace.vector();
  batch_norm_op().validate(a);
  enqueue(batch_norm_op(), variant, a, stream);
  return {(place == Place::normalized_in_input ? input : normalized).download(stream),
          (place == Place::output_in_input ? input : output).download(stream), inverse.download(stream),
          mean.download(stream), running_variance.download(stream)};
}

TEST_CASE("batch norm: in the input's memory results have the same bits") {
  for (const auto& variant : batch_norm_op().variants) {
    INFO(variant.name);
    const auto expected = normalized_in(variant, Place::own);
    CHECK(normalized_in(variant, Place::normalized_in_input) == expected);
    CHECK(normalized_in(variant, Place::output_in_input) == expected);
  }
}

std::vector<std::vector<float>> gradient_in(const Variant<BatchNormGradient<float>>& variant, bool in_place) {
  const Stream stream;
  HostTensors host(5);
  const auto floats = [](const auto& view) { return std::vector<float>(view.data, view.data + view.size()); };
  const auto buffer = [&](const auto& view) { return DeviceBuffer<float>(floats(view), stream); };
  const auto d = buffer(host.uniform(kLargePixels, kLargeSamples, -1, 1)),
             normalized = buffer(host.uniform(kLargePixels, kLargeSamples, -2, 2)),
             inverse = buffer(host.uniform(2, 0.5, 1.5)), gamma = buffer(host.uniform(1, 0.5, 1.5));
  const DeviceBuffer<float> d_below(d.size()), d_gamma(1), d_beta(1);
  BatchNormGradient<float> a{};
  a.d_linear = d.matrix(kLargePixels, kLargeSamples), a.pixels = kLargePixels, a.split = 24;
  a.normalized = normalized.matrix(kLargePixels, kLargeSamples), a.inverse_deviation = inverse.vector();
  a.gamma.value = gamma.vector(), a.gamma.gradient = d_gamma.vector(), a.beta.gradient = d_beta.vector();
  a.slope = 1;
  a.d_below = (in_place ? d : d_below).matrix(kLargePixels, kLargeSamples);
  const DeviceBuffer<float> workspace(batch_norm_gradient_workspace(a));
  a.workspace = workspace.vector();
  batch_norm_gradient_op().validate(a);
  enqueue(batch_norm_gradient_op(), variant, a, stream);
  return {(in_place ? d : d_below).download(stream), d_gamma.download(stream), d_beta.download(stream)};
}

TEST_CASE("batch norm: in the memory of d the gradient has the same bits") {
  for (const auto& variant : batch_norm_gradient_op().variants) {
    INFO(variant.name);
    CHECK(gradient_in(variant, true) == gradient_in(variant, false));
  }
}

TEST_CASE("batch norm: a channel is shared out where there is a workspace") {
  const auto cases = batch_norm_cases().cases();
  const auto supporting = [&](const std::string& name) {
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const auto& one) { return one.name == name; });
    REQUIRE(found != cases.end());
    std::string names;
    for (const auto& variant : batch_norm_op().variants) {
      if (variant.supports(found->arguments, Device::current())) names += std::string(variant.name) + " ";
    }
    return names;
  };
  CHECK(supporting("60 of 1 x 150, without a workspace").find("channel_parts") == std::string::npos);
  CHECK(supporting("64 of 2 x 144").find("channel_parts") != std::string::npos);
  CHECK(supporting("60 of 1 x 150, running statistics").find("channel_parts") != std::string::npos);
}

template <class Arguments>
void check_fields(const Op<Arguments>& op, const Arguments& valid,
                  const std::vector<std::pair<std::string, void (*)(Arguments&)>>& spoilers) {
  for (const auto& [named, spoil] : spoilers) {
    Arguments wrong = valid;
    spoil(wrong);
    CHECK(check_refusal(op, wrong, named) == "");
  }
}

TEST_CASE("batch norm: wrong arguments are refused by name") {
  BatchNorm<float> a{};
  a.input = shape<const float>(6, 5), a.output = a.normalized = shape<float>(6, 5);
  a.pixels = 2, a.split = 2;
  a.gamma = a.beta = shape<const float>(3);
  a.running_mean = a.running_variance = shape<float>(3);
  a.inverse_deviation = shape<float>(6);
  a.workspace = shape<float>(static_cast<int>(batch_norm_workspace(a)));
  a.eps = 1e-5f, a.momentum = 0.1f, a.slope = 0.2f;
  CHECK(check_shapes(batch_norm_op(), a,
                     {.defining = {"gamma", "output"}, .optional = {"workspace"}, .roomy = {"workspace"}}) == "");
  check_fields<BatchNorm<float>>(batch_norm_op(), a,
                                 {{"pixels", [](auto& one) { one.pixels = 0; }},
                                  {"split", [](auto& one) { one.split = -1; }},
                                  {"split", [](auto& one) { one.split = 5; }},
                                  {"eps", [](auto& one) { one.eps = 0; }},
                                  {"momentum", [](auto& one) { one.momentum = 1.5f; }},
                                  {"slope", [](auto& one) { one.slope = -1; }},
                                  {"normalized", [](auto& one) { one.statistics = BatchStatistics::running; }},
                                  {"workspace", [](auto& one) { --one.workspace.rows; }},
                                  {"more than one value", [](auto& one) {
                                     one.pixels = 1, one.split = 1;
                                     one.gamma = one.beta = shape<const float>(6);
                                     one.running_mean = one.running_variance = shape<float>(6);
                                     one.inverse_deviation = shape<float>(12), one.workspace = {};
                                   }}});

  BatchNormGradient<float> d{};
  d.d_linear = d.normalized = d.output = shape<const float>(6, 5), d.d_below = shape<float>(6, 5);
  d.pixels = 2, d.split = 2;
  d.inverse_deviation = shape<const float>(6);
  d.optimizer.progress = shape<const OptimizerProgress>(1);
  d.gamma = d.beta = parameter_shape(shape<float>(3), d.optimizer.settings, true);
  d.workspace = shape<float>(static_cast<int>(batch_norm_gradient_workspace(d)));
  d.slope = 0.2f;
  CHECK(check_shapes(batch_norm_gradient_op(), d,
                     {.defining = {"d_linear", "gamma"},
                      .optional = {"workspace", "output", "gamma_gradient", "beta_gradient", "progress"},
                      .roomy = {"workspace"}}) == "");
  check_fields<BatchNormGradient<float>>(
      batch_norm_gradient_op(), d,
      {{"pixels", [](auto& one) { one.pixels = 0; }},
       {"split", [](auto& one) { one.split = 5; }},
       {"first_column", [](auto& one) { one.first_column = 1; }},
       {"slope", [](auto& one) { one.slope = -1; }},
       {"workspace", [](auto& one) { --one.workspace.rows; }},
       {"beta_gradient", [](auto& one) { one.optimizer.progress = {}, one.gamma.gradient = {}; }}});
}

}  // namespace
}  // namespace duel::test
