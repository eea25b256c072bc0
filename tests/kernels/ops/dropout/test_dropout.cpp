#include "kernels/ops/dropout/dropout.h"

#include <cmath>

#include "kernels/kernel_selection.h"
#include "kernels/runtime/buffer.h"
#include "tests/support/catch.h"

namespace duel::test {

namespace {

Dropout<float> scalars(float keep = 0.5f, int first_sample = 0, std::uint32_t draw = 3) {
  Dropout<float> a{};
  a.mask = {keep, 0x123456789abcdef0, draw, first_sample, {}};
  return a;
}

/// What the preferred variant makes of `values` [features, samples] in an iteration.
std::vector<float> dropped(const std::vector<float>& values, int samples, Dropout<float> a,
                           std::uint64_t iteration = 7) {
  const Stream stream;
  const std::vector<TrainingClock> clock{{iteration, 0, 0}};
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  const DeviceBuffer<float> input(values, stream), output(values.size());
  const int features = static_cast<int>(values.size()) / samples;
  a.input = input.matrix(features, samples);
  a.mask.clock = device_clock.vector();
  a.output = output.matrix(features, samples);
  KernelSelection().run(dropout_op(), a, stream);
  return output.download(stream);
}

std::vector<float> ones(int features, int samples) {
  return std::vector<float>(static_cast<std::size_t>(features) * samples, 1.f);
}

double share_kept(const std::vector<float>& values) {
  double kept = 0;
  for (const float value : values) kept += value != 0 ? 1 : 0;
  return kept / static_cast<double>(values.size());
}

// A share of `keep` stays: its deviation is at most 5 sqrt(p (1 - p) / n). With the factor 1 / keep the mean stays 1.
TEST_CASE("dropout: a share of keep stays, divided by it, everywhere alike") {
  constexpr int kFeatures = 200, kSamples = 1000;
  for (const float keep : {0.1f, 0.5f, 0.8f, 0.99f}) {
    INFO("keep " << keep);
    const std::vector<float> values = dropped(ones(kFeatures, kSamples), kSamples, scalars(keep));
    const double deviation = std::sqrt(keep * (1 - keep));
    CHECK(std::abs(share_kept(values) - keep) < 5 * deviation / std::sqrt(1.0 * kFeatures * kSamples));
    for (const float value : values) REQUIRE((value == 0 || std::abs(value * keep - 1) < 1e-6f));
    for (int feature = 0; feature < kFeatures; ++feature) {
      double kept = 0;
      for (int sample = 0; sample < kSamples; ++sample) {
        kept += values[static_cast<std::size_t>(feature) * kSamples + sample] != 0;
      }
      CHECK(std::abs(kept / kSamples - keep) < 5 * deviation / std::sqrt(1.0 * kSamples));
    }
  }
}

TEST_CASE("dropout: neighbouring values are independent") {
  constexpr int kFeatures = 100, kSamples = 1000;
  const std::vector<float> values = dropped(ones(kFeatures, kSamples), kSamples, scalars());
  for (const std::size_t distance : {1, 2, 3, 1000, 2000, 3000, 4000}) {
    double sum = 0;
    for (std::size_t i = distance; i < values.size(); ++i) sum += (values[i] - 1.0) * (values[i - distance] - 1.0);
    INFO("distance " << distance);
    CHECK(std::abs(sum / static_cast<double>(values.size())) < 5 / std::sqrt(1.0 * kFeatures * kSamples));
  }
}

TEST_CASE("dropout: keep 1 changes no bit") {
  const std::vector<float> values = dropped(ones(33, 100), 100, scalars());
  CHECK(dropped(values, 100, scalars(1.f)) == values);
}

TEST_CASE("dropout: a gradient has the mask of its values") {
  std::vector<float> values = ones(37, 65);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 17) + 1;
  const std::vector<float> once = dropped(values, 65, scalars(0.8f)), mask = dropped(ones(37, 65), 65, scalars(0.8f));
  for (std::size_t i = 0; i < values.size(); ++i) CHECK((mask[i] != 0) == (once[i] != 0));
}

// The generator's pass over generated images alone shares their samples' masks with the pass over real ones too.
TEST_CASE("dropout: first_sample continues the mask of more samples") {
  const std::vector<float> all = dropped(ones(33, 20), 20, scalars()),
                           last = dropped(ones(33, 8), 8, scalars(0.5f, 12));
  for (int feature = 0; feature < 33; ++feature) {
    for (int sample = 0; sample < 8; ++sample) {
      CHECK(last[static_cast<std::size_t>(feature * 8 + sample)] ==
            all[static_cast<std::size_t>(feature * 20 + 12 + sample)]);
    }
  }
}

// As torch.nn.Dropout2d: what one row of a channel gets, all of its rows get.
TEST_CASE("dropout: by channel a channel has the mask of a feature") {
  constexpr int kChannels = 37, kSamples = 65;
  const std::vector<float> of_features = dropped(ones(kChannels, kSamples), kSamples, scalars(0.6f, 12));
  for (const int pixels : {2, 3, 4, 7, 49}) {
    INFO(pixels << " pixels");
    Dropout<float> by_channel = scalars(0.6f, 12);
    by_channel.mask.pixels = pixels;
    const std::vector<float> of_channels = dropped(ones(kChannels * pixels, kSamples), kSamples, by_channel);
    for (std::size_t i = 0; i < of_channels.size(); ++i) {
      const std::size_t channel = i / kSamples / pixels;
      REQUIRE(of_channels[i] == of_features[channel * kSamples + i % kSamples]);
    }
  }
}

TEST_CASE("dropout: seeds, draws and iterations give other masks, each about as different as can be") {
  const auto base = dropped(ones(50, 100), 100, scalars());
  Dropout<float> other_seed = scalars();
  other_seed.mask.seed ^= std::uint64_t{1} << 32;
  const std::vector<std::vector<float>> others = {
      dropped(ones(50, 100), 100, other_seed),
      dropped(ones(50, 100), 100, scalars(0.5f, 0, 4)),
      dropped(ones(50, 100), 100, scalars(), 8),
      dropped(ones(50, 100), 100, scalars(), 7 + (std::uint64_t{1} << 32)),
      dropped(ones(50, 100), 100, scalars(0.5f, 1)),
  };
  for (const auto& other : others) {
    double equal = 0;
    for (std::size_t i = 0; i < base.size(); ++i) equal += base[i] == other[i];
    CHECK(std::abs(equal / 5000 - 0.5) < 5 * 0.5 / std::sqrt(5000.0));
  }
}

}  // namespace
}  // namespace duel::test
