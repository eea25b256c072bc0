#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <utility>

#include "engine/io/data_identity.h"
#include "tests/engine/support/finite.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel;
using namespace duel::test;

std::string refusal(const std::function<void(TrainingConfig&, ImageSet&)>& change) {
  TrainingConfig config = tiny_config();
  ImageSet images = striped_images(config.networks, 8);
  change(config, images);
  return thrown_message<std::invalid_argument>([&] { Trainer trainer(config, images); });
}

}  // namespace

TEST_CASE("a trainer refuses images that do not fit the configuration, and bad configurations") {
  CHECK(refusal([](auto&, auto&) {}) == "");
  CHECK(contains(refusal([](auto&, auto& images) { images.height = 5; }), "8 images of 5 x 4 pixels"));
  CHECK(contains(refusal([](auto&, auto& images) { images.width = 2; }), "8 images of 4 x 2 pixels"));
  CHECK(contains(refusal([](auto&, auto& images) { images.channels = 3; }), "3 channel(s); expected 4 x 4 with 1"));
  CHECK(contains(refusal([](auto& config, auto&) { config.networks.image_size = 28; }), "expected 28 x 28 with 1"));
  CHECK(contains(refusal([](auto&, auto& images) { images = {0, 4, 4, 1, {}, {}}; }), "the data are 0 images"));
  CHECK(contains(refusal([](auto&, auto& images) { images.pixels.pop_back(); }), "127 bytes"));
  CHECK(contains(refusal([](auto& config, auto&) { config.batch_size = 1; }), "batch_size is 1"));
  CHECK(contains(refusal([](auto& config, auto&) { config.optimizer.Adam::eps = std::nan(""); }), "adam_eps is nan"));
}

TEST_CASE("gradients that a measured iteration keeps change nothing, and are those of the iteration") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 10);
  Trainer plain(config, images), keeping(config, images);
  plain.run(2);
  keeping.run(2);
  plain.run_measured();
  std::int64_t reported = -1;
  keeping.run_measured([&](auto stats) { reported = stats.front().iteration; }, true);
  CHECK(reported == 2);
  const TensorFile gradients = keeping.gradients(), weights = keeping.weights();
  bool has_some = false;
  for (const Tensor& tensor : gradients.tensors) {
    for (const std::byte byte : tensor.bytes) has_some = has_some || byte != std::byte{};
  }
  CHECK(has_some);
  CHECK(weights.tensors.front().name == "generator.model.0.weight");
  plain.run(3);
  keeping.run(3);
  const TensorFile a = plain.state(), b = keeping.state();
  REQUIRE(a.tensors.size() == b.tensors.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    CAPTURE(a.tensors[i].name);
    CHECK(a.tensors[i].bytes == b.tensors[i].bytes);
  }
}

TEST_CASE("a trainer knows how far it is and what it takes") {
  const TrainingConfig config = tiny_config();
  Trainer trainer(config, striped_images(config.networks, 10));
  CHECK(trainer.config() == config);
  CHECK(trainer.iteration() == 0);
  CHECK(trainer.iterations_per_epoch() == 3);
  CHECK(trainer.device_bytes() == planned_device_bytes(config, 10));
  CHECK(trainer.device_bytes() > 10u * 16u);
  trainer.run(0);
  trainer.run(-3);
  CHECK(trainer.iteration() == 0);
  trainer.run(7);
  CHECK(trainer.iteration() == 7);
}

TEST_CASE("a state remembers which images made it") {
  const TrainingConfig config = tiny_config();
  ImageSet images = striped_images(config.networks, 8);
  images.name = "some";
  const TensorFile state = Trainer(config, images).state();
  const DataIdentity identity = data_identity_from_json(state.metadata.at(kDatasetKey));
  CHECK(identity == identity_of(images));
  CHECK(identity.name == "some");
}

