#include "engine/measure/range_timer.h"

namespace duel {

RangeTimer::RangeTimer(StreamView stream) : stream_(stream) {
  observe_ranges(this);
}

RangeTimer::~RangeTimer() {
  observe_ranges(nullptr);
}

void RangeTimer::opened(const std::string& name) noexcept {
  try {
    open_.push_back(open_.empty() ? name : open_.back() + " / " + name);
    if (last_is_open_) spans_.pop_back();  // that one is not the innermost
    last_is_open_ = false;
    spans_.emplace_back().path = open_.back();
    spans_.back().start.record(stream_);
    last_is_open_ = true;
  } catch (...) {
    if (!error_) error_ = std::current_exception();
  }
}

void RangeTimer::closed() noexcept {
  try {
    if (last_is_open_) spans_.back().end.record(stream_);
  } catch (...) {
    if (!error_) error_ = std::current_exception();
  }
  last_is_open_ = false;
  if (!open_.empty()) open_.pop_back();
}

std::vector<RangeTime> RangeTimer::times() const {
  if (error_) std::rethrow_exception(error_);
  stream_.synchronize();
  std::vector<RangeTime> times;
  const std::size_t closed = spans_.size() - (last_is_open_ ? 1 : 0);
  for (std::size_t i = 0; i < closed; ++i) {
    times.push_back({spans_[i].path, 1e-3 * elapsed_milliseconds(spans_[i].start, spans_[i].end)});
  }
  return times;
}

}  // namespace duel
