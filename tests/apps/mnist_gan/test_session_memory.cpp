#include "apps/mnist_gan/session_memory.h"

#include <algorithm>

#include "engine/io/data_error.h"
#include "engine/state_file.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::app;

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
