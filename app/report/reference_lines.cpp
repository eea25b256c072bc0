#include "app/report/reference_lines.h"

#include <fmt/core.h>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "app/settings/setting.h"

namespace duel::app {
namespace {

/// What the run says, where it says something that this build understands.
void take_setting(const RunRecord& run, const std::string& name, TrainOptions& options) {
  const Setting<TrainOptions>* setting = find_setting(TrainOptions::settings(), name);
  const std::string value = run.setting(name);
  if (setting == nullptr || value.empty()) return;
  try {
    setting->set(options, {value});
  } catch (const std::invalid_argument&) {  // edited by hand, perhaps
  }
}

std::string decimal(double value) {
  std::string digits = fmt::format("{:.3f}", std::abs(value));
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return (value < 0 ? "−" : "") + digits;
}

/// The name that people know; "" where there is none.
std::string known_name(double value) {
  constexpr double kLog2 = std::numbers::ln2;
  const auto is = [value](double other) { return std::abs(value - other) < 1e-9; };
  if (is(0.5)) return "1/2";
  if (is(kLog2)) return "ln 2";
  if (is(-kLog2)) return "−ln 2";
  return is(-2 * kLog2) ? "−log 4" : "";
}

}  // namespace

PlayerLosses<double> losses_of(const RunRecord& run) {
  TrainOptions options;
  for (const char* name : {"loss", "real-label", "generator-loss"}) take_setting(run, name, options);
  const double label = options.training.real_label;
  return {.kind = options.training.loss,
          .real_label = label > 0 && label <= 1 ? label : 1,
          .generator_loss = options.training.generator_loss};
}

std::string level_name(double value) {
  const std::string known = known_name(value);
  return known.empty() ? decimal(value) : known;
}

std::string level_text(double value) {
  const std::string known = known_name(value);
  return known.empty() || known == "1/2" ? level_name(value) : known + " ≈ " + decimal(value);
}

}  // namespace duel::app
