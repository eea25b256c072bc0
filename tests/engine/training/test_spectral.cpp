// Spectral normalization of D in training: how it begins, what continues, what judging leaves alone.
#include <cmath>
#include <random>

#include "engine/networks/state_file.h"
#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

TrainingConfig spectral_config(bool is_dcgan = false) {
  TrainingConfig config = is_dcgan ? dcgan_config() : small_config();
  config.networks.discriminator_norm = NetworkNorm::spectral;
  return config;
}

// "discriminator.model.0.parametrizations.weight."
std::string parametrization(const std::string& module) {
  return "discriminator." + module + ".parametrizations.weight.";
}

double inner(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

std::vector<float> times(const std::vector<float>& weight, const std::vector<float>& v) {
  std::vector<float> product;
  for (std::size_t row = 0; row < weight.size(); row += v.size()) {
    const auto begin = weight.begin() + static_cast<std::ptrdiff_t>(row);
    product.push_back(static_cast<float>(inner({begin, begin + static_cast<std::ptrdiff_t>(v.size())}, v)));
  }
  return product;
}

}  // namespace

TEST_CASE("spectral normalization: begins near the largest singular value, with the weights that D has without") {
  for (const bool is_dcgan : {false, true}) {
    TrainingConfig config = spectral_config(is_dcgan);
    const ImageSet images = striped_images(config.networks, 16);
    const TensorFile state = Trainer(config, images).state();
    config.networks.discriminator_norm = NetworkNorm::none;
    const TensorFile without = Trainer(config, images).state();
    for (const LayerSlots& layer : discriminator_layout(config.networks).layers) {
      const std::string module = layer.bias.name.substr(0, layer.bias.name.rfind('.'));
      CAPTURE(module);
      const std::vector<float> weight = floats_of(state, parametrization(module) + "original"),
                               u = floats_of(state, parametrization(module) + "0._u"),
                               v = floats_of(state, parametrization(module) + "0._v");
      CHECK(weight == floats_of(without, "discriminator." + module + ".weight"));
      CHECK(floats_of(state, "discriminator." + module + ".bias") ==
            floats_of(without, "discriminator." + module + ".bias"));
      CHECK(inner(u, u) == Approx(1).epsilon(1e-5));
      CHECK(inner(v, v) == Approx(1).epsilon(1e-5));
      // Every step lengthens W v; after 15 it is nearly as long as it gets.
      const double sigma = inner(u, times(weight, v));
      std::vector<float> longer = v;
      for (int step = 0; step < 200; ++step) {
        const std::vector<float> s = times(weight, longer);
        std::ranges::fill(longer, 0.f);
        for (std::size_t i = 0; i < weight.size(); ++i) longer[i % v.size()] += weight[i] * s[i / v.size()];
        const double length = std::sqrt(inner(longer, longer));
        for (float& x : longer) x = static_cast<float>(x / length);
      }
      const std::vector<float> s = times(weight, longer);
      const double largest = std::sqrt(inner(s, s));
      CHECK(sigma > 0.9 * largest);
      CHECK(sigma < 1.0001 * largest);
    }
  }
}

TEST_CASE("spectral normalization: a continued training is the uninterrupted one, and a rolled back one goes on") {
  TrainingConfig config = spectral_config(GENERATE(false, true));
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  config.discriminator_steps = GENERATE(1, 2);
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  const ImageSet images = striped_images(config.networks, 40);  // the last batch of an epoch has 8
  Trainer whole(config, images), continued(config, images);
  whole.run(2);
  const TensorFile saved = whole.state();
  continued.load_state(saved);
  whole.run(3);
  continued.run(3);
  CHECK(first_difference(continued.state(), whole.state()) == "");
  continued.roll_back(saved);
  for (const std::string name : {"original", "0._u", "0._v"}) {
    const std::string tensor = parametrization("model.0") + name;
    CHECK(floats_of(continued.state(), tensor) == floats_of(saved, tensor));
    CHECK(floats_of(whole.state(), tensor) != floats_of(saved, tensor));
  }
  continued.run(1);
  CHECK(continued.iteration() == 6);
}

TEST_CASE("spectral normalization: each pass takes a step, and graphs do what given iterations do") {
  TrainingConfig config = spectral_config();
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  const ImageSet images = striped_images(config.networks, 16);
  Trainer trainer(config, images);
  trainer.run(40);  // graphs of 16 iterations, and single ones
  Trainer one_by_one(config, images);
  for (int i = 0; i < 40; ++i) one_by_one.run(1);
  CHECK(first_difference(trainer.state(), one_by_one.state()) == "");
}

TEST_CASE("spectral normalization: judging takes W / sigma, and leaves all as it is") {
  TrainingConfig config = spectral_config();
  Trainer trainer(config, striped_images(config.networks, 16));
  trainer.run(5);
  const TensorFile before = trainer.state();
  std::mt19937_64 random(1);
  const std::vector<float> images = random_batch(config.networks, 300, random).images;
  const std::vector<float> scores = trainer.judge(images);
  CHECK(first_difference(trainer.state(), before) == "");
  CHECK(trainer.judge(images) == scores);

  TensorFile divided = before;
  config.networks.discriminator_norm = NetworkNorm::none;
  for (const LayerSlots& layer : discriminator_layout(config.networks).layers) {
    const std::string module = layer.bias.name.substr(0, layer.bias.name.rfind('.'));
    std::vector<float> weight = floats_of(before, parametrization(module) + "original");
    const double sigma = inner(floats_of(before, parametrization(module) + "0._u"),
                               times(weight, floats_of(before, parametrization(module) + "0._v")));
    for (float& w : weight) w = static_cast<float>(w / sigma);
    Tensor& tensor = tensor_of(divided, parametrization(module) + "original");
    tensor.name = "discriminator." + layer.weight.name;
    set_values(divided, tensor.name, weight);
  }
  Trainer plain(config, striped_images(config.networks, 16));
  CHECK(plain.load_weights(divided));
  const std::vector<float> expected = plain.judge(images);
  REQUIRE(scores.size() == expected.size());
  for (std::size_t i = 0; i < scores.size(); ++i) CHECK(scores[i] == Approx(expected[i]).margin(1e-5));
}

TEST_CASE("spectral normalization: scores change no faster than images, whatever the weights' size") {
  TrainingConfig config = spectral_config();
  config.networks.discriminator_init = GENERATE(0.01f, 3.f);
  Trainer trainer(config, striped_images(config.networks, 16));
  trainer.run(60);
  std::mt19937_64 random(2);
  const GivenBatch a = random_batch(config.networks, 64, random), b = random_batch(config.networks, 64, random);
  const std::vector<float> of_a = trainer.judge(a.images), of_b = trainer.judge(b.images);
  const auto pixels = static_cast<std::size_t>(config.networks.pixels());
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    double squares = 0;
    for (std::size_t k = i * pixels; k < (i + 1) * pixels; ++k)
      squares += std::pow(double{a.images[k]} - b.images[k], 2);
    CHECK(std::abs(of_a[i] - of_b[i]) <= 1.05 * std::sqrt(squares));  // sigma is nearly the largest singular value
  }
}

TEST_CASE("spectral normalization: it takes five kernels of an iteration with one pass through D") {
  TrainingConfig config = spectral_config();
  const ImageSet images = striped_images(config.networks, 16);
  const std::size_t normalized = Trainer(config, images).kernels_per_iteration();
  config.networks.discriminator_norm = NetworkNorm::none;
  const std::size_t without = Trainer(config, images).kernels_per_iteration();
  CHECK(normalized >= without + 5);
  CHECK(normalized <= without + 7);  // an update of D by itself, too
}
