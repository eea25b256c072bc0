// How far `evaluate` is, on standard error.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "engine/measure/progress_line.h"
#include "engine/measure/work_progress.h"
#include "engine/quality/quality_meter.h"

namespace duel::app {

/// "37 %  eta 1m20s  measuring parzen, seed 2 of runs/1"; without the time where it is not known.
std::string evaluate_progress_line(double share, std::optional<double> seconds_left, const std::string& what);

class EvaluateProgress {
 public:
  /// `work`: of all parts, as QualityWork counts. `now`: seconds on any monotonic clock.
  EvaluateProgress(std::ostream& out, double work, std::function<double()> now);

  /// What the parts that follow are about.
  void set_place(std::string place) { place_ = std::move(place); }
  void begin(const std::string& part, double work);
  void advance(double work);
  /// For QualitySettings; the object must outlive it.
  QualityProgress listener();
  /// Removes the line.
  void finish() { line_.clear(); }

 private:
  void show();

  ProgressLine line_;
  WorkProgress work_;
  std::string place_, part_;
};

}  // namespace duel::app
