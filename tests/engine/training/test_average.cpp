// The moving average of the generator's weights.
#include <algorithm>
#include <cmath>

#include "engine/networks/generator.h"
#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

TrainingConfig averaging_config(double decay) {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.ema_decay = decay;
  config.networks.classes = GENERATE(0, 3);
  return config;
}

/// Names of the generator's floating-point tensors, without their prefix; the optimizer's are left out.
std::vector<std::string> weight_names(const TensorFile& state) {
  const std::string prefix = "generator_average.";
  std::vector<std::string> names;
  for (const Tensor& tensor : state.tensors) {
    if (tensor.name.starts_with(prefix) && tensor.type == DType::f32)
      names.push_back(tensor.name.substr(prefix.size()));
  }
  return names;
}

double largest_difference(const std::vector<float>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("the average of the generator is that of its weights at the end of every eighth iteration") {
  const TrainingConfig config = averaging_config(0.9);
  Trainer trainer(config, striped_images(config.networks, 12));
  const TensorFile start = trainer.state();
  const std::vector<std::string> names = weight_names(start);
  CHECK(names.size() == 3 * 2 + 4);  // three linear layers; gamma, beta, mean and variance of one batch norm
  for (const std::string& name : names) {
    CAPTURE(name);
    Trainer again(config, striped_images(config.networks, 12));
    const auto first = floats_of(start, "generator." + name);
    CHECK(floats_of(start, "generator_average." + name) == first);
    std::vector<double> expected(first.begin(), first.end());
    for (int t = 0; t < 40; ++t) {
      again.run(1);
      const TensorFile state = again.state();
      const auto now = floats_of(state, "generator." + name);
      const double rest = 1 - std::pow(std::min(0.9, (1.0 + t) / (10.0 + t)), kAverageInterval);
      for (std::size_t i = 0; i < now.size() && (t + 1) % kAverageInterval == 0; ++i) {
        expected[i] += rest * (now[i] - expected[i]);
      }
      REQUIRE(largest_difference(floats_of(state, "generator_average." + name), expected) < 1e-6);
    }
  }
}

TEST_CASE("the average changes no bit of the training itself") {
  TrainingConfig config = averaging_config(0.99);
  const ImageSet images = striped_images(config.networks, 12);
  Trainer averaged(config, images);
  config.ema_decay = 0;
  Trainer usual(config, images);
  averaged.run(20);
  usual.run(20);
  const TensorFile a = averaged.state(), b = usual.state();
  CHECK(weight_names(b).empty());
  for (const Tensor& tensor : b.tensors) {
    CAPTURE(tensor.name);
    const Tensor* other = a.find(tensor.name);
    REQUIRE(other);
    CHECK(other->bytes == tensor.bytes);
  }
}

TEST_CASE("pictures come from the average, the checkpoint has both") {
  const TrainingConfig config = averaging_config(0.99);
  Trainer trainer(config, striped_images(config.networks, 12));
  trainer.run(24);
  const std::vector<float> latents = draw_latents(3, config.networks, 1);
  const auto draw = [&](const Generator& generator) {
    return generator.generate(latents, BatchStatistics::running).values;
  };
  const TensorFile state = trainer.state();
  const auto average = draw(Generator(config.networks, state));
  CHECK(average == trainer.generate(latents, BatchStatistics::running).values);
  CHECK(average != draw(Generator(config.networks, state, GeneratorWeights::last)));
}

TEST_CASE("a checkpoint without an average draws with the last weights, whatever was asked for") {
  const TrainingConfig config = averaging_config(0);
  Trainer trainer(config, striped_images(config.networks, 12));
  trainer.run(9);
  const std::vector<float> latents = draw_latents(3, config.networks, 1);
  const TensorFile state = trainer.state();
  for (const GeneratorWeights weights : {GeneratorWeights::average, GeneratorWeights::last}) {
    CHECK(Generator(config.networks, state, weights).generate(latents, BatchStatistics::running).values ==
          trainer.generate(latents, BatchStatistics::running).values);
  }
}

TEST_CASE("an average needs all its tensors to continue") {
  const TrainingConfig config = averaging_config(0.9);
  const ImageSet images = striped_images(config.networks, 12);
  TensorFile state = Trainer(config, images).state();
  std::erase_if(state.tensors, [](const Tensor& tensor) { return tensor.name == "generator_average.model.0.bias"; });
  Trainer trainer(config, images);
  CHECK_THROWS_AS(trainer.load_state(state), DataError);
}
