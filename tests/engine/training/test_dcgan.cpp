// Networks of convolutions as a training: what holds for those of linear layers holds for them.
#include <cmath>

#include "engine/games/epoch_plan.h"
#include "engine/networks/generator.h"
#include "engine/training/trainer.h"
#include "kernels/verify/executions.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

TensorFile dcgan_state_after(const TrainingConfig& config, int images, int iterations) {
  Trainer trainer(config, striped_images(config.networks, images));
  trainer.run(iterations);
  return trainer.state();
}

/// Checks mean and standard deviation of many values, within five of their own.
void check_normal(const std::vector<float>& values, double mean, double deviation) {
  const double n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  int within = 0;
  for (const float value : values) {
    const double z = (static_cast<double>(value) - mean) / deviation;
    sum += z;
    squares += z * z;
    within += std::abs(z) < 1 ? 1 : 0;
  }
  CHECK(std::abs(sum / n) < 5 / std::sqrt(n));
  CHECK(std::abs(squares / n - 1) < 5 * std::sqrt(2 / n));
  CHECK(std::abs(within / n - 0.6827) < 5 * std::sqrt(0.6827 * 0.3173 / n));
}

}  // namespace

TEST_CASE("dcgan: initial values are the script's") {
  TrainingConfig config;
  config.networks = with_networks(NetworkKind::dcgan, {});
  const TensorFile state = Trainer(config, striped_images(config.networks, 2)).state();
  const auto values = [&](const std::string& name) { return floats_of(state, name); };
  check_normal(values("generator.conv_blocks.2.weight"), 0, 0.02);
  check_normal(values("discriminator.model.11.weight"), 0, 0.02);
  check_normal(values("generator.conv_blocks.3.weight"), 1, 0.02);
  check_normal(values("discriminator.model.14.weight"), 1, 0.02);
  CHECK(values("generator.conv_blocks.3.bias") == std::vector<float>(128, 0));
  CHECK(values("generator.conv_blocks.7.running_var") == std::vector<float>(64, 1));
  const auto largest = [&](const std::string& name) {
    double size = 0;
    for (const float value : values(name)) size = std::max(size, std::abs(static_cast<double>(value)));
    return size;
  };
  // torch.nn.Linear's and Conv2d's: within 1 / sqrt(fan_in), and nearly as much.
  CHECK((largest("generator.l1.0.weight") <= 0.1 && largest("generator.l1.0.weight") > 0.0999));
  const double of_bias = 1 / std::sqrt(128.0 * 9);
  CHECK(
      (largest("generator.conv_blocks.2.bias") <= of_bias && largest("generator.conv_blocks.2.bias") > 0.9 * of_bias));
  config.networks.generator_init = 0.5f;
  const TensorFile uniform = Trainer(config, striped_images(config.networks, 2)).state();
  CHECK(floats_of(uniform, "generator.conv_blocks.3.weight") == std::vector<float>(128, 1));
}

TEST_CASE("dcgan: the same bits from any number of threads, under any schedule") {
  TrainingConfig config = dcgan_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.batch_size = GENERATE(16, 9);
  config.networks.classes = GENERATE(0, 3);
  const TensorFile expected = dcgan_state_after(config, 40, 4);
  for (const verify::Execution& execution : verify::executions(verify::HowMany::all, 17)) {
    CAPTURE(verify::execution_text(execution));
    const verify::UseExecution use(execution);
    CHECK(first_difference(expected, dcgan_state_after(config, 40, 4)) == "");
  }
}

TEST_CASE("dcgan: a continued training is the uninterrupted one, and counts the batches of each norm") {
  TrainingConfig config = dcgan_config();
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  config.discriminator_steps = GENERATE(1, 2);
  config.networks.classes = GENERATE(0, 3);
  config.ema_decay = 0.9;
  const ImageSet images = striped_images(config.networks, 40);  // the last batch of an epoch has 8
  Trainer whole(config, images), continued(config, images);
  whole.run(2);
  continued.load_state(whole.state());
  whole.run(3);
  continued.run(3);
  const TensorFile state = continued.state();
  CHECK(first_difference(state, whole.state()) == "");
  const bool is_shared = config.order == UpdateOrder::generator_first;
  const std::int64_t passes = integer_of(state, "discriminator.adam.step");
  CHECK(integer_of(state, "generator.conv_blocks.0.num_batches_tracked") == passes + (is_shared ? 0 : 5));
  // Real and generated images are a batch each.
  CHECK(integer_of(state, "discriminator.model.6.num_batches_tracked") == 2 * passes + (is_shared ? 0 : 5));
}

