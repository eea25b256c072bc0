// Calls of the engine from Python: without the interpreter's lock, one at a time for each object, interruptible.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

namespace duel::python {

namespace py = pybind11;

/// Throws RuntimeError where another call of the same object is running, in another thread or above a callback.
class Busy {
 public:
  explicit Busy(std::atomic<bool>& flag) : flag_(flag) {
    if (flag_.exchange(true)) {
      throw std::runtime_error("this object is busy with another call; wait until that returns");
    }
  }
  ~Busy() { flag_ = false; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  std::atomic<bool>& flag_;
};

/// Runs `work` while other Python threads go on.
template <class Work>
auto without_lock(const Work& work) {
  const py::gil_scoped_release release;
  return work();
}

/// Asks Python for signals such as Ctrl-C, a few times a second. Called without the lock.
class Interrupts {
 public:
  /// Throws KeyboardInterrupt, or what another signal's handler raises.
  void check() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(50)) return;
    last_ = now;
    const py::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace duel::python
