// The choice of the device.
#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

#include "kernels/op.h"
#include "kernels/runtime/device.h"
#include "kernels/runtime/device_spec.h"
#include "kernels/runtime/error.h"
#include "kernels/runtime/kernel_of_tree.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

using duel::architecture_of;
using duel::CudaError;
using duel::Device;
using duel::DeviceChoice;
using duel::has_fp16_products;
using duel::has_tf32_and_bf16_products;
using duel::kernel_of_tree;
using duel::select_device;
using duel::test::contains;

namespace {

std::string refusal(const std::string& spec) {
  try {
    select_device(spec, 0);
  } catch (const CudaError& error) {
    return std::string("CudaError: ") + error.what();
  } catch (const std::invalid_argument& error) {
    return std::string("invalid_argument: ") + error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a device spec that makes no sense is an invalid argument") {
  for (const char* spec : {"", "gpu", "CPU", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda:99999999999", "cuda 0"}) {
    CHECK(refusal(spec) ==
          "invalid_argument: --device: expected auto, cpu, cuda or cuda:N, found '" + std::string(spec) + "'");
  }
}

TEST_CASE("what a device spec asks for") {
  using Kind = duel::DeviceSpec::Kind;
  CHECK(duel::parse_device_spec("auto").kind == Kind::any);
  CHECK(duel::parse_device_spec("cpu").kind == Kind::cpu);
  CHECK(duel::parse_device_spec("cuda").kind == Kind::cuda);
  CHECK(duel::parse_device_spec("cuda:2147483647").ordinal == 2147483647);
  CHECK_THROWS_AS(duel::parse_device_spec("cuda:2147483648"), std::invalid_argument);
}

#ifdef DUEL_CPU_DEVICE

TEST_CASE("auto and cpu choose the CPU device") {
  const simt::Options saved = simt::options();
  for (const char* spec : {"auto", "cpu"}) {
    const DeviceChoice choice = select_device(spec, 3);
    CHECK(choice.name == "cpu");
    CHECK(choice.is_cpu);
    CHECK(contains(choice.description, "CPU device"));
    CHECK(contains(choice.description, ", 3 threads"));
    CHECK(simt::worker_threads() == 3);
  }
  CHECK(contains(select_device("cpu", 1).description, ", 1 thread"));
  CHECK_FALSE(contains(select_device("cpu", 1).description, "threads"));
  select_device("cpu", 0);
  CHECK(simt::options().threads == 0);
  CHECK_THROWS_AS(select_device("cpu", -1), std::invalid_argument);
  simt::set_options(saved);
}

TEST_CASE("the choice of threads leaves the other options") {
  const simt::Options saved = simt::options();
  simt::Options options = saved;
  options.schedule = simt::Schedule::reverse;
  options.check_guards = true;
  simt::set_options(options);
  select_device("cpu", 2);
  CHECK(simt::options().schedule == simt::Schedule::reverse);
  CHECK(simt::options().check_guards);
  CHECK(simt::options().threads == 2);
  simt::set_options(saved);
}

TEST_CASE("a build for the CPU device has no GPU") {
  for (const char* spec : {"cuda", "cuda:0", "cuda:7"}) {
    const std::string text = refusal(spec);
    CHECK(contains(text, "CudaError: --device " + std::string(spec) + ": "));
    CHECK(contains(text, "cmake --preset cuda"));
  }
}

TEST_CASE("matrix instructions are where kernels were compiled with them, whatever the GPU can") {
  const auto device = [](int compiled) {
    return Device{.compute_capability = 90, .compiled_architecture = compiled, .multiprocessors = 132};
  };
  CHECK(has_fp16_products(device(75)));
  CHECK_FALSE(has_tf32_and_bf16_products(device(75)));
  CHECK(has_tf32_and_bf16_products(device(80)));
  CHECK_FALSE(has_fp16_products(device(70)));
}

TEST_CASE("the current device is the CPU device") {
  CHECK(Device::current().is_cpu);
  CHECK(Device::current().compute_capability == 0);
  CHECK(Device::current().multiprocessors >= 1);
  CHECK(Device::current().compiled_architecture == simt::kNewestArchitecture);
}

TEST_CASE("the CPU device plays a GPU that runs the code of an older one") {
  const simt::Options saved = simt::options();
  simt::Options options = saved;
  options.architecture = 75;
  simt::set_options(options);
  CHECK(architecture_of(kernel_of_tree()) == 75);
  simt::set_options(saved);
  CHECK(architecture_of(kernel_of_tree()) == simt::kNewestArchitecture);
}

#else

TEST_CASE("a build for GPUs has no CPU device") {
  CHECK(contains(refusal("cpu"), "CudaError: --device cpu: "));
  CHECK(contains(refusal("cuda:9999"), "CudaError: "));
}

#endif
