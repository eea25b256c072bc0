#include "engine/measure/work_progress.h"

#include <algorithm>
#include <utility>

namespace duel {

WorkProgress::WorkProgress(double total, std::function<double()> now)
    : now_(std::move(now)), total_(total), start_(now_()) {}

void WorkProgress::begin(double amount) {
  before_ += part_;
  part_ = amount;
  of_part_ = 0;
}

void WorkProgress::advance(double amount) {
  of_part_ = std::min(of_part_ + amount, part_);
}

double WorkProgress::share() const {
  return total_ > 0 ? std::min((before_ + of_part_) / total_, 1.0) : 1;
}

std::optional<double> WorkProgress::seconds_left() const {
  const double done = share();
  if (!(done > 0)) return std::nullopt;
  return (now_() - start_) * (1 - done) / done;
}

}  // namespace duel
