#include "tools/kernel_lab/timing.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <stdexcept>

#include "engine/measure/monotonic_clock.h"
#include "engine/measure/statistics.h"
#include "engine/measure/stream_hold.h"

namespace duel::lab {
namespace {

// A GPU's queue takes about a thousand launches, and blocks the host when it is full. An op is a few of them.
constexpr std::size_t kMostLaunchesHeld = 32;
constexpr double kSecondsOfBatch = 0.05;
constexpr int kWarmUps = 3;

class Timer {
 public:
  Timer(std::span<PreparedCase* const> cases, const CacheSweep* evict) : cases_(cases), evict_(evict) {
    times_.resize(cases.size());
  }

  /// Loads the kernels, fills the caches and wakes the clocks; returns the seconds of a round.
  double warm_up() {
    const double start = monotonic_seconds();
    for (int i = 0; i < kWarmUps; ++i) {
      for (PreparedCase* one : cases_) launch(*one);
    }
    stream_.synchronize();
    return (monotonic_seconds() - start) / kWarmUps;
  }

  /// Adds a batch of rounds; false where the host was too slow, which adds nothing.
  bool run(std::size_t rounds) {
    std::deque<Span> spans;
    for (std::size_t round = 0; round < rounds; ++round) {
      for (std::size_t i = 0; i < cases_.size(); ++i) spans.emplace_back((first_ + round + i) % cases_.size());
    }
    {
      StreamHold hold(stream_);
      for (Span& span : spans) enqueue(span);
      hold.release();
      stream_.synchronize();
      if (hold.has_expired()) return false;
    }
    for (const Span& span : spans) times_[span.place].push_back(1e3 * elapsed_milliseconds(span.start, span.end));
    first_ += rounds;
    return true;
  }

  const std::vector<std::vector<double>>& times() const { return times_; }

 private:
  struct Span {
    explicit Span(std::size_t of_case) : place(of_case) {}
    std::size_t place;
    Event start{EventTiming::on}, end{EventTiming::on};
  };

  void launch(PreparedCase& one) {
    if (evict_) evict_->evict(stream_);
    one.launch(stream_);
  }

  void enqueue(Span& span) {
    if (evict_) evict_->evict(stream_);
    span.start.record(stream_);
    cases_[span.place]->launch(stream_);
    span.end.record(stream_);
  }

  std::span<PreparedCase* const> cases_;
  const CacheSweep* evict_;
  Stream stream_;
  std::size_t first_ = 0;
  std::vector<std::vector<double>> times_;
};

}  // namespace

std::vector<std::vector<double>> time_launches(std::span<PreparedCase* const> cases, const CacheSweep* evict,
                                               const TimingOptions& options) {
  if (cases.empty()) return {};
  Timer timer(cases, evict);
  const double round_seconds = std::max(timer.warm_up(), 1e-7);
  const double end = monotonic_seconds() + options.seconds * static_cast<double>(cases.size());
  const auto most = std::max<std::size_t>(1, kMostLaunchesHeld / cases.size());
  auto rounds = std::clamp<std::size_t>(static_cast<std::size_t>(kSecondsOfBatch / round_seconds), 1, most);
  const auto is_done = [&](const std::vector<double>& times) {
    return is_settled(times, options.noise, options.least_rounds);
  };
  while (true) {
    if (!timer.run(rounds)) {
      if (rounds == 1) throw std::runtime_error("one launch of every variant takes the host more than ten seconds");
      rounds /= 2;
      continue;
    }
    const auto& times = timer.times();
    const bool has_least = times.front().size() >= options.least_rounds;
    if (has_least && monotonic_seconds() >= end) return times;
    if (std::all_of(times.begin(), times.end(), is_done)) return times;
  }
}

std::vector<std::vector<double>> time_variants(const LabOp& op, const KernelSelection& kernels, std::size_t number,
                                               const std::vector<std::string>& variants, const CacheSweep* evict,
                                               const TimingOptions& options) {
  const Stream stream;
  std::vector<std::unique_ptr<PreparedCase>> prepared;
  std::vector<PreparedCase*> cases;
  for (const std::string& variant : variants) {
    prepared.push_back(op.prepare(kernels, variant, number, stream));
    cases.push_back(prepared.back().get());
  }
  stream.synchronize();  // the launches are on a stream of their own
  return time_launches(cases, evict, options);
}

}  // namespace duel::lab
