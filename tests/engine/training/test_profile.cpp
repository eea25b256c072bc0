// A profiler's window of iterations, and the named ranges around what an iteration enqueues.
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/profiler.h"
#include "kernels/simt/ranges.h"
#endif

namespace {

using namespace duel;
using namespace duel::test;

}  // namespace

TEST_CASE("a profiling window changes no bit of the training, also across epochs and runs") {
  TrainingConfig config = small_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  const ImageSet images = striped_images(config.networks, 40);  // epochs of three iterations, the last one smaller
  Trainer plain(config, images), profiled(config, images);
  std::vector<float> plain_losses, profiled_losses;
  const auto into = [](std::vector<float>& losses) {
    return [&losses](std::span<const IterationStats> stats) {
      for (const IterationStats& iteration : stats) losses.push_back(iteration.generator_loss);
    };
  };
  profiled.profile(2, 8);
  plain.run(10, into(plain_losses));
  profiled.run(5, into(profiled_losses));
  profiled.run(5, into(profiled_losses));
  CHECK(first_difference(plain.state(), profiled.state()) == "");
  CHECK(first_difference(plain.gradients(), profiled.gradients()) == "");
  CHECK(plain_losses == profiled_losses);
}

TEST_CASE("a profiling window among iterations that are launched together changes no bit either") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 400);  // epochs of a hundred iterations
  Trainer plain(config, images), profiled(config, images);
  profiled.profile(50, 53);
  plain.run(90);
  profiled.run(90);
  CHECK(first_difference(plain.state(), profiled.state()) == "");
}

TEST_CASE("windows that are none are refused") {
  const TrainingConfig config = tiny_config();
  Trainer trainer(config, striped_images(config.networks, 8));
  CHECK_THROWS_AS(trainer.profile(3, 3), std::invalid_argument);
  CHECK_THROWS_AS(trainer.profile(4, 3), std::invalid_argument);
  CHECK_THROWS_WITH(trainer.profile(-1, 3),
                    "profile: the window is -1:3; expected two iterations begin:end with 0 <= "
                    "begin < end");
}

#ifdef DUEL_CPU_DEVICE

namespace {

/// The stretches between cudaProfilerStart and cudaProfilerStop since this object was made.
class Stretches {
 public:
  std::vector<simt::ProfiledStretch> found() const {
    std::vector<simt::ProfiledStretch> all = simt::profiled_stretches();
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before_));
    return all;
  }

 private:
  std::size_t before_ = simt::profiled_stretches().size();
};

/// The path of every range in the order of opening; those with launches of their own end in " *".
std::vector<std::string> lines_of(const simt::RangeRecorder& recorder) {
  std::vector<std::string> lines;
  for (const auto& range : recorder.ranges()) {
    lines.push_back(simt::path_of(range.get()) + (range->launches > 0 ? " *" : ""));
  }
  return lines;
}

}  // namespace

TEST_CASE("the profiler runs around exactly the iterations of the window, and these are no graphs") {
  const TrainingConfig config = tiny_config();
  Trainer trainer(config, striped_images(config.networks, 10));  // three iterations an epoch
  const auto kernels = static_cast<std::uint64_t>(trainer.kernels_per_iteration());
  trainer.profile(5, 12);
  const Stretches stretches;
  const simt::Counters before = simt::counters();
  trainer.run(7);
  REQUIRE(stretches.found().size() == 1);
  CHECK(stretches.found()[0].is_open);  // training goes on in the window
  trainer.run(1);
  trainer.run(20);
  const simt::Counters after = simt::counters();

  REQUIRE(stretches.found().size() == 1);
  const simt::ProfiledStretch stretch = stretches.found()[0];
  CHECK(!stretch.is_open);
  CHECK(stretch.redundant_starts == 0);
  CHECK(stretch.start.kernels - before.kernels == 5 * kernels);
  CHECK(stretch.stop.kernels - stretch.start.kernels == 7 * kernels);
  CHECK(after.kernels - stretch.stop.kernels == 16 * kernels);
  CHECK(stretch.start.graph_launches - before.graph_launches == 5);
  CHECK(stretch.stop.graph_launches == stretch.start.graph_launches);
  CHECK(after.graph_launches - stretch.stop.graph_launches == 16);
}

