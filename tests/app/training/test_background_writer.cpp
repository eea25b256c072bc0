#include "app/training/background_writer.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include "tests/support/catch.h"

namespace {

using duel::app::BackgroundWriter;

}  // namespace

TEST_CASE("jobs run in order, also more than the queue holds") {
  std::vector<int> done;  // written by one thread only, read after finish()
  BackgroundWriter writer;
  for (int i = 0; i < 100; ++i) writer.submit([&done, i] { done.push_back(i); });
  writer.finish();
  REQUIRE(done.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(done[static_cast<std::size_t>(i)] == i);
  writer.submit([&done] { done.push_back(100); });
  writer.finish();
  CHECK(done.size() == 101);
}

TEST_CASE("jobs run beside the caller, and the destructor waits for them") {
  std::atomic<bool> is_released = false, is_done = false;
  {
    BackgroundWriter writer;
    writer.submit([&] {
      while (!is_released) std::this_thread::yield();
      is_done = true;
    });
    CHECK(!is_done);  // submit() came back although the job cannot have ended
    is_released = true;
  }
  CHECK(is_done);
}

TEST_CASE("what a job throws comes out of finish(), once - jobs after it are dropped") {
  std::atomic<int> later = 0;
  std::atomic<bool> is_released = false;
  BackgroundWriter writer;
  writer.submit([&] {
    while (!is_released) std::this_thread::yield();
    throw std::runtime_error("disk full");
  });
  writer.submit([&later] { ++later; });
  is_released = true;
  CHECK_THROWS_AS(writer.finish(), std::runtime_error);
  CHECK(later == 0);
  writer.submit([&later] { ++later; });
  CHECK_NOTHROW(writer.finish());
  CHECK(later == 1);
}

TEST_CASE("a failure comes out of a later submit() - an unseen one does not disturb the end") {
  BackgroundWriter writer;
  const auto submit_until_it_throws = [&writer] {
    for (int i = 0; i < 1000; ++i) writer.submit([] { throw std::runtime_error("disk full"); });
  };
  CHECK_THROWS_AS(submit_until_it_throws(), std::runtime_error);
  BackgroundWriter unseen;
  unseen.submit([] { throw std::runtime_error("disk full"); });
}
