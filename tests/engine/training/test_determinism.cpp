// The same seed gives the same bits, whatever the number of worker threads, the schedule and the day.
#include "engine/training/trainer.h"
#include "kernels/verify/executions.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;
using namespace duel::verify;

/// Sizes that fill several tiles of a kernel and leave some of them part empty.
TrainingConfig odd_config() {
  TrainingConfig config;
  config.networks = {
      .latent_dim = 33, .image_size = 12, .generator_widths = {70, 130, 65}, .discriminator_widths = {129, 66}};
  config.batch_size = 33;
  config.seed = 5;
  return config;
}

TensorFile state_after(const TrainingConfig& config, int images, int iterations) {
  Trainer trainer(config, striped_images(config.networks, images));
  trainer.run(iterations);
  return trainer.state();
}

void check_all_executions(const TrainingConfig& config, int images, int iterations) {
  const TensorFile expected = state_after(config, images, iterations);
  for (const Execution& execution : executions(HowMany::all, 17)) {
    CAPTURE(execution_text(execution));
    const UseExecution use(execution);
    CHECK(first_difference(expected, state_after(config, images, iterations)) == "");
  }
}

}  // namespace

TEST_CASE("the same bits from any number of threads, under any schedule") {
  TrainingConfig config = odd_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  check_all_executions(config, 80, 5);  // the third and last batch has 14 images
}

TEST_CASE("the same bits from any number of threads, for every way to train") {
  TrainingConfig config = small_config();
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  config.discriminator_steps = GENERATE(1, 2);
  config.loss = loss_kind<CrossEntropy>();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.networks.classes = GENERATE(0, 3);
  check_all_executions(config, 40, 7);
}

TEST_CASE("the same bits from any number of threads, with classes, a penalty and batches of 63") {
  TrainingConfig config = odd_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.networks.classes = 10;
  config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  config.batch_size = 63;
  check_all_executions(config, 140, 5);  // the third and last batch has 14 images
}

TEST_CASE("the same bits where the number of threads decides about the shape of tiles") {
  TrainingConfig config;
  config.networks = {
      .latent_dim = 33, .image_size = 12, .generator_widths = {70, 300}, .discriminator_widths = {290, 66}};
  config.batch_size = 70;
  check_all_executions(config, 90, 3);
}

TEST_CASE("the same bits twenty times") {
  const TrainingConfig config = small_config();
  const TensorFile expected = state_after(config, 40, 20);
  for (int repetition = 0; repetition < 20; ++repetition) {
    REQUIRE(first_difference(expected, state_after(config, 40, 20)) == "");
  }
}

TEST_CASE("another seed is another training") {
  TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 40);
  const Trainer start(config, images);
  Trainer same_weights(config, images);
  same_weights.run(3);
  config.seed = 1;
  const Trainer other_start(config, images);
  CHECK(floats_of(start.state(), "generator.model.0.weight") !=
        floats_of(other_start.state(), "generator.model.0.weight"));

  // From the same weights too, since latents and the order of the images differ.
  Trainer other(config, images);
  TensorFile weights = start.state();
  other.load_state(weights);
  other.run(3);
  CHECK(floats_of(other.state(), "generator.model.0.weight") !=
        floats_of(same_weights.state(), "generator.model.0.weight"));
}

TEST_CASE("many iterations of one launch are the same bits as one launch each") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.networks.classes = GENERATE(0, 2);
  const ImageSet images = striped_images(config.networks, 4 * 70 + 1);  // epochs of 71 iterations
  Trainer together(config, images), apart(config, images);
  together.run(200);
  for (int i = 0; i < 200; ++i) apart.run(1);
  CHECK(first_difference(together.state(), apart.state()) == "");
}

TEST_CASE("an iteration of the published networks is at most 16 kernels, whichever variants run") {
  const TrainingConfig config;
  const ImageSet images = striped_images(config.networks, config.batch_size);
  CHECK(Trainer(config, images).kernels_per_iteration() <= 16);
  KernelSelection gpu;
  for (const char* op : {"input_gradient", "discriminator_head", "mean_losses", "scale_columns", "weight_gradient"}) {
    gpu.choose(op, "level_tiles");
  }
  CHECK(Trainer(config, images, gpu).kernels_per_iteration() <= 16);
}

TEST_CASE("classes cost an iteration one kernel") {
  TrainingConfig config;
  config.ema_decay = GENERATE(0.0, 0.999);
  const auto kernels = [&](int classes, StepKind step) {
    config.networks.classes = classes;
    config.step = step;
    return Trainer(config, striped_images(config.networks, config.batch_size)).kernels_per_iteration();
  };
  for (const double weight : {0, 10}) {
    config.penalty_weights[penalty_kind<UnitNormPenalty>()] = weight;
    for (const StepKind step : {StepKind::fused, StepKind::plain}) {
      CHECK(kernels(10, step) == kernels(0, step) + 1);
    }
  }
}

#ifdef DUEL_CPU_DEVICE

TEST_CASE("iterations neither allocate nor wait, and copy nothing but statistics") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.discriminator_steps = GENERATE(1, 3);
  config.networks.classes = GENERATE(0, 3);
  Trainer trainer(config, striped_images(config.networks, 240));
  for (int run = 0; run < 3; ++run) {
    std::uint64_t batches = 0;
    const simt::Counters before = simt::counters();
    trainer.run(64, [&](auto) { ++batches; });
    const simt::Counters after = simt::counters();
    CHECK(after.graph_launches - before.graph_launches <= (config.discriminator_steps == 1 ? 34 : 64));
    CHECK(after.kernels - before.kernels == 64 * trainer.kernels_per_iteration());
    CHECK(after.allocations - before.allocations == 0);
    CHECK(after.host_copies - before.host_copies == batches);
    CHECK(after.synchronizations - before.synchronizations == batches + 1);  // and one at the end of the run
    CHECK(batches <= 64);
  }
}

#endif
