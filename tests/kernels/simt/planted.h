// Planted bugs: each kernel has a broken form that the CPU device must catch, and a correct one that must pass.
#pragma once

#include <functional>
#include <string>

#include "tests/kernels/simt/simt_test.h"

namespace simt_test {

// Which kinds of schedule show a wrong result, e.g. "forward random": `right()` runs the kernel and looks.
inline std::string wrong_under(const std::function<bool()>& right, int threads = 1) {
  std::string wrong;
  for (const auto& options : all_schedules(threads)) {
    const Scope scope(options);
    if (right() || contains(wrong, text_of(options))) continue;
    wrong += (wrong.empty() ? "" : " ") + text_of(options);
  }
  return wrong;
}

// The report of the fault that work(stream) ends with, if it is the same kind under every schedule: it must contain
// `expected` each time. Otherwise what was found instead.
template <class Work>
std::string unexpected_report(Work&& work, const std::vector<std::string>& expected, int threads = 1) {
  for (const auto& options : all_schedules(threads)) {
    const Scope scope(options);
    const std::string report = report_of(work);
    if (report.empty()) return text_of(options) + ": not caught";
    for (const std::string& part : expected) {
      if (!contains(report, part)) return text_of(options) + ": no '" + part + "' in: " + report;
    }
  }
  return "";
}

// "" if work(stream) passes under every schedule, else the first report.
template <class Work>
std::string report_under_any_schedule(Work&& work, int threads = 1) {
  for (const auto& options : all_schedules(threads)) {
    const Scope scope(options);
    if (const std::string report = report_of(work); !report.empty()) return text_of(options) + ": " + report;
  }
  return "";
}

}  // namespace simt_test
