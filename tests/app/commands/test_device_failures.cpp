// A device that fails at any call of a short training: the run ends with the right code, a message that names the call,
// and checkpoints that can be read; nothing is tried again on a device that is lost.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "app/commands/train.h"
#include "app/errors/exit_code.h"
#include "engine/io/safetensors.h"
#include "kernels/runtime/error.h"
#include "kernels/simt/simt.h"
#include "tests/app/workplace.h"

namespace duel::app::test {
namespace {

TrainOptions short_training(const Workplace& place) {
  TrainOptions options = place.options();
  options.checkpoint_interval = 2;
  options.sample_interval = 4;
  options.watch_interval = 5;
  options.quiet = true;
  return options;
}

// What gives something back. A program ignores it if that fails: nothing is lost but what it gave back.
bool gives_back(const std::string& call) {
  return call.starts_with("cudaFree") || call.ends_with("Destroy");
}

struct Failed {
  ExitCode code = ExitCode::ok;
  std::string message;
  std::string call;  ///< that was made to fail; "" where the run made fewer calls
  std::vector<std::string> later_calls;
};

Failed train_with_failing_call(const TrainOptions& options, std::uint64_t number, std::optional<cudaError_t> error) {
  fs::remove_all(options.outdir);
  Failed failed;
  simt::fail_call(number, error);
  try {
    failed.code = train(options);
  } catch (const std::exception& caught) {
    failed.code = exit_code_of(caught);
    failed.message = caught.what();
  }
  failed.call = simt::failed_call();
  failed.later_calls = simt::calls_after_failure();
  simt::fail_call(0);
  simt::clear_fault();
  return failed;
}

// Whether every checkpoint that is there can be read, under its own name and as the latest one.
void check_checkpoints(const fs::path& outdir) {
  if (!fs::exists(outdir)) return;
  for (const auto& run : fs::directory_iterator(outdir)) {
    if (!fs::exists(run.path() / "checkpoints")) continue;
    const Names names = names_in(run.path() / "checkpoints");
    for (const std::string& name : names) CHECK_NOTHROW(read_safetensors(run.path() / "checkpoints" / name));
    CHECK((names.empty() || names.back() == "latest.safetensors"));
  }
}

// False where the run made fewer calls.
bool check_failure(const TrainOptions& options, std::uint64_t number, std::optional<cudaError_t> error, bool sticky) {
  const Failed failed = train_with_failing_call(options, number, error);
  if (failed.call.empty()) {
    CHECK(failed.code == ExitCode::ok);
    return false;
  }
  INFO("call " << number << ", " << failed.call << ": " << failed.message);
  check_checkpoints(options.outdir);
  if (gives_back(failed.call)) {
    CHECK((failed.code == ExitCode::ok || failed.code == ExitCode::cuda));
  } else {
    CHECK(failed.code == ExitCode::cuda);
    CHECK(contains(failed.message, failed.call + ", was made to fail"));
  }
  if (!sticky) return true;
  // Nobody looks at what a destructor's call returns; the next one tells then.
  const auto tries = std::count_if(failed.later_calls.begin(), failed.later_calls.end(), [](const std::string& call) {
    return !gives_back(call) && call != "cudaStreamEndCapture";
  });
  CHECK(tries <= (gives_back(failed.call) ? 1 : 0));
  return true;
}

void check_every(std::uint64_t step) {
  const Workplace place;
  const TrainOptions options = short_training(place);
  std::uint64_t number = 1;
  while (check_failure(options, number, cudaErrorIllegalAddress, true) &&
         check_failure(options, number, cudaErrorMemoryAllocation, false)) {
    number += step;
  }
  CHECK(number > 300);
}

// DUEL_FULL_TESTS: at every call.
TEST_CASE("a device that fails at any call ends the training with its own exit code, and with checkpoints that hold") {
  check_every(std::getenv("DUEL_FULL_TESTS") ? 1 : 97);
}

}  // namespace
}  // namespace duel::app::test
