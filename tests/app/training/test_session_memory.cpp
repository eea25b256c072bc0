#include "app/training/session_memory.h"

#include <algorithm>

#include "app/run/rewind.h"
#include "engine/io/data_error.h"
#include "engine/networks/state_file.h"
#include "tests/app/workplace.h"

namespace {

using namespace duel;
using namespace duel::app;
using namespace duel::app::test;

SessionMemory remembered(const CollapseMemory& collapse) {
  TensorFile state;
  append_integers(state, "iteration", {5000});
  append_session(state, {{}, std::nullopt, collapse});
  return find_session(state);
}

}  // namespace

TEST_CASE("a session remembers what its alarm knew, whether or not a look was ever good") {
  for (const CollapseAlarm::Memory& alarm : {CollapseAlarm::Memory{3, -1}, {0, 0}, {2, 1'000'000'000'000}}) {
    const auto found = remembered({alarm, true, 2, {}}).collapse;
    REQUIRE(found);
    CHECK(found->alarm == alarm);
    CHECK((found->is_alarmed && found->rollbacks == 2 && found->healthy.tensors.empty()));
  }
}

TEST_CASE("a checkpoint of an earlier version says nothing of good looks") {
  TensorFile state;
  append_session(state, {{}, std::nullopt, CollapseMemory{{1, 2001}, false, 0, {}}});
  const auto is_of_good_looks = [](const Tensor& tensor) { return tensor.name == "session.good_look"; };
  REQUIRE(std::erase_if(state.tensors, is_of_good_looks) == 1);
  CHECK(find_session(state).collapse.value().alarm == CollapseAlarm::Memory{1, -1});
}

TEST_CASE("an alarm's memory that cannot be one is refused") {
  TensorFile state;
  append_session(state, {{}, std::nullopt, CollapseMemory{{1, -1}, false, 0, {}}});
  append_integers(state, "session.good_look", {-5});
  CHECK_THROWS_AS(find_session(state), DataError);
}

TEST_CASE("figures that are not finite are no session's") {
  const IterationStats last{4999, 1, 1, 0.5f, 0.5f};
  for (const char* const name : {"session.epoch_sums", "session.last_iteration", "session.last_penalty"}) {
    TensorFile state;
    append_integers(state, "iteration", {5000});
    append_session(state, {{}, last, std::nullopt});
    CHECK(find_session(state).last);
    for (Tensor& tensor : state.tensors) {
      if (tensor.name == name) std::fill(tensor.bytes.begin(), tensor.bytes.end(), std::byte{0xff});  // NaN
    }
    CHECK_THROWS_WITH(find_session(state), Catch::Contains(name) && Catch::Contains("expected finite numbers"));
  }
}

TEST_CASE("a session remembers the last iteration's penalty, and one of an earlier version had none") {
  TensorFile state;
  append_integers(state, "iteration", {5000});
  append_session(state, {{}, IterationStats{4999, 1, 2, 0.5f, 0.25f, 0.125f}, std::nullopt});
  CHECK(find_session(state).last.value().penalty == 0.125f);
  std::erase_if(state.tensors, [](const Tensor& tensor) { return tensor.name == "session.last_penalty"; });
  CHECK(find_session(state).last.value().penalty == 0);
  CHECK(find_session(state).last.value().d_fake == 0.25f);
}

TEST_CASE("the log of looks tells what the alarm knew after any of them") {
  Workplace place;
  TrainOptions options = place.options();
  options.watch_interval = 100;
  const RunFolder folder = RunFolder::create(options.outdir, "looks");
  const auto found_after = [&](std::int64_t iterations) {
    std::ofstream lines(folder.convergence_file());
    int bad = 0;
    for (const int iteration : {1, 101, 201, 301, 401}) {
      bad = iteration == 201 ? 0 : bad + 1;
      lines << R"({"iteration":)" << iteration << R"(,"bad_looks":)" << bad << R"(,"alarm":""})"
            << "\n";
    }
    lines.close();
    return rewind(folder, options, {.total = 1000, .watch_interval = 100}, iterations).alarm;
  };
  CHECK(found_after(0) == CollapseAlarm::Memory{0, -1});
  CHECK(found_after(150) == CollapseAlarm::Memory{2, -1});
  CHECK(found_after(201) == CollapseAlarm::Memory{0, 201});
  CHECK(found_after(450) == CollapseAlarm::Memory{2, 201});
}