TEST_CASE("the profiler stops where training ends: at the window's end, or within it with the trainer") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 10);
  const Stretches stretches;
  {
    Trainer trainer(config, images);
    trainer.profile(0, 4);
    trainer.run(4);
    REQUIRE(stretches.found().size() == 1);
    CHECK(!stretches.found()[0].is_open);
  }
  CHECK(stretches.found().size() == 1);
  {
    Trainer trainer(config, images);
    trainer.profile(2, 1000);
    int asked = 0;
    trainer.run(1000, {}, [&asked] { return ++asked == 4; });
    REQUIRE(trainer.iteration() > 2);
    REQUIRE(trainer.iteration() < 1000);
    REQUIRE(stretches.found().size() == 2);
    CHECK(stretches.found()[1].is_open);
  }
  CHECK(!stretches.found()[1].is_open);
  {
    Trainer trainer(config, images);
    trainer.profile(50, 60);
    trainer.run(10);
  }
  CHECK(stretches.found().size() == 2);
}

TEST_CASE("a loaded state may lead into the window and out of it") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 10);
  Trainer early(config, images), late(config, images);
  early.run(5);
  late.run(9);
  const Stretches stretches;
  Trainer trainer(config, images);
  trainer.profile(3, 8);
  trainer.load_state(early.state());
  trainer.run(1);
  REQUIRE(stretches.found().size() == 1);
  CHECK(stretches.found()[0].is_open);
  trainer.load_state(late.state());
  trainer.run(1);
  CHECK(!stretches.found()[0].is_open);
  CHECK(stretches.found().size() == 1);
}

TEST_CASE("the window holds its iterations alone where others are launched together") {
  const TrainingConfig config = tiny_config();
  Trainer trainer(config, striped_images(config.networks, 400));
  const auto kernels = static_cast<std::uint64_t>(trainer.kernels_per_iteration());
  trainer.profile(50, 53);
  const Stretches stretches;
  const simt::Counters before = simt::counters();
  trainer.run(90);
  REQUIRE(stretches.found().size() == 1);
  const simt::ProfiledStretch stretch = stretches.found()[0];
  CHECK(stretch.start.kernels - before.kernels == 50 * kernels);
  CHECK(stretch.stop.kernels - stretch.start.kernels == 3 * kernels);
}

TEST_CASE("every kernel of a profiled iteration lies in the range of its layer - a graph in that of its iteration") {
  TrainingConfig config = small_config();
  config.step = StepKind::plain;
  Trainer trainer(config, striped_images(config.networks, 16));
  trainer.profile(1, 2);
  const simt::RangeRecorder recorder;
  for (int i = 0; i < 3; ++i) trainer.run(1);
  CHECK(simt::range_path() == "");
  CHECK(recorder.launches_outside() == 0);
  const std::string both = "iteration 1 / update of both players", g = both + " / generator / ";
  const std::string d = both + " / discriminator / ";
  CHECK(lines_of(recorder) == std::vector<std::string>{
                                  "iteration 0",
                                  "statistics",
                                  "iteration 1",
                                  both,
                                  both + " / inputs *",
                                  both + " / generator",
                                  g + "forward layer 0 (linear_forward 10 -> 16) *",
                                  g + "forward layer 1 (linear_forward 16 -> 24) *",
                                  g + "forward layer 2 (linear_forward 24 -> 32) *",
                                  g + "forward layer 3 (linear_forward 32 -> 64) *",
                                  both + " / discriminator",
                                  d + "forward layer 0 (linear_forward 64 -> 24) *",
                                  d + "forward layer 1 (linear_forward 24 -> 16) *",
                                  d + "backward layer 1 (input_gradient 24 -> 16) *",
                                  d + "forward layer 2 (discriminator_head 16 -> 1) *",
                                  d + "backward layer 0 (input_gradient 64 -> 24) *",
                                  d + "scale layer 0 (scale_columns 64 -> 24) *",
                                  d + "scale layer 1 (scale_columns 24 -> 16) *",
                                  both + " / losses *",
                                  both + " / gradient layer 0 (discriminator 64 -> 24) *",
                                  both + " / gradient layer 1 (discriminator 24 -> 16) *",
                                  both + " / gradient layer 2 (discriminator 16 -> 1) *",
                                  both + " / generator",
                                  g + "backward layer 3 (input_gradient 32 -> 64) *",
                                  both + " / gradient layer 3 (generator 32 -> 64) *",
                                  both + " / generator",
                                  g + "backward layer 2 (input_gradient 24 -> 32) *",
                                  both + " / gradient layer 2 (generator 24 -> 32) *",
                                  both + " / generator",
                                  g + "backward layer 1 (input_gradient 16 -> 24) *",
                                  both + " / gradient layer 1 (generator 16 -> 24) *",
                                  both + " / gradient layer 0 (generator 10 -> 16) *",
                                  both + " / update discriminator *",
                                  both + " / update generator *",
                                  "iteration 1 / end iteration *",
                                  "statistics",
                                  "iteration 2",
                                  "statistics",
                              });
}

