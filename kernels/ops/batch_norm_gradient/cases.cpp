#include "kernels/ops/batch_norm_gradient/cases.h"

#include "kernels/convolution/bounds.h"
#include "kernels/levels/bounds.h"
#include "kernels/ops/batch_norm/cases.h"

namespace duel::verify {
namespace {

using Gradient = BatchNormGradient<float>;

enum class Learns { gradients_and_update, update, gradients, nothing };

struct Settings {
  Activation below = Activation::leaky_relu;
  bool with_output = true, second_batch_alone = false, with_workspace = true;
  Learns learns = Learns::gradients_and_update;
  float slope = 0.2f;
  OptimizerKind optimizer{};
};

Gradient shapes_of(const ChannelSizes& size, const Settings& settings) {
  Gradient a{};
  a.pixels = size.pixels;
  a.split = size.split;
  a.below = settings.below;
  a.slope = settings.slope;
  a.first_column = settings.second_batch_alone ? size.split : 0;
  a.d_linear = a.normalized = shape<const float>(size.rows(), size.samples);
  if (settings.with_output) a.output = a.normalized;
  a.d_below = shape<float>(size.rows(), size.samples);
  a.inverse_deviation = shape<const float>(a.batches() * size.channels);
  const auto vector = shape<float>(size.channels);
  a.optimizer.settings.kind = settings.optimizer;
  const bool with_gradients = settings.learns != Learns::update && settings.learns != Learns::nothing;
  if (settings.learns == Learns::gradients_and_update || settings.learns == Learns::update) {
    a.optimizer.progress = shape<const OptimizerProgress>(1);
    a.gamma = a.beta = parameter_shape(vector, a.optimizer.settings, with_gradients);
  } else {
    a.gamma.value = vector;
    if (with_gradients) a.gamma.gradient = a.beta.gradient = vector;
  }
  if (settings.with_workspace) a.workspace = workspace_shape(batch_norm_gradient_workspace(a));
  return a;
}

BatchNormGradient<double> make(HostTensors& host, const Gradient& shapes) {
  const int rows = shapes.d_linear.rows, samples = shapes.samples();
  BatchNormGradient<double> a{};
  a.pixels = shapes.pixels;
  a.split = shapes.split;
  a.below = shapes.below;
  a.slope = shapes.slope;
  a.first_column = shapes.first_column;
  a.d_linear = host.uniform(rows, samples, -1, 1);
  a.normalized = host.uniform(rows, samples, -2, 2);
  if (shapes.output) a.output = host.uniform(rows, samples, shapes.below == Activation::sigmoid ? 0 : -1, 1);
  a.d_below = host.uniform(rows, samples, -1, 1);  // columns before first_column must stay
  a.inverse_deviation = host.uniform(shapes.inverse_deviation.rows, 0.5, 1.5);
  a.gamma = parameter_case(host, shapes.gamma, shapes.optimizer.settings, -1.5, 1.5);
  if (shapes.learns()) a.beta = parameter_case(host, shapes.beta, shapes.optimizer.settings, -0.5, 0.5);
  a.optimizer = optimizer_case(host, shapes.optimizer);
  a.workspace = workspace_case(host, shapes.workspace);
  return a;
}

Bounds bounds_of(const BatchNormGradient<double>& before, const BatchNormGradient<double>& a) {
  const int channels = a.channels();
  GradientError beta{std::vector<double>(channels), std::vector<double>(channels)}, gamma = beta;
  std::vector<double> d_below(a.d_below.size());
  for (int channel = 0; channel < channels; ++channel) {
    for (int batch = a.first_batch(); batch < a.batches(); ++batch) {
      const ChannelValues values = values_of(a, channel, batch);
      const auto for_each_value = [&](auto f) {
        for (int run = 0; run < values.runs; ++run) {
          for (int i = 0; i < values.length; ++i) f(values.begin + static_cast<std::size_t>(run) * values.stride + i);
        }
      };
      double sum = 0, product_sum = 0;  // of magnitudes
      for_each_value([&](std::size_t i) {
        const double d = a.d_linear.data[i], x = a.normalized.data[i];
        beta.gradient[channel] += d;
        gamma.gradient[channel] += d * x;
        sum += std::abs(d);
        product_sum += std::abs(d * x);
      });
      const int count = values.count();
      beta.error[channel] += sum_error(count) * sum;
      gamma.error[channel] += sum_error(count) * product_sum;
      // gamma inverse_deviation (d - the sum of d / n - x̂ the sum of d x̂ / n): the errors of those sums, and about six
      // roundings of the terms, with the activation's derivative ten.
      const double scale = std::abs(before.gamma.value.data[channel] *
                                    a.inverse_deviation.data[static_cast<std::size_t>(batch) * channels + channel]);
      for_each_value([&](std::size_t i) {
        const double means = (sum + std::abs(a.normalized.data[i]) * product_sum) / count;
        d_below[i] = scale * (sum_error(count) * means + 10 * kRounding * (std::abs(a.d_linear.data[i]) + means));
      });
    }
  }
  Bounds bounds;
  bounds.set("d_below", std::move(d_below));
  set_workspace_bounds(bounds, a.workspace);
  if (!a.learns()) return bounds;
  set_parameter_bounds(bounds, kGammaNames, before.gamma, a.optimizer, gamma);
  set_parameter_bounds(bounds, kBetaNames, before.beta, a.optimizer, beta);
  return bounds;
}

std::vector<Case<Gradient>> cases() {
  std::vector<Case<Gradient>> result;
  const auto add = [&](const ChannelSizes& size, const Settings& settings, const std::string& note = "",
                       int misalignment = 0) {
    result.push_back({size.text() + note, shapes_of(size, settings), misalignment, size.of_training});
  };
  for (const ChannelSizes& size : trained_channels()) add(size, {.learns = Learns::update});
  for (const ChannelSizes& size : edge_channels()) {
    add(size, {}, ", gradients kept");
    if (size.split > 0) add(size, {.second_batch_alone = true, .learns = Learns::nothing}, ", the second batch alone");
  }
  const ChannelSizes small{3, 9, 12, 4}, parts{1, 150, 60};
  for (const ChannelSizes& size : {small, parts}) {
    add(size, {.learns = Learns::gradients}, ", gradients alone");
    add(size, {.with_output = false, .learns = Learns::nothing}, ", above no activation");
    add(size, {.below = Activation::tanh}, ", above tanh");
    add(size, {.below = Activation::sigmoid}, ", above sigmoid");
    add(size, {.slope = 0}, ", above ReLU");
    add(size, {.with_workspace = false}, ", without a workspace");
  }
  add(small, {.second_batch_alone = true}, ", the second batch alone, gradients kept");
  for_each_unit(Optimizers(), [&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    add(small, {.optimizer = kind_of<Unit>}, std::string(", ") + Unit::kName);
    add(small, {.optimizer = kind_of<Unit>}, std::string(", limited, ") + Unit::kName);
    result.back().arguments.optimizer.limit = 0.4f;  // of beta up to 0.5
  });
  for (const int misalignment : {1, 2, 3}) {
    const std::string note = ", " + std::to_string(misalignment) + " elements off";
    add({2, 4, 16}, {}, note, misalignment);
    add({2, 4, 16, 8}, {}, note, misalignment);
  }
  return result;
}

}  // namespace

OpCases<BatchNormGradient<double>, Gradient> batch_norm_gradient_cases() {
  return {batch_norm_gradient_op(),
          batch_norm_gradient_reference,
          make,
          bounds_of,
          cases,
          nullptr,
          {channel_axes(),
           [](const std::vector<int>& n) { return shapes_of(channels_of(n), {.learns = Learns::gradients}); }}};
}

}  // namespace duel::verify
