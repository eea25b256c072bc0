// cudaLaunchKernelEx: packs a kernel and a copy of its arguments into a KernelCall that runs later.
#pragma once

#include <cstdint>
#include <memory>
#include <tuple>
#include <type_traits>

#include "kernels/simt/launcher.h"
#include "kernels/simt/runtime_api.h"

namespace simt {

struct RangeNode;

/// A launch: everything that running one thread of one block needs. Immutable; graphs replay it as it is.
struct KernelCall {
  dim3 grid, block;
  std::size_t dynamic_shared = 0;
  const void* function = nullptr;      ///< the kernel's address, for its name and attributes
  std::shared_ptr<const void> packed;  ///< kernel pointer and arguments
  std::size_t packed_bytes = 0;
  void (*run_thread)(const void*) = nullptr;  ///< calls the kernel with `packed` for the current threadIdx
  std::shared_ptr<const RangeNode> range;     ///< that the launch was made in; nullptr: none
  Launcher launcher;                          ///< of the host thread
  bool overlaps_previous = false;  ///< programmatic dependent launch; here kernels never overlap, but see checked/

  unsigned blocks() const { return grid.x * grid.y * grid.z; }
  int threads() const { return static_cast<int>(block.x * block.y * block.z); }
};

cudaError_t launch(const cudaLaunchConfig_t& config, KernelCall call);

template <class... Parameters>
struct PackedCall {
  void (*kernel)(Parameters...);
  std::tuple<Parameters...> arguments;

  static void run_thread(const void* self) {
    const auto& call = *static_cast<const PackedCall*>(self);
    std::apply(call.kernel, call.arguments);
  }
};

}  // namespace simt

template <class... Parameters, class... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                               Arguments&&... arguments) {
  using Packed = simt::PackedCall<Parameters...>;
  simt::KernelCall call;
  call.grid = config->gridDim;
  call.block = config->blockDim;
  call.dynamic_shared = config->dynamicSmemBytes;
  call.function = reinterpret_cast<const void*>(kernel);
  call.packed =
      std::make_shared<const Packed>(Packed{kernel, std::tuple<Parameters...>(static_cast<Parameters>(arguments)...)});
  call.packed_bytes = sizeof(Packed);
  call.run_thread = &Packed::run_thread;
  return simt::launch(*config, std::move(call));
}
