#include "kernels/ops/batch_norm/cases.h"

#include "kernels/convolution/bounds.h"
#include "kernels/ops/batch_norm/bounds.h"

namespace duel::verify {
namespace {

using Norm = BatchNorm<float>;

struct Settings {
  BatchStatistics statistics = BatchStatistics::batch;
  float slope = 0.2f, eps = 1e-5f, momentum = 0.1f;
  bool with_workspace = true;
};

Norm shapes_of(const ChannelSizes& size, const Settings& settings) {
  Norm a{};
  a.pixels = size.pixels;
  a.split = size.split;
  a.statistics = settings.statistics;
  a.slope = settings.slope;
  a.eps = settings.eps;
  a.momentum = settings.momentum;
  a.input = shape<const float>(size.rows(), size.samples);
  a.output = shape<float>(size.rows(), size.samples);
  a.gamma = a.beta = shape<const float>(size.channels);
  a.running_mean = a.running_variance = shape<float>(size.channels);
  if (settings.statistics == BatchStatistics::running) return a;
  a.normalized = a.output;
  a.inverse_deviation = shape<float>(a.batches() * size.channels);
  if (settings.with_workspace) a.workspace = workspace_shape(batch_norm_workspace(a));
  return a;
}

BatchNorm<double> make(HostTensors& host, const Norm& shapes) {
  const int channels = shapes.channels(), rows = channels * shapes.pixels, samples = shapes.samples();
  BatchNorm<double> a{};
  a.pixels = shapes.pixels;
  a.split = shapes.split;
  a.statistics = shapes.statistics;
  a.slope = shapes.slope;
  a.eps = shapes.eps;
  a.momentum = shapes.momentum;
  // The two batches differ in mean, and one channel's mean is far larger than its deviation: a sum of squares would
  // lose the variance.
  const Matrix<double> input = host.uniform(rows, samples, -1, 1);
  for (int row = 0; row < rows; ++row) {
    for (int c = 0; c < samples; ++c) {
      double& x = at(input, row, c);
      x = static_cast<float>(x + (c < shapes.split ? 0.5 : 0) + (row >= rows - shapes.pixels ? 1000 : 0));
    }
  }
  a.input = input;
  a.gamma = host.uniform(channels, -1.5, 1.5);
  a.beta = host.uniform(channels, -0.5, 0.5);
  a.running_mean = host.uniform(channels, -1, 1);
  a.running_variance = host.uniform(channels, 0.5, 2);
  a.output = host.matrix(rows, samples);
  a.workspace = workspace_case(host, shapes.workspace);
  if (shapes.normalized) a.normalized = host.matrix(rows, samples);
  if (shapes.inverse_deviation) a.inverse_deviation = host.vector(shapes.inverse_deviation.rows);
  return a;
}

Bounds bounds_of(const BatchNorm<double>& before, const BatchNorm<double>& after) {
  const int channels = after.channels();
  std::vector<double> normalized(after.output.size()), output = normalized;
  std::vector<double> inverse_deviation(static_cast<std::size_t>(after.batches()) * channels);
  std::vector<RunningErrors> running(channels);
  for (int channel = 0; channel < channels; ++channel) {
    for (int batch = 0; batch < after.batches(); ++batch) {
      const ChannelValues values = values_of(after, channel, batch);
      std::vector<std::size_t> places;
      for (int run = 0; run < values.runs; ++run) {
        for (int i = 0; i < values.length; ++i) {
          places.push_back(values.begin + static_cast<std::size_t>(run) * values.stride + i);
        }
      }
      NormInput input;
      std::vector<double> x_hat;
      for (const std::size_t i : places) {
        input.magnitude.push_back(std::abs(after.input.data[i]));
        x_hat.push_back(after.normalized ? after.normalized.data[i] : 0);
      }
      const std::size_t number = static_cast<std::size_t>(batch) * channels + channel;
      const double inverse = after.inverse_deviation ? after.inverse_deviation.data[number] : 0;
      const NormBounds bounds = norm_bounds(before, channel, input, inverse, x_hat, running[channel]);
      inverse_deviation[number] = bounds.inverse_deviation;
      for (std::size_t i = 0; i < places.size(); ++i) {
        normalized[places[i]] = bounds.normalized[i];
        output[places[i]] = bounds.output[i];
      }
    }
  }
  Bounds bounds;
  bounds.set("output", std::move(output));
  set_workspace_bounds(bounds, after.workspace);
  set_running_bounds(bounds, after, running);
  if (!after.normalized) return bounds;
  bounds.set("normalized", std::move(normalized));
  bounds.set("inverse_deviation", std::move(inverse_deviation));
  return bounds;
}

std::vector<Case<Norm>> cases() {
  const Settings running{.statistics = BatchStatistics::running};
  std::vector<Case<Norm>> result;
  const auto add = [&](const ChannelSizes& size, const Settings& settings, const std::string& note = "",
                       int misalignment = 0) {
    result.push_back({size.text() + note, shapes_of(size, settings), misalignment, size.of_training});
  };
  for (const ChannelSizes& size : trained_channels()) add(size, {});
  add({16, 49, 64, 0, true}, running, ", running statistics");
  for (const ChannelSizes& size : edge_channels()) add(size, {});
  const ChannelSizes small{3, 9, 12, 4};
  for (const ChannelSizes& size : {ChannelSizes{1, 1, 1}, {2, 5, 13}, {1, 150, 60}, small}) {
    add(size, running, ", running statistics");
  }
  add({1, 150, 60}, {.with_workspace = false}, ", without a workspace");
  add(small, {.slope = 1}, ", without an activation");
  add(small, {.slope = 0, .eps = 0.8f}, ", ReLU");
  for (const float momentum : {0.f, 1.f}) {
    add(small, {.momentum = momentum}, ", momentum " + std::to_string(static_cast<int>(momentum)));
  }
  for (const int misalignment : {1, 2, 3}) {
    const std::string note = ", " + std::to_string(misalignment) + " elements off";
    add({2, 4, 16}, {}, note, misalignment);
    add({2, 4, 16, 8}, {}, note, misalignment);
    add({2, 4, 16}, running, ", running statistics" + note, misalignment);
  }
  return result;
}

}  // namespace

OpCases<BatchNorm<double>, Norm> batch_norm_cases() {
  return {batch_norm_op(),
          batch_norm_reference,
          make,
          bounds_of,
          cases,
          nullptr,
          {channel_axes(), [](const std::vector<int>& n) { return shapes_of(channels_of(n), {}); }}};
}

}  // namespace duel::verify
