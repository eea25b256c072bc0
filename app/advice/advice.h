// Errors of a command in terms of what its user gave.
#pragma once

#include <new>

#include "app/advice/remedy.h"
#include "app/device/host_memory.h"
#include "app/settings/commands.h"
#include "app/settings/given_values.h"
#include "kernels/runtime/error.h"

namespace duel::app {

/// Which options of the command make it need less memory, as the end of a message.
std::string memory_advice(const Invocation& invocation);

/// What the command was asked to run.
KernelOptions kernels_of(const Invocation& invocation);

/// Runs `work`, which obeys the invocation. An error about a setting names the flag, variable or line that gave it; a
/// lack of memory, on the device or the host, is a CudaError that says which options need less; another error of the
/// device says how to see whether the kernels are right that somebody chose, if it does not yet.
template <class Work>
auto with_advice(const Invocation& invocation, const Work& work) {
  try {
    return work();
  } catch (const SettingError& error) {
    throw with_source(error, invocation.sources);
  } catch (const CudaError& error) {
    if (dynamic_cast<const WithRemedy<CudaError>*>(&error)) throw;
    if (error.code() == cudaErrorMemoryAllocation) {
      throw CudaError(error.code(), error.what() + memory_advice(invocation));
    }
    const std::string remedy = kernel_remedy(kernels_of(invocation), error.what());
    if (remedy.empty()) throw;
    throw WithRemedy<CudaError>(error, remedy);
  } catch (const std::bad_alloc&) {
    throw CudaError(cudaErrorMemoryAllocation,
                    "not enough memory on the host: " + host_memory_text() + memory_advice(invocation));
  }
}

}  // namespace duel::app
