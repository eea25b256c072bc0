#include "engine/training/profiler_window.h"

#include <cuda_profiler_api.h>

#include <stdexcept>
#include <string>

namespace duel {

ProfilerWindow::~ProfilerWindow() {
  if (is_open_) static_cast<void>(cudaProfilerStop());
}

void ProfilerWindow::set(std::int64_t begin, std::int64_t end, StreamView stream) {
  if (begin < 0 || begin >= end) {
    throw std::invalid_argument("profile: the window is " + std::to_string(begin) + ":" + std::to_string(end) +
                                "; expected two iterations begin:end with 0 <= begin < end");
  }
  close(stream);
  begin_ = begin;
  end_ = end;
}

bool ProfilerWindow::enter(std::int64_t iteration, StreamView stream) {
  if (!contains(iteration)) {
    close(stream);  // a loaded state may have moved the training out of it
    return false;
  }
  if (!is_open_) {
    stream.synchronize();
    check(cudaProfilerStart());
    is_open_ = true;
  }
  return true;
}

void ProfilerWindow::leave(std::int64_t iteration, StreamView stream) {
  if (!contains(iteration + 1)) close(stream);
}

void ProfilerWindow::close(StreamView stream) {
  if (!is_open_) return;
  stream.synchronize();
  is_open_ = false;
  check(cudaProfilerStop());
}

}  // namespace duel
