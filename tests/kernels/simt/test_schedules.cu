// The orders in which blocks and threads run: what each schedule promises, and that a random one replays.
#include <pthread.h>

#include <algorithm>
#include <numeric>

#include "tests/kernels/simt/simt_test.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt::Schedule;
using simt_test::options_of;
using simt_test::Scope;

namespace schedules {

__global__ void arrival_kernel(int* order, int* count) {
  order[atomicAdd(count, 1)] = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}

// Also after waits: each thread signs before the barrier, before the warp's and after it.
__global__ void arrivals_with_waits_kernel(int* order, int* count) {
  const int me = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  order[atomicAdd(count, 1)] = me;
  __syncthreads();
  order[atomicAdd(count, 1)] = me;
  __syncwarp();
  order[atomicAdd(count, 1)] = me;
}

// The OS thread that runs each block.
__global__ void worker_kernel(pthread_t* worker) {
  worker[blockIdx.x] = pthread_self();
}

}  // namespace schedules

using namespace schedules;

namespace {

using Order = std::vector<int>;
using Kernel = void (*)(int*, int*);

constexpr int kBlocks = 6, kThreads = 70;

Order order_of(Kernel kernel, int entries_per_thread) {
  Stream stream;
  DeviceBuffer<int> order(static_cast<std::size_t>(kBlocks) * kThreads * entries_per_thread);
  DeviceBuffer<int> count(std::vector<int>{0}, stream);
  launch(stream, {kBlocks, kThreads}, kernel, order.data(), count.data());
  return order.download(stream);
}

Order order_under(const simt::Options& options, Kernel kernel = arrival_kernel, int entries_per_thread = 1) {
  const Scope scope(options);
  return order_of(kernel, entries_per_thread);
}

Order ascending() {
  Order order(kBlocks * kThreads);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// Blocks in the order in which they appear; empty unless each block's threads are together.
std::vector<int> blocks_of(const Order& order) {
  std::vector<int> blocks;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % kThreads == 0) blocks.push_back(order[i] / kThreads);
    if (order[i] / kThreads != blocks.back()) return {};
  }
  return blocks;
}

}  // namespace

TEST_CASE("forward runs blocks and threads in ascending order") {
  CHECK(order_under(options_of(Schedule::forward)) == ascending());
}

TEST_CASE("reverse runs blocks and threads in descending order") {
  Order descending = ascending();
  std::reverse(descending.begin(), descending.end());
  CHECK(order_under(options_of(Schedule::reverse)) == descending);
}

TEST_CASE("random shuffles blocks and the threads of a block") {
  const Order order = order_under(options_of(Schedule::random, 7));
  CHECK(std::is_permutation(order.begin(), order.end(), ascending().begin()));
  const auto blocks = blocks_of(order);
  REQUIRE(blocks.size() == kBlocks);
  CHECK_FALSE(std::is_sorted(blocks.begin(), blocks.end()));
  const Order first(order.begin(), order.begin() + kThreads);
  CHECK_FALSE(std::is_sorted(first.begin(), first.end()));
  CHECK_FALSE(std::is_sorted(first.rbegin(), first.rend()));
}

TEST_CASE("a random schedule replays exactly for its seed and differs from other seeds") {
  std::vector<Order> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    orders.push_back(order_under(options_of(Schedule::random, seed), arrivals_with_waits_kernel, 3));
    CHECK(orders.back() == order_under(options_of(Schedule::random, seed), arrivals_with_waits_kernel, 3));
  }
  std::sort(orders.begin(), orders.end());
  CHECK(std::adjacent_find(orders.begin(), orders.end()) == orders.end());
}

TEST_CASE("launches under one random seed differ from each other and replay as a sequence") {
  const auto three_launches = [] {
    const Scope scope(options_of(Schedule::random, 5));
    return std::vector<Order>{order_of(arrival_kernel, 1), order_of(arrival_kernel, 1), order_of(arrival_kernel, 1)};
  };
  const auto orders = three_launches();
  CHECK(orders[0] != orders[1]);
  CHECK(orders[1] != orders[2]);
  CHECK(orders[0] != orders[2]);
  CHECK(orders == three_launches());
}

TEST_CASE("a block's own random order does not depend on the number of workers") {
  // The counter orders threads of all workers: threads of one block keep the order they have among themselves.
  const auto order_of_block = [](const Order& order, int block) {
    Order own;
    std::copy_if(order.begin(), order.end(), std::back_inserter(own), [&](int t) { return t / kThreads == block; });
    return own;
  };
  const Order alone = order_under(options_of(Schedule::random, 11, 1));
  for (const int threads : {2, 3, 8}) {
    const Order together = order_under(options_of(Schedule::random, 11, threads));
    for (int block = 0; block < kBlocks; ++block)
      CHECK(order_of_block(alone, block) == order_of_block(together, block));
  }
}

TEST_CASE("every thread of every block runs once, whatever the schedule and the number of workers") {
  for (const int threads : {1, 2, 3, 8}) {
    for (const auto& options : simt_test::all_schedules(threads, 3)) {
      Order order = order_under(options, arrivals_with_waits_kernel, 3);
      std::sort(order.begin(), order.end());
      Order thrice;
      for (int i = 0; i < kBlocks * kThreads; ++i) thrice.insert(thrice.end(), 3, i);
      REQUIRE(order == thrice);
    }
  }
}

TEST_CASE("a waiting thread lets the others go first") {
  for (const auto schedule : {Schedule::forward, Schedule::reverse}) {
    const Order order = order_under(options_of(schedule), arrivals_with_waits_kernel, 3);
    // Of each block: every thread before the barrier, then the rest.
    for (int block = 0; block < kBlocks; ++block) {
      Order before(order.begin() + block * 3 * kThreads, order.begin() + (block * 3 + 1) * kThreads);
      if (schedule == Schedule::reverse) std::reverse(before.begin(), before.end());
      CHECK(std::is_sorted(before.begin(), before.end()));
      CHECK(before.back() - before.front() == kThreads - 1);
    }
  }
}

TEST_CASE("as many threads as were asked for run blocks, also after there were more") {
  constexpr unsigned kManyBlocks = 200;
  for (int round = 0; round < 20; ++round) {
    for (const int threads : {8, 1, 3, 2, 8, 1}) {
      const Scope scope(options_of(Schedule::forward, 1, threads));
      Stream stream;
      DeviceBuffer<pthread_t> workers(kManyBlocks);
      launch(stream, {kManyBlocks, 32}, worker_kernel, workers.data());
      std::vector<pthread_t> used = workers.download(stream);
      std::sort(used.begin(), used.end());
      used.erase(std::unique(used.begin(), used.end()), used.end());
      REQUIRE(used.size() <= static_cast<std::size_t>(threads));
      if (threads == 1) REQUIRE(order_of(arrival_kernel, 1) == ascending());
    }
  }
}
