// How single threads' accesses become requests of warps. What the threads do is told by hand; test_traffic_kernels.cu
// counts real kernels.
#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/simt/checked/traffic.h"
#include "tests/support/catch.h"

namespace {

using simt::KernelTraffic;
using simt::Space;
using simt::TrafficCounter;

constexpr std::uintptr_t kGlobal = 0x100000, kShared = 0x800000;

// The order in which the threads of a block run.
std::vector<std::vector<int>> orders(int threads) {
  std::vector<int> order(static_cast<std::size_t>(threads));
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::vector<int>> all = {order, {order.rbegin(), order.rend()}};
  for (unsigned seed = 1; seed <= 4; ++seed) {
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    all.push_back(order);
  }
  return all;
}

// One thread's accesses, told to a counter.
struct Thread {
  TrafficCounter& counter;
  int number;

  void global(int place, std::uintptr_t offset, bool is_write = false, unsigned bytes = 4) const {
    counter.access({Space::global, is_write, false, number, kGlobal + offset, bytes, at(place)});
  }
  void shared(int place, std::uintptr_t offset, bool is_write = false, unsigned bytes = 4) const {
    counter.access({Space::shared, is_write, false, number, kShared + offset, bytes, at(place)});
  }
  void local(int place) const { counter.access({Space::local, false, false, number, 0x10, 4, at(place)}); }
  void atomic(int place, std::uintptr_t offset) const {
    counter.access({Space::global, true, true, number, kGlobal + offset, 4, at(place)});
  }

 private:
  static std::uintptr_t at(int place) { return 0x400000 + static_cast<std::uintptr_t>(place) * 16; }
};

// Counts one block of `threads` threads that run one after another, in several orders; the counts must be the same.
template <class Work>
KernelTraffic count_block(int threads, Work work) {
  std::vector<KernelTraffic> counts;
  for (const auto& order : orders(threads)) {
    TrafficCounter counter;
    counter.begin_kernel("kernel", 1, static_cast<unsigned>(threads));
    counter.begin_block();
    for (const int thread : order) work(Thread{counter, thread});
    counter.end_block();
    counter.end_kernel();
    counts.push_back(counter.take().at(0));
  }
  for (const KernelTraffic& other : counts) {
    CHECK(other.requests == counts[0].requests);
    CHECK(other.partial_requests == counts[0].partial_requests);
    CHECK(other.active_lanes == counts[0].active_lanes);
    CHECK(other.global_reads == counts[0].global_reads);
    CHECK(other.global_writes == counts[0].global_writes);
    CHECK(other.shared_reads == counts[0].shared_reads);
    CHECK(other.shared_writes == counts[0].shared_writes);
  }
  return counts[0];
}

}  // namespace

TEST_CASE("the lanes' executions of one instruction make one request") {
  const auto traffic = count_block(64, [](const Thread& thread) {
    for (int i = 0; i < 10; ++i) thread.global(1, static_cast<std::uintptr_t>(i * 64 + thread.number) * 4);
    thread.global(2, static_cast<std::uintptr_t>(thread.number) * 4, true);
  });
  CHECK(traffic.name == "kernel");
  CHECK(traffic.launches == 1);
  CHECK(traffic.blocks == 1);
  CHECK(traffic.global_reads == simt::GlobalTraffic{20, 640, 2560, 80, 80});
  CHECK(traffic.global_reads.bytes_moved() == 2560);
  CHECK(traffic.global_writes == simt::GlobalTraffic{2, 64, 256, 8, 8});
  CHECK(traffic.requests == 22);
  CHECK(traffic.partial_requests == 0);
  CHECK(traffic.active_lanes == traffic.lane_slots);
}

TEST_CASE("a read and a write by one instruction are two requests") {
  const auto traffic = count_block(32, [](const Thread& thread) {
    const auto offset = static_cast<std::uintptr_t>(thread.number) * 4;
    thread.global(1, offset);
    thread.global(1, offset, true);
  });
  CHECK(traffic.global_reads.requests == 1);
  CHECK(traffic.global_writes.requests == 1);
}

TEST_CASE("half a warp is a request of 16 active lanes") {
  const auto traffic = count_block(32, [](const Thread& thread) {
    if (thread.number < 16) thread.global(1, static_cast<std::uintptr_t>(thread.number) * 4);
  });
  CHECK(traffic.global_reads == simt::GlobalTraffic{1, 16, 64, 2, 2});
  CHECK(traffic.active_lanes == 16);
  CHECK(traffic.lane_slots == 32);
  CHECK(traffic.partial_requests == 1);
}

TEST_CASE("the last warp of a block has the lanes that are left") {
  const auto traffic =
      count_block(40, [](const Thread& thread) { thread.global(1, static_cast<std::uintptr_t>(thread.number) * 4); });
  CHECK(traffic.requests == 2);
  CHECK(traffic.lane_slots == 40);
  CHECK(traffic.partial_requests == 0);
}

TEST_CASE("lanes with fewer turns of a loop are missing from the last requests") {
  const auto traffic = count_block(32, [](const Thread& thread) {
    for (int i = 0; i <= thread.number; ++i) thread.shared(1, static_cast<std::uintptr_t>(thread.number) * 4);
  });
  CHECK(traffic.shared_reads.requests == 32);
  CHECK(traffic.active_lanes == 32 * 33 / 2);
  CHECK(traffic.partial_requests == 31);
}

