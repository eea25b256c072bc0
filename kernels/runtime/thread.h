// Threads of the host.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace duel {

/// Throws CudaError: what could not be started, and what to do.
[[noreturn]] void throw_lack_of_threads(const std::string& what);

/// A thread that runs `work`. Throws CudaError, as for any other want of the machine, where none can be started.
std::thread start_thread(std::function<void()> work);

}  // namespace duel
