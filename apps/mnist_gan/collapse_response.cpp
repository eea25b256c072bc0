#include "apps/mnist_gan/collapse_response.h"

#include "engine/state_file.h"

namespace duel::app {
namespace {

constexpr int kMostRollbacks = 3;

}  // namespace

std::string collapse_line(const Look& look) {
  return "collapse, iteration " + std::to_string(look.iteration) + ": " + look.alarm;
}

std::vector<std::string> CollapseResponse::answer(TrainingWatch& watch, Trainer& trainer) {
  const Look& look = watch.last();
  const bool was_alarmed = memory_.is_alarmed;
  memory_.is_alarmed = !look.alarm.empty();
  if (watch.is_healthy() && action_ == OnCollapse::rollback) memory_.healthy = trainer.state();
  if (was_alarmed && !memory_.is_alarmed) {
    return {"iteration " + std::to_string(look.iteration) + ": the collapse is over"};
  }
  if (!memory_.is_alarmed || was_alarmed) return {};
  std::vector<std::string> lines = {collapse_line(look)};
  if (action_ == OnCollapse::warn) return lines;
  const bool can_return = !memory_.healthy.tensors.empty() && memory_.rollbacks < kMostRollbacks;
  if (action_ == OnCollapse::stop || !can_return) {
    ends_run_ = true;
    return lines;
  }
  trainer.roll_back(memory_.healthy);
  watch.reset();
  memory_.is_alarmed = false;
  ++memory_.rollbacks;
  lines.push_back("returned to the networks after iteration " +
                  std::to_string(find_counter(memory_.healthy, "iteration")) + ", rollback " +
                  std::to_string(memory_.rollbacks) + " of " + std::to_string(kMostRollbacks));
  return lines;
}

CollapseMemory CollapseResponse::memory(const TrainingWatch& watch) const {
  CollapseMemory memory = memory_;
  memory.bad_looks = watch.bad_looks();
  if (ends_run_) memory.is_alarmed = false;
  return memory;
}

}  // namespace duel::app