TEST_CASE("an access to a thread's own memory keeps the lanes in step and counts as inactive") {
  const auto traffic = count_block(32, [](const Thread& thread) {
    for (int i = 0; i < 2; ++i) {  // lane 5 takes part in the second turn only
      if (thread.number == 5 && i == 0) {
        thread.local(1);
      } else {
        thread.global(1, static_cast<std::uintptr_t>(i * 1024 + thread.number) * 4);
      }
    }
  });
  CHECK(traffic.global_reads == simt::GlobalTraffic{2, 63, 252, 8, 8});
  CHECK(traffic.partial_requests == 1);
}

TEST_CASE("an instruction that finds shared memory in some lanes and global in others is a request to each") {
  const auto traffic = count_block(32, [](const Thread& thread) {
    const auto offset = static_cast<std::uintptr_t>(thread.number) * 4;
    thread.number < 8 ? thread.global(1, offset) : thread.shared(1, offset);
  });
  CHECK(traffic.global_reads == simt::GlobalTraffic{1, 8, 32, 1, 1});
  CHECK(traffic.shared_reads == simt::SharedTraffic{1, 24, 96, 1, 1});
}

TEST_CASE("a barrier ends the requests of the block, a warp primitive those of its warp") {
  const auto turn = [](const Thread& thread) { thread.shared(1, static_cast<std::uintptr_t>(thread.number) * 4); };
  const bool with_barrier = GENERATE(false, true);
  TrafficCounter counter;
  counter.begin_kernel("kernel", 1, 64);
  counter.begin_block();
  for (int thread = 0; thread < 64; thread += 2) turn({counter, thread});  // even lanes here,
  with_barrier ? counter.barrier() : counter.warp_collective(1, ~0u);
  for (int thread = 1; thread < 64; thread += 2) turn({counter, thread});  // odd lanes behind
  counter.end_block();
  counter.end_kernel();
  const auto traffic = counter.take().at(0);
  CHECK(traffic.shared_reads.requests == (with_barrier ? 4 : 3));
  CHECK(traffic.barriers == (with_barrier ? 1 : 0));
  CHECK(traffic.warp_collectives == (with_barrier ? 0 : 1));
}

TEST_CASE("some lanes that meet do not end the requests of their warp") {
  TrafficCounter counter;
  counter.begin_kernel("kernel", 1, 32);
  counter.begin_block();
  for (int thread = 0; thread < 16; ++thread) Thread{counter, thread}.shared(1, 0);
  counter.warp_collective(0, 0x0000ffffu);
  for (int thread = 16; thread < 32; ++thread) Thread{counter, thread}.shared(1, 0);
  counter.end_block();
  CHECK(counter.take().at(0).shared_reads.requests == 1);
}

TEST_CASE("atomics are counted by themselves") {
  const auto traffic = count_block(32, [](const Thread& thread) { thread.atomic(1, 0); });
  CHECK(traffic.global_atomics == simt::GlobalTraffic{1, 32, 128, 1, 1});
  CHECK(traffic.global_reads.requests == 0);
  CHECK(traffic.global_writes.requests == 0);
}

TEST_CASE("a copy of a struct is as many instructions as a lane needs") {
  const auto traffic = count_block(1, [](const Thread& thread) { thread.global(1, 0, false, 28); });  // 16 + 8 + 4
  CHECK(traffic.global_reads.requests == 3);
  CHECK(traffic.global_reads.bytes == 28);
}

TEST_CASE("launches of one kernel and shape add up, others stand by themselves") {
  TrafficCounter counter;
  for (const unsigned blocks : {2u, 3u, 2u}) {
    counter.begin_kernel("kernel", blocks, 32);
    for (unsigned block = 0; block < blocks; ++block) {
      counter.begin_block();
      for (int thread = 0; thread < 32; ++thread) Thread{counter, thread}.global(1, 0);
      counter.end_block();
    }
    counter.end_kernel();
  }
  Thread{counter, 0}.global(1, 0);  // no kernel runs: not counted
  const auto kernels = counter.take();
  REQUIRE(kernels.size() == 2);
  CHECK(kernels[0].grid[0] == 2);
  CHECK(kernels[0].launches == 2);
  CHECK(kernels[0].blocks == 4);
  CHECK(kernels[0].requests == 4);
  CHECK(kernels[1].launches == 1);
  CHECK(kernels[1].requests == 3);
  CHECK(counter.take().empty());
}

TEST_CASE("a block that a fault ended leaves nothing to the next") {
  TrafficCounter counter;
  counter.begin_kernel("kernel", 1, 32);
  counter.begin_block();
  Thread{counter, 0}.global(1, 0);
  counter.begin_kernel("other", 2, 32);
  counter.begin_block();
  Thread{counter, 3}.global(1, 0);
  counter.begin_block();
  for (int thread = 0; thread < 32; ++thread) Thread{counter, thread}.global(1, 0);
  counter.end_block();
  counter.end_kernel();
  const auto kernels = counter.take();
  REQUIRE(kernels.size() == 2);
  CHECK(kernels[0].requests == 0);
  CHECK(kernels[1].requests == 1);
  CHECK(kernels[1].partial_requests == 0);
}

TEST_CASE("too many incomplete requests are refused, not miscounted") {
  TrafficCounter counter;
  counter.begin_kernel("endless_kernel", 1, 32);
  counter.begin_block();
  for (std::size_t i = 0; i <= TrafficCounter::kPendingLimit; ++i) Thread{counter, 0}.global(1, i * 4);
  counter.end_block();
  counter.end_kernel();
  CHECK_THROWS_AS(counter.take(), std::runtime_error);

  counter.begin_kernel("endless_kernel", 1, 32);  // and it works again
  counter.begin_block();
  Thread{counter, 0}.global(1, 0);
  counter.end_block();
  CHECK(counter.take().at(0).requests == 1);
}
