#include "app/run/plan.h"

#include <limits>
#include <set>

#include "app/training/schedule.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "kernels/runtime/allocation.h"
#include "tests/support/catch.h"

namespace {

using namespace duel::app;

/// All pauses of a run, by walking it.
std::set<std::int64_t> pauses(const Schedule& schedule) {
  std::set<std::int64_t> found;
  for (std::int64_t done = 0; done < schedule.total;) {
    const std::int64_t next = schedule.next_pause(done);
    REQUIRE(next > done);
    REQUIRE(next <= schedule.total);
    found.insert(done = next);
  }
  return found;
}

}  // namespace

TEST_CASE("the script's networks have 1,510,032 and 533,505 parameters and 938 iterations an epoch") {
  const Plan plan = make_plan(preset(mnist_gan(), "blog"), 60000);
  CHECK(plan.generator_parameters == 1'510'032);
  CHECK(plan.discriminator_parameters == 533'505);
  CHECK(plan.iterations_per_epoch == 938);
  CHECK(plan.iterations == 187'600);
  CHECK(plan.device_bytes > plan.image_bytes + 16 * (1'510'032 + 533'505));  // weights, gradients, two moments
  CHECK(plan.image_bytes == 47'040'000);
  CHECK(plan.operations_per_iteration == 933'560'320);
}

TEST_CASE("the plan says where an epoch leaves an image out") {
  TrainOptions options = preset(mnist_gan(), "default");
  options.training.batch_size = 64;
  const Plan odd = make_plan(options, 129);
  CHECK((odd.images_per_epoch == 128 && odd.iterations_per_epoch == 2));
  REQUIRE(warnings_of(odd).size() == 1);
  CHECK(warnings_of(odd)[0].starts_with("each epoch takes 128 of the 129 images"));
  CHECK(describe(odd).find("batch norm has no statistics") != std::string::npos);
  CHECK(warnings_of(make_plan(options, 128)).empty());
  CHECK(warnings_of(make_plan(preset(mnist_gan(), "paper"), 101)).empty());  // has no batch norm
}

TEST_CASE("the plan of a small network, by hand") {
  TrainOptions options;
  options.training.networks = {.latent_dim = 2, .image_size = 2, .generator_widths = {3}, .discriminator_widths = {5}};
  options.training.batch_size = 4;
  options.epochs = 3;
  options.max_iterations = 8;
  const Plan plan = make_plan(options, 10);
  CHECK(plan.generator_parameters == (2 * 3 + 3) + (3 * 4 + 4));
  CHECK(plan.discriminator_parameters == (4 * 5 + 5) + (5 * 1 + 1));
  CHECK(plan.iterations_per_epoch == 3);
  CHECK(plan.iterations == 8);
  // Generator 18 weights: forward 18, backward 18 + 12. Discriminator 25: two passes 50, back to the hidden layer 10,
  // weights 50, and back to the fake images 20. Twice that for each of 4 images.
  CHECK(plan.operations_per_iteration == 2.0 * 4 * (18 + 30 + 50 + 10 + 50 + 20));
  options.training.discriminator_steps = 2;
  CHECK(make_plan(options, 10).operations_per_iteration == 2.0 * 4 * (18 + 30 + 50 + 10 + 50 + 20 + 18 + 110));
  CHECK(make_plan(options, 10).iterations_per_epoch == 2);  // each step takes images of its own
  CHECK(describe(plan).find("8, 3 an epoch") != std::string::npos);
}

TEST_CASE("bytes for people") {
  using duel::format_bytes;
  CHECK(format_bytes(0) == "0.0 MiB");
  CHECK(format_bytes(1.5 * 1024 * 1024) == "1.5 MiB");
  CHECK(format_bytes(2.25 * 1024 * 1024 * 1024) == "2.2 GiB");
}

TEST_CASE("training pauses for pictures, checkpoints, epochs and the end") {
  Schedule schedule = {.total = 25, .iterations_per_epoch = 9, .sample_interval = 10};
  CHECK(pauses(schedule) == std::set<std::int64_t>{9, 10, 18, 20, 25});
  schedule.checkpoint_interval = 12;
  CHECK(pauses(schedule) == std::set<std::int64_t>{9, 10, 12, 18, 20, 24, 25});
  schedule.has_script_pictures = true;
  CHECK(pauses(schedule) == std::set<std::int64_t>{1, 9, 10, 11, 12, 18, 20, 21, 24, 25});
  schedule.sample_interval = 1;
  CHECK(pauses(schedule).size() == 25);
}

TEST_CASE("an interval of 0 means no pictures") {
  const Schedule schedule = {.total = 25, .iterations_per_epoch = 9, .sample_interval = 0, .has_script_pictures = true};
  CHECK(pauses(schedule) == std::set<std::int64_t>{9, 18, 25});
  for (std::int64_t done = 0; done <= 25; ++done) {
    CHECK(!schedule.sample_due_at(done));
    CHECK(!schedule.script_picture_due_at(done));
  }
}

TEST_CASE("intervals up to the greatest number never pause beyond the end of the run") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t interval : {kMost, kMost - 1, kMost / 2 + 1}) {
    const Schedule schedule = {.total = 4,
                               .iterations_per_epoch = 2,
                               .sample_interval = interval,
                               .checkpoint_interval = interval,
                               .has_script_pictures = true,
                               .watch_interval = interval};
    CHECK(pauses(schedule) == std::set<std::int64_t>{1, 2, 4});
  }
  const Schedule endless = {.total = kMost, .iterations_per_epoch = kMost, .sample_interval = kMost - 1};
  CHECK(endless.next_pause(kMost - 2) == kMost - 1);
  CHECK(endless.next_pause(kMost - 1) == kMost);
}

TEST_CASE("what is due when") {
  const Schedule schedule = {.total = 25,
                             .iterations_per_epoch = 9,
                             .sample_interval = 10,
                             .checkpoint_interval = 12,
                             .has_script_pictures = true};
  std::set<std::int64_t> epochs, samples, checkpoints, script;
  for (std::int64_t done = 0; done <= 25; ++done) {
    if (schedule.epoch_ends_at(done)) epochs.insert(done);
    if (schedule.sample_due_at(done)) samples.insert(done);
    if (schedule.checkpoint_due_at(done)) checkpoints.insert(done);
    if (schedule.script_picture_due_at(done)) script.insert(done - 1);  // the script's own counting
  }
  CHECK(epochs == std::set<std::int64_t>{9, 18});
  CHECK(samples == std::set<std::int64_t>{0, 10, 20, 25});
  CHECK(checkpoints == std::set<std::int64_t>{12, 24});
  CHECK(script == std::set<std::int64_t>{0, 10, 20});
}

TEST_CASE("iterations of a run") {
  CHECK(iterations_of(200, 938, 0) == 187'600);
  CHECK(iterations_of(200, 938, 1000) == 1000);
  CHECK(iterations_of(1, 938, 1000) == 938);
  CHECK(iterations_of(2'000'000'000, 938, 0) == 1'876'000'000'000);
}