TEST_CASE("every iteration is reported once, in order, also where the device's records wrap") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 10);
  Trainer trainer(config, images), one_by_one(config, images);
  std::vector<IterationStats> reported;
  const auto append = [&](std::span<const IterationStats> stats) {
    CHECK(!stats.empty());
    reported.insert(reported.end(), stats.begin(), stats.end());
  };
  trainer.run(3, append);
  trainer.run(2500, append);
  REQUIRE(reported.size() == 2503);
  std::size_t next = 0;
  const auto compare = [&](std::span<const IterationStats> stats) {
    const IterationStats &a = reported.at(next), &b = stats[0];
    REQUIRE(stats.size() == 1);
    REQUIRE(a.iteration == static_cast<std::int64_t>(next));
    REQUIRE(b.iteration == a.iteration);
    REQUIRE(a.discriminator_loss == b.discriminator_loss);
    REQUIRE(a.generator_loss == b.generator_loss);
    REQUIRE(a.d_real == b.d_real);
    REQUIRE(a.d_fake == b.d_fake);
    REQUIRE((a.d_real > 0 && a.d_real < 1 && a.d_fake > 0 && a.d_fake < 1));
    ++next;
  };
  for (int i = 0; i < 2503; ++i) one_by_one.run(1, compare);
  CHECK(next == 2503);
}

TEST_CASE("runs one after another are one run") {
  TrainingConfig config = small_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  const ImageSet images = striped_images(config.networks, 40);
  Trainer whole(config, images), parts(config, images);
  whole.run(10);
  parts.run(4);
  parts.run(6);
  CHECK(first_difference(whole.state(), parts.state()) == "");
  CHECK(first_difference(whole.gradients(), parts.gradients()) == "");
  whole.run(1);
  CHECK(first_difference(whole.state(), parts.state()) != "");
}

TEST_CASE("should_stop ends a run between two batches of iterations") {
  const TrainingConfig config = tiny_config();
  Trainer trainer(config, striped_images(config.networks, 10));
  trainer.run(100, {}, [] { return true; });
  CHECK(trainer.iteration() == 0);

  std::int64_t reported = 0;
  int asked = 0;
  trainer.run(
      1'000'000, [&](auto stats) { reported += static_cast<std::int64_t>(stats.size()); },
      [&] { return ++asked == 4; });
  CHECK(asked == 4);
  CHECK(trainer.iteration() >= 3);
  CHECK(trainer.iteration() <= 1 + 2 + 4);  // batches grow at most twofold
  CHECK(reported == trainer.iteration());
}

TEST_CASE("an exception of on_stats comes out, and the trainer can go on") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 10);
  Trainer interrupted(config, images), whole(config, images);
  CHECK_THROWS_AS(interrupted.run(50, [](auto) { throw std::runtime_error("disk full"); }), std::runtime_error);
  REQUIRE(interrupted.iteration() < 20);
  interrupted.run(20 - interrupted.iteration());
  whole.run(20);
  CHECK(first_difference(interrupted.state(), whole.state()) == "");
  {
    Trainer abandoned(config, images);
    CHECK_THROWS(abandoned.run(50, [](auto) { throw std::runtime_error("disk full"); }));
  }  // its memory must not go before its work is done
}

TEST_CASE("a trainer can be moved") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 10);
  Trainer stays(config, images), first(config, images);
  first.run(2);
  Trainer second(std::move(first));
  second.run(3);
  stays.run(5);
  CHECK(first_difference(stays.state(), second.state()) == "");
}

TEST_CASE("run_given refuses inputs of other sizes") {
  const TrainingConfig config = tiny_config();  // 3 latents, 16 pixels, batches of 4
  Trainer trainer(config, striped_images(config.networks, 8));
  const std::vector<float> values(1000);
  const auto give = [&](std::size_t latents, std::size_t pixels) {
    trainer.run_given({std::span(values).first(latents), std::span(values).first(pixels)});
  };
  CHECK_THROWS_AS(give(0, 0), std::invalid_argument);
  CHECK_THROWS_AS(give(13, 64), std::invalid_argument);
  CHECK_THROWS_AS(give(12, 63), std::invalid_argument);
  CHECK_THROWS_AS(give(9, 64), std::invalid_argument);
  CHECK_THROWS_AS(give(15, 80), std::invalid_argument);  // 5 rows
  CHECK(trainer.iteration() == 0);
  give(12, 64);
  give(6, 32);
  CHECK(trainer.iteration() == 2);
}

