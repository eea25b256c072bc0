#include "engine/measure/range_timer.h"

#include <string>
#include <vector>

#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/ranges.h"
#endif

namespace {

using namespace duel;
using namespace duel::test;
using Paths = std::vector<std::string>;

Paths paths_of(const std::vector<RangeTime>& times) {
  Paths paths;
  for (const RangeTime& time : times) paths.push_back(time.path);
  return paths;
}

}  // namespace

TEST_CASE("of nested ranges the innermost are timed, in their order") {
  const Stream stream;
  const Range outside("outside");
  const RangeTimer timer(stream);
  CHECK(timer.times().empty());
  {
    const Range a("a");
    { const Range b("b"); }
    { const Range c("c"); }
  }
  const Range d("d");
  CHECK(paths_of(timer.times()) == Paths{"a / b", "a / c"});  // d is still open
  { const Range e("e"); }
  const std::vector<RangeTime> times = timer.times();
  CHECK(paths_of(times) == Paths{"a / b", "a / c", "d / e"});
  for (const RangeTime& time : times) CHECK(time.seconds >= 0);
}

TEST_CASE("timing an iteration changes no bit of the training") {
  TrainingConfig config = small_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  const ImageSet images = striped_images(config.networks, 40);  // epochs of three iterations, the last one smaller
  Trainer plain(config, images), timed(config, images);
  plain.run(8);
  timed.run(2);
  for (int i = 0; i < 5; ++i) timed.run_timed();
  timed.run(1);
  CHECK(timed.iteration() == 8);
  CHECK(first_difference(plain.state(), timed.state()) == "");
}

TEST_CASE("the timed ranges are those of the step, the same in every iteration") {
  TrainingConfig config = small_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  Trainer trainer(config, striped_images(config.networks, config.batch_size * 4));
  const Paths paths = paths_of(trainer.run_timed());
  CHECK(paths.back() == "end iteration");
  CHECK(paths_of(trainer.run_timed()) == paths);
  if (config.step == StepKind::fused) {
    CHECK(paths.size() <= trainer.kernels_per_iteration());  // a kernel or more for each level
    CHECK(paths.front() == "update of both players / inputs");
  }
}

#ifdef DUEL_CPU_DEVICE
TEST_CASE("no kernel of an iteration lies outside the innermost ranges") {
  TrainingConfig config = small_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  Trainer trainer(config, striped_images(config.networks, config.batch_size * 4));
  const simt::RangeRecorder recorder;
  const Paths timed = paths_of(trainer.run_timed());
  std::size_t launches = 0;
  Paths with_launches;
  for (const auto& range : recorder.ranges()) {
    launches += static_cast<std::size_t>(range->launches);
    if (range->launches == 0) continue;
    const std::string path = simt::path_of(range.get());
    with_launches.push_back(path.substr(path.find(" / ") + 3));  // without the iteration
  }
  CHECK(with_launches == timed);
  CHECK(launches == trainer.kernels_per_iteration());
  CHECK(recorder.launches_outside() == 0);
}
#endif
