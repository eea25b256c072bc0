#include "app/report/report.h"

#include <algorithm>
#include <span>
#include <utility>

#include "app/report/page.h"
#include "app/report/run_record.h"
#include "files/atomic_file.h"

namespace duel::app {
namespace {

constexpr double kLeastSeconds = 20, kTimesAsLong = 50;

}  // namespace

std::filesystem::path report_file(const std::filesystem::path& run_folder) {
  return run_folder / "report.html";
}

void write_report(const TrainingProgram& program, const std::filesystem::path& run_folder) {
  write_file_atomically(report_file(run_folder), report_page(read_run(program, run_folder)));
}

ReportPace::ReportPace(const TrainingProgram& program, std::filesystem::path run_folder, std::function<double()> now)
    : program_(program), run_folder_(std::move(run_folder)), now_(std::move(now)), next_(now_()) {}

bool ReportPace::write_if_due() {
  const double begin = now_();
  if (begin < next_) return false;
  write_report(program_, run_folder_);
  const double end = now_();
  next_ = end + std::max(kLeastSeconds, kTimesAsLong * (end - begin));
  return true;
}

}  // namespace duel::app
