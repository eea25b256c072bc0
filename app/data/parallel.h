// Independent pieces of work of the host on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace duel::app {

/// Calls work(i) for 0 <= i < count, each once, on so many threads (0: one for each processor that the process may
/// use). Meanwhile progress(done) is called on this thread. The first exception of a `work` ends the rest and is thrown
/// on.
void for_each_in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                          const std::function<void(std::size_t done)>& progress);

}  // namespace duel::app