TEST_CASE("dcgan: with running statistics neither images nor judgements depend on their neighbours") {
  const TrainingConfig config = dcgan_config();
  Trainer trainer(config, striped_images(config.networks, 40));
  trainer.run(3);
  const int latent_dim = config.networks.latent_dim, pixels = config.networks.pixels(), count = 300;
  const std::vector<float> latents = draw_latents(count, config.networks, 2);
  const FloatImages all = trainer.generate(latents, BatchStatistics::running);
  const std::vector<float> scores = trainer.judge(all.values);
  REQUIRE(scores.size() == count);
  for (const int i : {0, 7, 299}) {
    const std::vector<float> one(latents.begin() + i * latent_dim, latents.begin() + (i + 1) * latent_dim);
    const FloatImages alone = trainer.generate(one, BatchStatistics::running);
    CHECK(std::equal(alone.values.begin(), alone.values.end(), all.values.begin() + i * pixels));
    CHECK(trainer.judge(alone.values)[0] == scores[static_cast<std::size_t>(i)]);
  }
  CHECK(trainer.generate(latents, BatchStatistics::batch).values != all.values);
  const Generator generator(config.networks, trainer.state());
  CHECK(generator.generate(latents, BatchStatistics::running).values == all.values);
}

TEST_CASE("dcgan: both networks read a class, one of many images as well as one alone") {
  TrainingConfig config = dcgan_config();
  config.networks.classes = 3;
  Trainer trainer(config, striped_images(config.networks, 42));
  trainer.run(3);
  const std::vector<float> drawn(5, 0.5f);
  std::vector<float> same_latents;
  for (int i = 0; i < 300; ++i) same_latents.insert(same_latents.end(), drawn.begin(), drawn.end());
  std::vector<std::uint8_t> labels;
  for (int i = 0; i < 300; ++i) labels.push_back(static_cast<std::uint8_t>(i % 3));
  const FloatImages images =
      trainer.generate(with_classes(same_latents, config.networks, labels), BatchStatistics::running);
  const std::vector<float> first(images.values.begin(), images.values.begin() + 64);
  const auto is_first = [&](int i) { return std::equal(first.begin(), first.end(), images.values.begin() + i * 64); };
  CHECK((is_first(3) && is_first(297) && !is_first(1) && !is_first(2)));
  std::vector<float> firsts;
  for (int i = 0; i < 300; ++i) firsts.insert(firsts.end(), first.begin(), first.end());
  const std::vector<float> scores = trainer.judge(firsts, labels);
  CHECK((scores[3] == scores[0] && scores[299] == scores[2]));
  CHECK((scores[1] != scores[0] && scores[2] != scores[0] && scores[2] != scores[1]));
}

TEST_CASE("dcgan: a precision of products changes their last bits only, of both steps in the same way") {
  TrainingConfig config = dcgan_config();
  const ImageSet images = striped_images(config.networks, 48);
  const auto loss_after = [&](Precision precision, StepKind step = StepKind::fused) {
    config.precision = precision;
    config.step = step;
    Trainer trainer(config, images);
    IterationStats last{};
    trainer.run(3, [&](auto stats) { last = stats.back(); });
    return last.discriminator_loss;
  };
  const float exact = loss_after(Precision::fp32);
  for (const auto& [precision, most] :
       {std::pair{Precision::tf32, 2e-3f}, {Precision::fp16, 2e-3f}, {Precision::bf16, 2e-2f}}) {
    CAPTURE(name_of(precision));
    const float narrow = loss_after(precision);
    CHECK(narrow != exact);
    CHECK(std::abs(narrow - exact) < most);
    CHECK(std::abs(loss_after(precision, StepKind::plain) - narrow) < 0.1f * std::abs(narrow - exact));
  }
}

TEST_CASE("dcgan: an epoch leaves out a last batch of one image, of which D's norm has no statistics, either") {
  TrainingConfig config = dcgan_config();
  config.networks.generator_norm = NetworkNorm::none;
  CHECK(plan_epoch(config, 33).images == 32);
  config.networks.discriminator_norm = NetworkNorm::none;
  CHECK(plan_epoch(config, 33).images == 33);
}

TEST_CASE("dcgan: it learns, from images that it had not drawn before") {
  TrainingConfig config = dcgan_config();
  config.networks.generator_init = config.networks.discriminator_init = 0;
  config.networks.batch_norm_eps = 1e-5f;
  config.networks.generator_widths = {16, 16, 8};
  config.networks.discriminator_widths = {8, 16};
  config.optimizer.Adam::learning_rate = 2e-3;
  Trainer trainer(config, striped_images(config.networks, 64));
  trainer.run(200);
  const FloatImages images = trainer.generate(draw_latents(64, config.networks, 1), BatchStatistics::batch);
  double bright = 0, dark = 0;
  for (std::size_t i = 0; i < images.values.size(); ++i) {
    const int pixel = static_cast<int>(i % 64);
    if (stripe(0, pixel) > 128 && stripe(1, pixel) > 128) bright += images.values[i];
    if (stripe(0, pixel) < 128 && stripe(1, pixel) < 128) dark += images.values[i];
  }
  CHECK(bright > 0);
  CHECK(dark < 0);
}
