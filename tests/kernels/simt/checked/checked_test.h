// What the tests of the checked device share. Kernels with a planted bug stand behind a constant `kX = __LINE__`, from
// which the tests count the lines that a report must name.
#pragma once

#include <string>
#include <vector>

#include "tests/kernels/simt/simt_test.h"

namespace checked_test {

inline std::string at(const char* file, int line) {
  const std::string path = file;
  return path.substr(path.rfind("tests/kernels")) + ":" + std::to_string(line);
}

// "" if work(stream) ends, under every kind of schedule, with a report that holds all of `expected`; else what
// happened.
template <class Work>
std::string unlike(Work&& work, const std::vector<std::string>& expected) {
  for (const auto& options : simt_test::all_schedules(1, 2)) {
    const simt_test::Scope scope(options);
    const std::string report = simt_test::report_of(work);
    for (const std::string& part : expected) {
      if (!simt_test::contains(report, part)) {
        return simt_test::text_of(options) + ": expected '" + part + "', found '" + report + "'";
      }
    }
  }
  return "";
}

// "" if work(stream) passes under every kind of schedule; else the report.
template <class Work>
std::string report_of_correct(Work&& work) {
  for (const auto& options : simt_test::all_schedules(1, 2)) {
    const simt_test::Scope scope(options);
    const std::string report = simt_test::report_of(work);
    if (!report.empty()) return simt_test::text_of(options) + ": " + report;
  }
  return "";
}

}  // namespace checked_test