TEST_CASE("every level of a profiled iteration of the fused step lies in a range that says what it does") {
  const TrainingConfig config = small_config();
  Trainer trainer(config, striped_images(config.networks, 16));
  trainer.profile(0, 1);
  const simt::RangeRecorder recorder;
  trainer.run(1);
  CHECK(recorder.launches_outside() == 0);
  const std::string both = "iteration 0 / update of both players", g = both + " / generator / ";
  const std::string d = both + " / discriminator / ";
  CHECK(lines_of(recorder) ==
        std::vector<std::string>{
            "iteration 0",
            both,
            both + " / inputs *",
            both + " / generator",
            g + "forward layer 0 (linear_forward 10 -> 16) *",
            g + "forward layer 1 (linear_forward 16 -> 24) *",
            g + "forward layer 2 (linear_forward 24 -> 32) *",
            g + "forward layer 3 (linear_forward 32 -> 64) *",
            both + " / discriminator",
            d + "forward layer 0 (linear_forward 64 -> 24) *",
            d + "forward layer 1 (linear_forward 24 -> 16) *",
            d + "backward layer 1 (input_gradient 24 -> 16); forward layer 2 (discriminator_head 16 -> 1) *",
            d + "backward layer 0 (input_gradient 64 -> 24); scale layer 0 (scale_columns 64 -> 24); "
                "scale layer 1 (scale_columns 24 -> 16); losses *",
            both + " / generator",
            g + "backward layer 3 (input_gradient 32 -> 64); update layer 0 (discriminator 64 -> 24); "
                "update layer 1 (discriminator 24 -> 16); update layer 2 (discriminator 16 -> 1) *",
            g + "backward layer 2 (input_gradient 24 -> 32); update layer 3 (generator 32 -> 64) *",
            g + "backward layer 1 (input_gradient 16 -> 24); update layer 2 (generator 24 -> 32) *",
            both + " / update layer 1 (generator 16 -> 24); update layer 0 (generator 10 -> 16) *",
            "iteration 0 / end iteration *",
            "statistics",
        });
}

TEST_CASE("levels of the 2014 paper's networks: maxout and dropout are kernels between the products") {
  const TrainingConfig config = paper_config();
  Trainer trainer(config, striped_images(config.networks, 16));
  trainer.profile(0, 1);
  const simt::RangeRecorder recorder;
  trainer.run(1);
  const std::string both = "iteration 0 / update of both players / ", g = both + "generator / ";
  const std::string d = both + "discriminator / ";
  std::vector<std::string> levels;
  for (const std::string& line : lines_of(recorder)) {
    if (line.ends_with(" *")) levels.push_back(line);
  }
  CHECK(levels == std::vector<std::string>{
                      both + "inputs *",
                      g + "forward layer 0 (linear_forward 10 -> 24) *",
                      g + "forward layer 1 (linear_forward 24 -> 20) *",
                      g + "forward layer 2 (linear_forward 20 -> 64) *",
                      d + "dropout before layer 0 *",
                      d + "forward layer 0 (linear_forward 64 -> 12) *",
                      d + "forward layer 0 (maxout 64 -> 12) *",
                      d + "forward layer 1 (linear_forward 12 -> 9) *",
                      d + "forward layer 1 (maxout 12 -> 9) *",
                      d + "backward layer 1 (input_gradient 12 -> 9); forward layer 2 (discriminator_head 9 -> 1) *",
                      d + "backward layer 0 (maxout 64 -> 12) *",
                      d + "backward layer 0 (input_gradient 64 -> 12); scale layer 0 (scale_columns 64 -> 12); "
                          "scale layer 1 (scale_columns 12 -> 9); losses *",
                      d + "dropout before layer 0 *",
                      g + "backward layer 2 (input_gradient 20 -> 64); update layer 0 (discriminator 64 -> 12); "
                          "update layer 1 (discriminator 12 -> 9); update layer 2 (discriminator 9 -> 1) *",
                      g + "backward layer 1 (input_gradient 24 -> 20); update layer 2 (generator 20 -> 64) *",
                      both + "update layer 1 (generator 24 -> 20); update layer 0 (generator 10 -> 24) *",
                      "iteration 0 / end iteration *",
                  });
}

TEST_CASE("the launches of a profiled iteration's ranges are the nodes of its graph") {
  TrainingConfig config = small_config();
  config.discriminator_steps = 2;
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  Trainer trainer(config, striped_images(config.networks, 32));
  trainer.profile(0, 1);
  const simt::RangeRecorder recorder;
  trainer.run(1);
  std::size_t launches = 0;
  for (const auto& range : recorder.ranges()) launches += static_cast<std::size_t>(range->launches);
  CHECK(launches == trainer.kernels_per_iteration());
  CHECK(recorder.launches_outside() == 0);
}

#endif
