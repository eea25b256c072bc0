// What a network is before its first iteration. Source of the distribution: torch.nn.Linear.reset_parameters.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

TensorFile initial_state(std::uint64_t seed) {
  TrainingConfig config;
  config.seed = seed;
  return Trainer(config, striped_images(config.networks, 2)).state();
}

bool all_are(const std::vector<float>& values, float expected) {
  return std::all_of(values.begin(), values.end(), [&](float value) { return value == expected; });
}

/// Checks that the values are spread evenly over [-bound, bound].
void check_uniform(const std::vector<float>& values, double bound) {
  constexpr int kBins = 8;
  std::array<double, kBins> bins{};
  double largest = 0, sum = 0, squares = 0;
  for (const double value : values) {
    largest = std::max(largest, std::abs(value));
    sum += value;
    squares += value * value;
    const int bin = static_cast<int>((value / bound + 1) / 2 * kBins);
    bins[static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1))] += 1;
  }
  const double n = static_cast<double>(values.size());
  CHECK(largest <= bound * (1 + 0x1p-23));
  CHECK(largest > bound * (1 - 20 / n));  // but for exp(-20) of all seeds
  // Five standard deviations of the mean, of the mean square (its variance is 4/45 bound^4) and of a bin's count.
  CHECK(std::abs(sum / n) < 5 * bound / std::sqrt(3 * n));
  CHECK(std::abs(squares / n - bound * bound / 3) < 5 * bound * bound * std::sqrt(4 / (45 * n)));
  for (const double count : bins) CHECK(std::abs(count - n / kBins) < 5 * std::sqrt(n / kBins));
}

}  // namespace

TEST_CASE("weights and biases start uniform within 1 / sqrt(fan_in)") {
  const TensorFile state = initial_state(0);
  const std::vector<std::pair<std::string, int>> layers = {
      {"generator.model.0.", 100},     {"generator.model.2.", 128},     {"generator.model.5.", 256},
      {"generator.model.8.", 512},     {"generator.model.11.", 1024},   {"discriminator.model.0.", 784},
      {"discriminator.model.2.", 512}, {"discriminator.model.4.", 256},
  };
  for (const auto& [layer, fan_in] : layers) {
    CAPTURE(layer);
    const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
    check_uniform(floats_of(state, layer + "weight"), bound);
    const std::vector<float> bias = floats_of(state, layer + "bias");
    if (bias.size() > 1) check_uniform(bias, bound);
    CHECK(std::abs(bias[0]) <= bound);
  }
}

TEST_CASE("batch norm starts as the identity, optimizers and counters at zero") {
  const TensorFile state = initial_state(0);
  for (const std::string module : {"generator.model.3.", "generator.model.6.", "generator.model.9."}) {
    CHECK(all_are(floats_of(state, module + "weight"), 1));
    CHECK(all_are(floats_of(state, module + "bias"), 0));
    CHECK(all_are(floats_of(state, module + "running_mean"), 0));
    CHECK(all_are(floats_of(state, module + "running_var"), 1));
    CHECK(integer_of(state, module + "num_batches_tracked") == 0);
  }
  int moments = 0;
  for (const Tensor& tensor : state.tensors) {
    if (tensor.name.find(".adam.exp_avg") == std::string::npos) continue;
    CHECK(all_are(floats_of(state, tensor.name), 0));
    ++moments;
  }
  CHECK(moments == 2 * (16 + 6));
  for (const char* name : {"generator.adam.step", "discriminator.adam.step", "iteration"}) {
    CHECK(integer_of(state, name) == 0);
  }
  CHECK(integer_of(state, "images") == 2);
}

TEST_CASE("no two tensors, players or seeds share their numbers") {
  TrainingConfig config = small_config();  // generator 64 -> 64 -> 64 -> 64, discriminator 64 -> 64 -> 1
  config.networks.latent_dim = 64;
  config.networks.generator_widths = {64, 64};
  config.networks.discriminator_widths = {64};
  const ImageSet images = striped_images(config.networks, 2);
  std::vector<std::vector<float>> drawn;
  for (const std::uint64_t seed : {0u, 1u}) {
    config.seed = seed;
    const TensorFile state = Trainer(config, images).state();
    for (const char* name : {"generator.model.0.weight", "generator.model.2.weight", "generator.model.5.weight",
                             "discriminator.model.0.weight"}) {
      drawn.push_back(floats_of(state, name));
      REQUIRE(drawn.back().size() == 64 * 64);
    }
    for (const char* name :
         {"generator.model.0.bias", "generator.model.2.bias", "generator.model.5.bias", "discriminator.model.0.bias"}) {
      drawn.push_back(floats_of(state, name));
    }
  }
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    std::vector<float> sorted = drawn[i];
    std::sort(sorted.begin(), sorted.end());
    const auto distinct = std::unique(sorted.begin(), sorted.end()) - sorted.begin();
    CHECK(distinct + 8 > static_cast<std::ptrdiff_t>(drawn[i].size()));  // of 4096 in 2^24 values, about one repeats
    for (std::size_t j = 0; j < i; ++j) {
      CAPTURE(i, j);
      // The same fan-in and so the same bound: equal numbers would come from equal words.
      const std::size_t shorter = std::min(drawn[i].size(), drawn[j].size());
      std::size_t equal = 0;
      for (std::size_t k = 0; k < shorter; ++k) equal += drawn[i][k] == drawn[j][k];
      CHECK(equal < shorter / 16);
    }
  }
  config.seed = 1;
  CHECK(floats_of(Trainer(config, images).state(), "generator.model.0.weight") == drawn[8]);
}
