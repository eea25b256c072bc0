#include "app/training/checkpoint_writer.h"

#include <cstring>
#include <limits>
#include <system_error>

#include "app/errors/exit_code.h"
#include "tests/app/workplace.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;

duel::TensorFile state_of(float value) {
  duel::Tensor tensor{"x", duel::DType::f32, {1}, std::vector<std::byte>(sizeof value)};
  std::memcpy(tensor.bytes.data(), &value, sizeof value);
  duel::TensorFile file;
  file.tensors.push_back(tensor);
  return file;
}

/// A writer with a clock that stands still unless somebody moves it.
struct Place {
  Workplace workplace;
  TrainOptions options = workplace.options();
  RunFolder folder = RunFolder::create(options.outdir, "writer");
  std::atomic<double> time = 1000;  // the background writer reads it, too
  std::atomic<bool> is_blocked = false;
  BackgroundWriter background;
  CheckpointWriter writer{options, folder, background, [this] { return time.load(); }};

  void block() {
    is_blocked = true;
    background.submit([this] {
      while (is_blocked) std::this_thread::yield();
    });
  }
  void save(std::int64_t iterations, double seconds_of_copy = 0) {
    writer.save(iterations, [&] {
      time = time + seconds_of_copy;
      return state_of(1);
    });
  }
};

}  // namespace

TEST_CASE("a checkpoint is due when the newest is as old as asked for") {
  Place place;
  place.options.checkpoint_seconds = 60;
  place.time = place.time + 59;
  CHECK(!place.writer.is_due(9));
  place.time = place.time + 1;
  CHECK(place.writer.is_due(9));
  place.save(7);
  place.background.finish();
  CHECK(fs::exists(place.folder.checkpoints().file(7)));
  CHECK(place.writer.written_at() == 7);
  CHECK(!place.writer.is_due(9));
  place.time = place.time + 60;
  CHECK(place.writer.is_due(9));
  CHECK(!place.writer.is_due(7));  // it is saved already
  place.options.checkpoint_seconds = 0;
  CHECK(!place.writer.is_due(9));
}

TEST_CASE("copies that take long are taken seldom: at most 2 % of the time") {
  Place place;
  place.options.checkpoint_seconds = 60;
  place.save(1, 3);
  place.background.finish();
  place.time = place.time + 149;
  CHECK(!place.writer.is_due(9));
  place.time = place.time + 1;
  CHECK(place.writer.is_due(9));
}

TEST_CASE("nothing is due while a checkpoint is being written, and training goes on meanwhile") {
  Place place;
  place.block();
  place.save(1);  // comes back although nothing can have been written
  CHECK(place.writer.taken_at() == 1);
  CHECK(place.writer.written_at() == -1);
  place.time = place.time + 1000;
  CHECK(!place.writer.is_due(9));
  place.is_blocked = false;
  place.background.finish();
  CHECK(place.writer.written_at() == 1);
  CHECK(place.writer.is_due(9));
  CHECK(contains(place.writer.cost(), "1 written in "));
}

TEST_CASE("a state with a value that is not finite is never saved") {
  Place place;
  place.writer.save(3, [] { return state_of(std::numeric_limits<float>::quiet_NaN()); });
  CHECK_THROWS_AS(place.background.finish(), NonFiniteError);
  CHECK(place.writer.written_at() == -1);
  CHECK(place.folder.checkpoints().iterations().empty());
}

TEST_CASE("what the disk refuses comes out of the background writer, and training hears of it") {
  Place place;
  fs::create_directories(place.folder.checkpoints().file(3) / "in the way");
  place.save(3);
  while (!place.background.has_failed()) std::this_thread::yield();
  CHECK_THROWS_AS(place.background.rethrow(), std::system_error);
  CHECK(!place.background.has_failed());
}

TEST_CASE("checkpoints that nobody asked for at their iteration go when the next one is there") {
  Place place;
  place.options.checkpoint_interval = 10;
  place.options.keep_checkpoints = 0;
  for (const int iterations : {0, 10, 13, 20, 24}) place.save(iterations);
  place.background.finish();
  CHECK(place.folder.checkpoints().iterations() == std::vector<std::int64_t>{10, 20, 24});
}
