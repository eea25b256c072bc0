#include "app/training/collapse_response.h"

#include "engine/networks/state_file.h"

namespace duel::app {
namespace {

constexpr int kMostRollbacks = 3;

std::string collapse_line(const Look& look) {
  return "collapse, iteration " + std::to_string(look.iteration) + ": " + look.alarm;
}

std::string networks_of(const TensorFile& healthy) {
  return "the networks after iteration " + std::to_string(find_counter(healthy, "iteration"));
}

}  // namespace

bool CollapseResponse::can_return() const {
  return !memory_.healthy.tensors.empty() && memory_.rollbacks < kMostRollbacks;
}

std::vector<std::string> CollapseResponse::why_no_return() const {
  if (action_ != OnCollapse::rollback) return {};
  if (memory_.healthy.tensors.empty()) {
    return {"no rollback: no look has found the generator well, so there is no state to return to; the run ends"};
  }
  return {"no rollback: the run has returned " + std::to_string(kMostRollbacks) +
          " times, and ends with this collapse"};
}

std::vector<std::string> CollapseResponse::answer(TrainingWatch& watch, Trainer& trainer) {
  const Look& look = watch.last();
  const bool was_alarmed = memory_.is_alarmed;
  memory_.is_alarmed = !look.alarm.empty();
  if (watch.alarm().is_healthy() && action_ == OnCollapse::rollback) memory_.healthy = trainer.state();
  if (was_alarmed && watch.alarm().is_healthy()) {
    return {"iteration " + std::to_string(look.iteration) + ": the collapse is over"};
  }
  if (!memory_.is_alarmed || was_alarmed) return {};
  std::vector<std::string> lines = {collapse_line(look)};
  if (action_ == OnCollapse::warn) return lines;
  if (action_ == OnCollapse::stop || !can_return()) {
    ends_run_ = true;
    const std::vector<std::string> why = why_no_return();
    lines.insert(lines.end(), why.begin(), why.end());
    return lines;
  }
  trainer.roll_back(memory_.healthy);
  watch.reset({.bad_looks = 0, .good_at = look.iteration});
  memory_.is_alarmed = false;
  ++memory_.rollbacks;
  lines.push_back("returned to " + networks_of(memory_.healthy) + ", rollback " + std::to_string(memory_.rollbacks) +
                  " of " + std::to_string(kMostRollbacks));
  return lines;
}

std::vector<std::string> CollapseResponse::answer_at_end(const TrainingWatch& watch, bool was_stopped) {
  const Look& look = watch.last();
  if (look.alarm.empty()) return {};
  std::vector<std::string> lines;
  if (!memory_.is_alarmed) lines.push_back(collapse_line(look));
  if (action_ == OnCollapse::warn || was_stopped) return lines;
  ends_run_ = true;
  if (action_ == OnCollapse::rollback && can_return()) {
    lines.push_back("no rollback: no iterations are left; a resumed run with a farther goal can return to " +
                    networks_of(memory_.healthy));
    return lines;
  }
  const std::vector<std::string> why = why_no_return();
  lines.insert(lines.end(), why.begin(), why.end());
  return lines;
}

CollapseMemory CollapseResponse::memory(const TrainingWatch& watch) const {
  CollapseMemory memory = memory_;
  memory.alarm = watch.alarm().memory();
  if (ends_run_) memory.is_alarmed = false;
  return memory;
}

}  // namespace duel::app
