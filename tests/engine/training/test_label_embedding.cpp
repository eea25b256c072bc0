// Label embeddings in training: how they begin, what continues, that nothing outside has to know of them.
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

TrainingConfig embedding_config(bool is_dcgan = false) {
  TrainingConfig config = is_dcgan ? dcgan_config() : small_config();
  config.networks.classes = 3;
  config.networks.class_input = ClassInput::embedding;
  return config;
}

std::string embedding_of(const std::string& network) {
  return network + ".label_embedding.weight";
}

}  // namespace

TEST_CASE("label embeddings: begin normal, beside the weights that networks have without") {
  TrainingConfig config = embedding_config(GENERATE(false, true));
  config.networks.classes = 200;
  const ImageSet images = striped_images(config.networks, 200);
  const TensorFile state = Trainer(config, images).state();
  config.networks.class_input = ClassInput::one_hot;
  const TensorFile without = Trainer(config, images).state();
  for (const std::string network : {"generator", "discriminator"}) {
    const std::vector<float> values = floats_of(state, embedding_of(network));
    REQUIRE(values.size() == 200 * 200);
    double sum = 0, squares = 0;
    for (const double x : values) sum += x, squares += x * x;
    CHECK(std::abs(sum / 40'000) < 0.02);  // four standard errors
    CHECK(std::abs(squares / 40'000 - 1) < 0.03);
  }
  CHECK(floats_of(state, embedding_of("generator")) != floats_of(state, embedding_of("discriminator")));
  for (const Tensor& tensor : without.tensors) {
    if (tensor.type == DType::f32) CHECK(floats_of(state, tensor.name) == floats_of(without, tensor.name));
  }
}

TEST_CASE("label embeddings: a continued training is the uninterrupted one, and a rolled back one goes on") {
  TrainingConfig config = embedding_config(GENERATE(false, true));
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  config.discriminator_steps = GENERATE(1, 2);
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.ema_decay = 0.9;
  const ImageSet images = striped_images(config.networks, 40);  // the last batch of an epoch has 8
  Trainer whole(config, images), continued(config, images);
  whole.run(2);
  const TensorFile saved = whole.state();
  continued.load_state(saved);
  whole.run(33);
  for (int i = 0; i < 33; ++i) continued.run(1);
  CHECK(first_difference(continued.state(), whole.state()) == "");
  continued.roll_back(saved);
  for (const std::string network : {"generator", "generator_average", "discriminator"}) {
    const std::string name = embedding_of(network);
    CHECK(floats_of(continued.state(), name) == floats_of(saved, name));
    CHECK(floats_of(whole.state(), name) != floats_of(saved, name));
  }
}

TEST_CASE("label embeddings: drawing and judging are those of one-hot networks with the embedding in their weights") {
  TrainingConfig config = embedding_config(GENERATE(false, true));
  config.networks.discriminator_norm = GENERATE(NetworkNorm::none, NetworkNorm::spectral);
  const ImageSet images = striped_images(config.networks, 16);
  Trainer trainer(config, images);
  trainer.run(5);
  const TensorFile state = trainer.state();
  TrainingConfig plain_config = config;
  plain_config.networks.class_input = ClassInput::one_hot;
  TensorFile plain_state = state;
  for (const bool of_generator : {true, false}) {
    const auto layout_of = of_generator ? generator_layout : discriminator_layout;
    const LayerSlots first = layout_of(plain_config.networks).layers.front();
    const std::string prefix = of_generator ? "generator." : "discriminator.", name = prefix + first.weight.name;
    const std::vector<float> e = floats_of(state, prefix + "label_embedding.weight");
    std::vector<float> weight = floats_of(state, name);
    const auto columns = static_cast<std::size_t>(first.weight_columns()),
               taps = static_cast<std::size_t>(first.taps());
    const std::vector<float> before = weight;
    for (std::size_t begin = columns - 3 * taps; begin < weight.size(); begin += columns) {
      for (std::size_t i = 0; i < 3 * taps; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < 3; ++k) sum += double{e[i / taps * 3 + k]} * before[begin + k * taps + i % taps];
        weight[begin + i] = static_cast<float>(sum);
      }
    }
    set_values(plain_state, name, weight);
  }
  std::erase_if(plain_state.tensors, [](const Tensor& one) { return one.name.find("label_emb") != std::string::npos; });
  std::mt19937_64 random(1);
  const GivenBatch batch = random_batch(config.networks, 300, random);
  if (config.networks.discriminator_norm == NetworkNorm::none) {  // else sigma is that of other weights
    Trainer plain(plain_config, images);
    REQUIRE(plain.load_weights(plain_state));
    const std::vector<float> scores = trainer.judge(batch.images, batch.real_labels),
                             expected = plain.judge(batch.images, batch.real_labels);
    for (std::size_t i = 0; i < scores.size(); ++i) CHECK(scores[i] == Approx(expected[i]).margin(1e-4));
    const std::vector<float> latents = with_classes(batch.latents, config.networks, batch.generated_labels);
    const std::vector<float> drawn = trainer.generate(latents, BatchStatistics::running).values,
                             of_plain = plain.generate(latents, BatchStatistics::running).values;
    float largest = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) largest = std::max(largest, std::abs(drawn[i] - of_plain[i]));
    CHECK(largest < 1e-4f);
  }
  CHECK(first_difference(trainer.state(), state) == "");
}

TEST_CASE("label embeddings: each network's takes four kernels more, and other updates stay with their gradients") {
  TrainingConfig config = embedding_config();
  const ImageSet images = striped_images(config.networks, 16);
  const std::size_t with = Trainer(config, images).kernels_per_iteration();
  config.networks.class_input = ClassInput::one_hot;
  CHECK(with <= Trainer(config, images).kernels_per_iteration() + 2 * 4);  // two of the gradient, and an update
}
