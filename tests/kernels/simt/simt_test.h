// What the tests of the CPU device share.
#pragma once

#include <cuda_runtime.h>

#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kernels/runtime/buffer.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/launch.h"
#include "kernels/simt/sanitizer.h"
#include "kernels/simt/simt.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace simt_test {

using duel::test::contains;
using simt::kAddressSanitizer;  // it stops the program at an access outside an allocation: such kernels run without it

// Options for one scope, which leaves neither a fault nor the options behind.
class Scope {
 public:
  explicit Scope(const simt::Options& options) { simt::set_options(options); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() {
    simt::clear_fault();
    simt::set_options(saved_);
  }

 private:
  simt::Options saved_ = simt::options();
};

inline simt::Options options_of(simt::Schedule schedule, std::uint64_t seed = 1, int threads = 1) {
  simt::Options options;
  options.threads = threads;
  options.schedule = schedule;
  options.seed = seed;
  options.poison_shared = true;
  options.check_guards = true;
  return options;
}

// Forward, reverse and some random orders, with all checks on.
inline std::vector<simt::Options> all_schedules(int threads = 1, std::uint64_t random_seeds = 8) {
  std::vector<simt::Options> all = {options_of(simt::Schedule::forward, 1, threads),
                                    options_of(simt::Schedule::reverse, 1, threads)};
  for (std::uint64_t seed = 1; seed <= random_seeds; ++seed) {
    all.push_back(options_of(simt::Schedule::random, seed, threads));
  }
  return all;
}

inline std::string text_of(const simt::Options& options) {
  switch (options.schedule) {
    case simt::Schedule::forward:
      return "forward";
    case simt::Schedule::reverse:
      return "reverse";
    case simt::Schedule::random:
      break;
  }
  return "random";
}

// Runs work(stream) to its end. The text of the CudaError that stopped it, or "".
template <class Work>
std::string report_of(Work&& work) {
  std::string report;
  duel::Stream stream;
  try {
    work(stream.view());
    stream.synchronize();
  } catch (const duel::CudaError& error) {
    report = error.what();
  }
  simt::clear_fault();
  return report;
}

// Blocks the stream it is put into until it is opened. (It holds the CPU device's dispatcher, so all streams: what is
// enqueued meanwhile is all there when the device chooses what to do next.)
class Gate {
 public:
  explicit Gate(duel::StreamView stream) {
    duel::check(cudaLaunchHostFunc(stream.get(), &Gate::wait, this));
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return reached_; });
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate() {
    open();
    static_cast<void>(cudaDeviceSynchronize());
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  static void wait(void* self) {
    auto& gate = *static_cast<Gate*>(self);
    std::unique_lock lock(gate.mutex_);
    gate.reached_ = true;
    gate.changed_.notify_all();
    gate.changed_.wait(lock, [&] { return gate.open_; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false, open_ = false;
};

// Names written down in the order in which streams come past them.
class Diary {
 public:
  void enter(duel::StreamView stream, char name) {
    notes_.push_back(std::make_unique<Note>(Note{this, name}));
    duel::check(cudaLaunchHostFunc(stream.get(), &Diary::write, notes_.back().get()));
  }
  const std::string& text() const { return text_; }  // after a synchronisation
  void clear() { text_.clear(); }

 private:
  struct Note {
    Diary* diary;
    char name;
  };
  static void write(void* note) {
    auto& [diary, name] = *static_cast<Note*>(note);
    diary->text_ += name;
  }

  std::vector<std::unique_ptr<Note>> notes_;
  std::string text_;
};

template <class T>
std::vector<T> download(const duel::DeviceBuffer<T>& buffer) {
  duel::Stream stream;
  duel::check(cudaDeviceSynchronize());
  return buffer.download(stream);
}

}  // namespace simt_test