TEST_CASE("training moves the losses and stays finite") {
  TrainingConfig config = small_config();
  config.optimizer.Adam::learning_rate = 2e-3;
  config.loss = GENERATE(loss_kind<ClampedCrossEntropy>(), loss_kind<CrossEntropy>());
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  Trainer trainer(config, striped_images(config.networks, 65));  // batches of 16: one is left out
  std::vector<IterationStats> reported;
  trainer.run(300, [&](auto stats) { reported.insert(reported.end(), stats.begin(), stats.end()); });
  CHECK(std::abs(reported.front().discriminator_loss - std::log(2.f)) < 0.1f);
  const auto [lowest, highest] =
      std::minmax_element(reported.begin(), reported.end(),
                          [](const auto& x, const auto& y) { return x.discriminator_loss < y.discriminator_loss; });
  CHECK(highest->discriminator_loss - lowest->discriminator_loss > 0.1f);
  CHECK(first_non_finite(trainer.state()) == "");
  CHECK(first_non_finite(trainer.gradients()) == "");

  // What is generated has come nearer to the data: bright stripes on a dark ground, instead of grey.
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

TEST_CASE("a precision of products changes their last bits only, of both steps in the same way") {
  TrainingConfig config = small_config();
  config.networks.classes = GENERATE(0, 10);
  if (config.networks.classes > 0) config.batch_size = 63;
  const ImageSet images = striped_images(config.networks, 3 * config.batch_size);
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
       {std::pair{Precision::tf32, 1e-3f}, {Precision::fp16, 1e-3f}, {Precision::bf16, 1e-2f}}) {
    CAPTURE(name_of(precision));
    const float narrow = loss_after(precision);
    CHECK(narrow != exact);
    CHECK(std::abs(narrow - exact) < most);
    CHECK(std::abs(loss_after(precision, StepKind::plain) - narrow) < 0.1f * std::abs(narrow - exact));
  }
}

TEST_CASE("a measured iteration is an iteration, and says how far it moved the networks") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 12);
  Trainer measured(config, images), usual(config, images);
  usual.run(2);
  measured.run(1);
  const TensorFile before = measured.state();
  std::int64_t reported = -1;
  const UpdateNorms norms = measured.run_measured([&](auto stats) { reported = stats.front().iteration; });
  CHECK(reported == 1);
  CHECK(first_difference(measured.state(), usual.state()) == "");
  // Only D's biases and weights have no other tensors among its parameters: their norms give the whole.
  double change = 0, size = 0;
  const TensorFile after = measured.state();
  for (const Tensor& tensor : before.tensors) {
    if (!tensor.name.starts_with("discriminator.model.")) continue;
    const auto old_values = floats_of(before, tensor.name), new_values = floats_of(after, tensor.name);
    for (std::size_t i = 0; i < old_values.size(); ++i) {
      change += std::pow(static_cast<double>(new_values[i]) - old_values[i], 2);
      size += std::pow(static_cast<double>(old_values[i]), 2);
    }
  }
  CHECK(std::abs(norms.discriminator - std::sqrt(change / size)) < 1e-12);
  CHECK(norms.generator > 0);
}

TEST_CASE("a trainer that rolls back has the networks of then and the time of now") {
  TrainingConfig config = tiny_config();
  config.ema_decay = 0.9;
  config.networks.classes = GENERATE(0, 3);
  const ImageSet images = striped_images(config.networks, 12);
  Trainer trainer(config, images);
  trainer.run(10);
  const TensorFile then = trainer.state();
  trainer.run(7);
  trainer.roll_back(then);
  CHECK(trainer.iteration() == 17);
  TensorFile now = trainer.state();
  set_values(now, "iteration", std::vector<std::int64_t>{10});
  CHECK(first_difference(now, then) == "");
  // Other latents and images follow than the first time.
  Trainer again(config, images);
  again.load_state(then);
  again.run(1);
  trainer.run(1);
  CHECK(floats_of(again.state(), "generator.model.0.weight") != floats_of(trainer.state(), "generator.model.0.weight"));
}
