#include "app/report/run_facts.h"

#include <cmath>
#include <cstdlib>

namespace duel::app {

double iterations_done(const RunRecord& run) {
  if (run.outcome && !is_open(run.outcome->end)) return static_cast<double>(run.outcome->iterations);
  double done = std::nan("");  // which fmax() passes over
  if (!run.stats.iterations.empty()) done = run.stats.iterations.back() + 1;
  if (!run.convergence.iterations.empty()) done = std::fmax(done, run.convergence.iterations.back());
  return run.samples.empty() ? done : std::fmax(done, static_cast<double>(run.samples.back().first));
}

double images_per_second(const RunRecord& run) {
  const double batch = std::atof(run.setting("batch-size").c_str());
  const double steps = std::atof(run.setting("discriminator-steps").c_str());
  return run.stats.iterations.empty() || !(batch * steps > 0)
             ? std::nan("")
             : batch * steps * (run.stats.iterations.back() + 1) / run.stats.last("seconds");
}

std::string data_name(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string(), above = folder.parent_path().filename().string();
  return (name == "raw" || name == "data") && !above.empty() ? above + "/" + name : name;
}

std::string date_text(std::string time) {
  constexpr std::size_t kDate = 10, kMinute = 16;
  return time.size() <= kMinute ? time : time.substr(0, kDate) + " " + time.substr(kDate + 1, 5) + " UTC";
}

ClassesFound classes_found(const LogTable& looks) {
  ClassesFound classes;
  const auto column = [](std::size_t i) { return "class_shares[" + std::to_string(i) + "]"; };
  while (looks.find(column(classes.all)) != nullptr) ++classes.all;
  for (std::size_t i = 0; i < classes.all; ++i) {
    if (5 * looks.last(column(i)) * static_cast<double>(classes.all) >= 1) ++classes.found;
  }
  return classes;
}

const Alarm* alarm_at_the_end(const LogTable& log) {
  const bool rings = !log.alarms.empty() && log.alarms.back().last == log.iterations.back();
  return rings ? &log.alarms.back() : nullptr;
}

}  // namespace duel::app
