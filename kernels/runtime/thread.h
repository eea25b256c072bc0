// Threads of the host.
#pragma once

#include <functional>
#include <thread>

namespace duel {

/// A thread that runs `work`. Throws CudaError, as for any other want of the machine, where none can be started.
std::thread start_thread(std::function<void()> work);

}  // namespace duel
