// How long the rest of a known amount of work takes.
#include "engine/measure/work_progress.h"

#include "tests/support/catch.h"

namespace {

using duel::WorkProgress;

TEST_CASE("work progress: the rest goes as fast as what is done") {
  double now = 100;
  WorkProgress work(200, [&] { return now; });
  CHECK(work.share() == 0);
  CHECK_FALSE(work.seconds_left());
  work.begin(100);
  now = 110;
  CHECK_FALSE(work.seconds_left());
  work.advance(25);
  CHECK(work.share() == 0.125);
  CHECK(work.seconds_left() == 70);
  work.advance(1000);  // a part has no more than was said
  CHECK(work.share() == 0.5);
  work.begin(60);  // the part before is done, whatever was said of it
  work.begin(40);
  now = 150;
  CHECK(work.share() == 0.8);
  CHECK(*work.seconds_left() == Approx(12.5));
  work.begin(1000);
  work.advance(1000);
  CHECK(work.share() == 1);
  CHECK(work.seconds_left() == 0);
}

TEST_CASE("work progress: no work is done at once") {
  CHECK(WorkProgress(0, [] { return 0.0; }).share() == 1);
}

}  // namespace
