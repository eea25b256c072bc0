// Errors of a command in terms of what its user gave.
#pragma once

#include <new>

#include "apps/mnist_gan/given_values.h"
#include "apps/mnist_gan/host_memory.h"
#include "apps/mnist_gan/options.h"
#include "kernels/runtime/error.h"

namespace duel::app {

/// Which options of the command make it need less memory, as the end of a message.
std::string memory_advice(Command command);

/// Runs `work`, which obeys the invocation. An error about a setting names the flag, variable or line that gave it; a
/// lack of memory, on the device or the host, is a CudaError that says which options need less.
template <class Work>
auto with_advice(const Invocation& invocation, const Work& work) {
  try {
    return work();
  } catch (const SettingError& error) {
    throw with_source(error, invocation.sources);
  } catch (const CudaError& error) {
    if (error.code() != cudaErrorMemoryAllocation) throw;
    throw CudaError(error.code(), error.what() + memory_advice(invocation.command));
  } catch (const std::bad_alloc&) {
    throw CudaError(cudaErrorMemoryAllocation,
                    "not enough memory on the host: " + host_memory_text() + memory_advice(invocation.command));
  }
}

}  // namespace duel::app
