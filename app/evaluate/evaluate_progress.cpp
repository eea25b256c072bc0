#include "app/evaluate/evaluate_progress.h"

#include <utility>

#include "app/report/progress.h"

namespace duel::app {

std::string evaluate_progress_line(double share, std::optional<double> seconds_left, const std::string& what) {
  std::string line = std::to_string(static_cast<int>(100 * share)) + " %";
  if (seconds_left) line += "  eta " + format_duration(*seconds_left);
  return line + "  " + what;
}

EvaluateProgress::EvaluateProgress(std::ostream& out, double work, std::function<double()> now)
    : line_(out, ProgressLine::Elsewhere::lines), work_(work, std::move(now)) {}

void EvaluateProgress::begin(const std::string& part, double work) {
  work_.begin(work);
  part_ = part;
  show();
}

void EvaluateProgress::advance(double work) {
  work_.advance(work);
  show();
}

QualityProgress EvaluateProgress::listener() {
  return {[this](const std::string& part, double work) { begin(part, work); }, [this](double work) { advance(work); }};
}

void EvaluateProgress::show() {
  line_.show(evaluate_progress_line(work_.share(), work_.seconds_left(), part_ + ", " + place_));
}

}  // namespace duel::app
