#include "app/advice/advice.h"

#include <functional>

#include "app/errors/exit_code.h"
#include "kernels/runtime/buffer.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::test::contains;

/// The message of what `work` throws under the invocation, and the exit code that it means.
std::pair<std::string, ExitCode> advised(const Invocation& invocation, const std::function<int()>& work) {
  try {
    with_advice(invocation, work);
  } catch (const std::exception& error) {
    return {error.what(), exit_code_of(error)};
  }
  return {"", ExitCode::ok};
}

}  // namespace

TEST_CASE("a lack of memory, on the device or the host, says which options need less") {
  Invocation invocation;
  invocation.options = TrainOptions();
  const auto [device, device_code] = advised(invocation, [] {
    duel::DeviceBuffer<char> buffer(std::size_t{1} << 50);
    return 0;
  });
  CHECK(device_code == ExitCode::cuda);
  CHECK(contains(device, "1048576.0 GiB more were wanted"));
  CHECK(contains(device, "; a smaller --batch-size, --generator-widths, --discriminator-widths or --train-images"));
  const auto [host, host_code] = advised(invocation, []() -> int { throw std::bad_alloc(); });
  CHECK(host_code == ExitCode::cuda);
  CHECK(contains(host, "not enough memory on the host: this process has had "));
  CHECK(contains(host, "--batch-size"));
  const std::pair<AnyOptions, const char*> commands[] = {{SampleOptions(), "--count"},
                                                         {InterpolateOptions(), "--rows"},
                                                         {BenchOptions(), "--width"},
                                                         {EvaluateOptions(), "--samples"}};
  for (const auto& [options, option] : commands) {
    invocation.options = options;
    CHECK(contains(advised(invocation, []() -> int { throw std::bad_alloc(); }).first, option));
  }
  CHECK(exit_code_of(std::bad_alloc()) == ExitCode::cuda);
}

TEST_CASE("an error about a setting names who gave it, others stay as they are") {
  Invocation invocation;
  invocation.sources = {{"epochs", "run.toml:3: n_epochs"}};
  CHECK(advised(invocation, []() -> int { throw SettingError("epochs", ": no"); }) ==
        std::pair<std::string, ExitCode>("run.toml:3: n_epochs: no", ExitCode::usage));
  CHECK(advised(invocation, []() -> int { throw SettingError("lr", " is 5"); }).first == "--lr is 5");
  CHECK(advised(invocation, []() -> int { throw duel::CudaError(cudaErrorNoDevice, "none"); }).first == "none");
  CHECK(with_advice(invocation, [] { return 7; }) == 7);
}

TEST_CASE("an error of the device says how to see whether chosen kernels are right, whatever the command, once") {
  Invocation invocation;
  const duel::CudaError fault(cudaErrorIllegalAddress, "illegal read");
  for_each_command([&]<class Options>() {
    if constexpr (requires { Options().kernels; }) {
      Options options;
      invocation.options = options;
      CHECK(advised(invocation, [&]() -> int { throw fault; }).first == "illegal read");
      options.kernels.chosen = {"adam=mine"};
      invocation.options = options;
      const auto [text, code] = advised(invocation, [&]() -> int { throw fault; });
      CHECK(contains(text, "illegal read\n  Kernels that were chosen ran."));
      CHECK(contains(text, "`kernel_lab verify --op adam --variant mine`"));
      CHECK(code == ExitCode::cuda);
    }
  });
  const WithRemedy<duel::CudaError> told(fault, "do this");
  CHECK(advised(invocation, [&]() -> int { throw told; }).first == "illegal read\n  do this");
}
