// Options of the CPU device: what set_options() and the environment accept, and what the counters count.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "kernels/runtime/device.h"
#include "kernels/simt/limits.h"
#include "tests/kernels/simt/address_limit.h"
#include "tests/kernels/simt/child.h"
#include "tests/kernels/simt/simt_test.h"
#include "tests/support/thrown.h"

using duel::check;
using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt::Options;
using simt::Schedule;
using simt_test::contains;
using simt_test::Scope;

namespace options_test {

__global__ void nothing_kernel() {}

}  // namespace options_test

namespace {

// A variable of the environment for one scope.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* now = std::getenv(name)) saved_ = now;
    setenv(name, value, 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { saved_ ? setenv(name_, saved_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> saved_;
};

Options environment(const char* name, const char* value) {
  const Variable variable(name, value);
  return simt::options_from_environment();
}

std::string refusal(const char* name, const char* value) {
  return duel::test::thrown_message<std::invalid_argument>([&] { static_cast<void>(environment(name, value)); });
}

}  // namespace

TEST_CASE("options are kept as they were set") {
  Options options;
  options.threads = 3;
  options.schedule = Schedule::random;
  options.seed = 77;
  options.poison_shared = true;
  options.check_guards = true;
  const Scope scope(options);
  const Options now = simt::options();
  CHECK(now.threads == 3);
  CHECK(now.schedule == Schedule::random);
  CHECK(now.seed == 77);
  CHECK(now.poison_shared);
  CHECK(now.check_guards);
  CHECK(simt::worker_threads() == 3);
}

TEST_CASE("no number of threads means one for each processor that the process may use") {
  const Scope scope(Options{});
  CHECK(simt::worker_threads() == std::min(simt::available_processors(), 1024));
}

TEST_CASE("threads that cannot be started are said, and fewer can be asked for") {
  Stream stream;
  {
    const Scope scope(simt_test::options_of(Schedule::forward, 1, 2));
    const simt_test::AddressLimit limit(std::size_t{256} << 20);
    Options options;
    options.threads = 1000;
    try {
      simt::set_options(options);
      FAIL("1000 stacks fit into 256 MiB");
    } catch (const std::system_error& error) {
      CHECK(contains(error.what(), "of 1000 worker threads only "));
      CHECK(contains(error.what(), " can be started: Resource temporarily unavailable"));
    }
    CHECK(simt::options().threads == 2);
    try {
      duel::select_device("cpu", 1000);
      FAIL("1000 stacks fit into 256 MiB");
    } catch (const duel::CudaError& error) {
      CHECK(error.code() == cudaErrorUnknown);
      CHECK(contains(error.what(), "can be started: Resource temporarily unavailable; ask for fewer with --threads"));
    }
    options.threads = 1;
    simt::set_options(options);
  }
  launch(stream, {50, 1}, options_test::nothing_kernel);
  stream.synchronize();
}

TEST_CASE("a senseless number of threads is refused and changes nothing") {
  const Scope scope(simt_test::options_of(Schedule::reverse, 1, 2));
  for (const int threads : {-1, 1025, 2000000000}) {
    Options options;
    options.threads = threads;
    try {
      simt::set_options(options);
      FAIL("accepted");
    } catch (const std::invalid_argument& error) {
      CHECK(contains(error.what(), "threads is " + std::to_string(threads) + "; expected 0 (all cores) to 1024"));
    }
    CHECK(simt::options().threads == 2);
    CHECK(simt::options().schedule == Schedule::reverse);
  }
}

TEST_CASE("workers can change in number between kernels") {
  Stream stream;
  for (const int threads : {1, 4, 2, 7, 1, 64, 3}) {
    const Scope scope(simt_test::options_of(Schedule::forward, 1, threads));
    const auto before = simt::counters();
    for (int i = 0; i < 5; ++i) launch(stream, {50, 1}, options_test::nothing_kernel);
    stream.synchronize();
    CHECK(simt::counters().kernels == before.kernels + 5);
  }
}

TEST_CASE("options come from the environment") {
  CHECK(environment("DUEL_SIMT_THREADS", "5").threads == 5);
  CHECK(environment("DUEL_SIMT_THREADS", "0").threads == 0);
  CHECK(environment("DUEL_SIMT_THREADS", "1024").threads == 1024);
  CHECK(environment("DUEL_SIMT_SCHEDULE", "forward").schedule == Schedule::forward);
  CHECK(environment("DUEL_SIMT_SCHEDULE", "reverse").schedule == Schedule::reverse);
  const Options random = environment("DUEL_SIMT_SCHEDULE", "random:18446744073709551615");
  CHECK(random.schedule == Schedule::random);
  CHECK(random.seed == 18446744073709551615u);
  CHECK(environment("DUEL_SIMT_CHECKS", "1").poison_shared);
  CHECK(environment("DUEL_SIMT_CHECKS", "1").check_guards);
  CHECK_FALSE(environment("DUEL_SIMT_CHECKS", "0").poison_shared);
  CHECK(environment("DUEL_SIMT_BLOCK_SECONDS", "0").block_seconds == 0);
  CHECK(environment("DUEL_SIMT_BLOCK_SECONDS", "7").block_seconds == 7);
  CHECK(environment("DUEL_SIMT_ARCHITECTURE", "75").architecture == 75);
}

TEST_CASE("a malformed variable is refused by name and value") {
  for (const char* value : {"", "two", "-1", "1025", "3 ", "0x10", "99999999999999999999", "1.5"}) {
    CHECK(refusal("DUEL_SIMT_THREADS", value) ==
          "DUEL_SIMT_THREADS is '" + std::string(value) + "'; expected a number from 0 (all cores) to 1024");
  }
  for (const char* value : {"", "Forward", "backward", "random", "random:", "random:x", "random:-1", "random:1 ",
                            "random:1:2", "reverse:1", "random:18446744073709551616"}) {
    CHECK(refusal("DUEL_SIMT_SCHEDULE", value) ==
          "DUEL_SIMT_SCHEDULE is '" + std::string(value) + "'; expected forward, reverse or random:SEED");
  }
  for (const char* value : {"", "yes", "2", "11"}) {
    CHECK(refusal("DUEL_SIMT_CHECKS", value) == "DUEL_SIMT_CHECKS is '" + std::string(value) + "'; expected 0 or 1");
  }
  for (const char* value : {"", "-1", "1.5", "soon"}) {
    CHECK(refusal("DUEL_SIMT_BLOCK_SECONDS", value) ==
          "DUEL_SIMT_BLOCK_SECONDS is '" + std::string(value) + "'; expected whole seconds, 0 for no limit");
  }
  for (const char* value : {"", "sm_90", "121", "-90"}) {
    CHECK(refusal("DUEL_SIMT_ARCHITECTURE", value) ==
          "DUEL_SIMT_ARCHITECTURE is '" + std::string(value) + "'; expected a number up to 120, such as 75");
  }
}

TEST_CASE("child: prints the options in force", "[.]") {
  Stream stream;
  launch(stream, {2, 1}, options_test::nothing_kernel);
  stream.synchronize();
  const Options options = simt::options();
  std::printf("threads %d, %s, seed %llu, checks %d%d\n", options.threads, simt_test::text_of(options).c_str(),
              static_cast<unsigned long long>(options.seed), options.poison_shared, options.check_guards);
}

TEST_CASE("a program starts with the options of its environment") {
  CHECK(contains(simt_test::output_of_child("child: prints the options in force",
                                            "DUEL_SIMT_THREADS=3 DUEL_SIMT_SCHEDULE=random:9 DUEL_SIMT_CHECKS=1"),
                 "threads 3, random, seed 9, checks 11"));
  CHECK(contains(simt_test::output_of_child("child: prints the options in force", "DUEL_SIMT_SCHEDULE=sideways"),
                 "DUEL_SIMT_SCHEDULE is 'sideways'"));
}

TEST_CASE("counters count") {
  const Scope scope(Options{});
  Stream stream;
  const auto before = simt::counters();
  DeviceBuffer<int> device(10);
  duel::PinnedBuffer<int> pinned(10);
  device.upload(pinned.span(), stream);
  static_cast<void>(device.download(stream));
  check(cudaMemcpyAsync(device.data(), device.data() + 5, 20, cudaMemcpyDeviceToDevice, stream.view().get()));
  launch(stream, {3, 2}, options_test::nothing_kernel);
  const auto graph = duel::Graph::capture(stream, [](duel::StreamView captured) {
    launch(captured, {1, 1}, options_test::nothing_kernel);
    launch(captured, {1, 1}, options_test::nothing_kernel);
  });
  graph.launch(stream);
  graph.launch(stream);
  duel::Event event;
  event.record(stream);
  event.synchronize();
  stream.synchronize();
  check(cudaDeviceSynchronize());
  const auto now = simt::counters();
  CHECK(now.allocations == before.allocations + 2);
  CHECK(now.host_copies == before.host_copies + 2);
  CHECK(now.kernels == before.kernels + 5);
  CHECK(now.graph_launches == before.graph_launches + 2);
  CHECK(now.synchronizations == before.synchronizations + 4);  // download, event, stream, device
}
