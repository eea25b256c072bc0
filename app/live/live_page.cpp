#include "app/live/live_page.h"

#include <fmt/core.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/data/dataset_file.h"
#include "app/live/live_script.h"
#include "app/report/page.h"
#include "app/report/run_record.h"
#include "engine/io/data_error.h"
#include "files/regular_file.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

// A page of long logs takes long to make: how much of the time may go into it.
constexpr double kLeastPause = 1, kTimesAsLongAs = 20;

/// As outcome_name() says it.
std::string state_of(const fs::path& run) {
  const auto outcome = read_outcome(run);
  return outcome ? outcome_name(outcome->end) : "unknown";
}

/// What changes whenever one of the files does, or the state: a kill changes no file.
std::string version_of(const fs::path& run, const std::string& state) {
  std::string version;
  for (const char* name : {"config.toml", "outcome.json", "kernels.json", "log.txt", "stats.jsonl", "stats.csv",
                           "convergence.jsonl", kDatasetFile, "reals.png", "samples"}) {
    std::error_code error;
    const fs::path file = run / name;
    const auto time = fs::last_write_time(file, error).time_since_epoch().count();
    if (error) continue;
    const auto size = fs::is_directory(file, error) ? 0 : fs::file_size(file, error);
    version += fmt::format("{:x}-{:x}.", static_cast<std::uint64_t>(time), error ? 0 : size);
  }
  return version + state;
}

LiveAnswer not_found() {
  return {.status = 404, .type = "text/plain; charset=utf-8", .body = "There is no such thing in this run.\n"};
}

}  // namespace

LivePage::LivePage(const TrainingProgram& program, const fs::path& run_folder, std::function<double()> now)
    : program_(program), run_folder_(run_folder), now_(std::move(now)) {
  std::error_code error;
  canonical_ = fs::canonical(run_folder, error);
  const bool is_run = !error && (fs::is_regular_file(canonical_ / "config.toml", error) ||
                                 fs::is_regular_file(canonical_ / "log.txt", error));
  if (is_run) return;
  throw DataError(run_folder.string() + ": expected the folder of a run, which holds config.toml and log.txt; " +
                  program.name + " train makes one below --outdir");
}

const LivePage::Made& LivePage::newest() {
  const double begin = now_();
  if (made_ && begin < made_->at + std::max(kLeastPause, kTimesAsLongAs * made_->took)) return *made_;
  const std::string state = state_of(run_folder_), version = version_of(run_folder_, state);
  if (made_ && made_->version == version) return *made_;
  std::string html = report_page(read_run(program_, run_folder_), PageForm::live, live_script(version, state));
  const double end = now_();
  made_ = {version, state, std::move(html), end, end - begin};
  return *made_;
}

LiveAnswer LivePage::picture(const std::string& name) const {
  std::error_code error;
  const fs::path file = canonical_ / name;
  if (fs::canonical(file, error) != file || error) return not_found();
  auto bytes = read_regular_file(file);
  if (!bytes) return not_found();
  return {.type = "image/png", .body = std::move(*bytes), .is_kept = true};
}

LiveAnswer LivePage::answer(const std::string& path) {
  const char* const kHtml = "text/html; charset=utf-8";
  const std::string samples = "/samples/";
  if (path == "/reals.png") return picture("reals.png");
  if (path.starts_with(samples) && is_sample_name(path.substr(samples.size()))) return picture(path.substr(1));
  if (path == "/report.html") return {.type = kHtml, .body = report_page(read_run(program_, run_folder_))};
  const std::lock_guard lock(mutex_);
  if (path == "/") return {.type = kHtml, .body = newest().html};
  if (path == "/state") {
    const Made& made = newest();
    return {.type = "application/json",
            .body = nlohmann::json{{"state", made.state}, {"version", made.version}}.dump() + "\n"};
  }
  return not_found();
}

}  // namespace duel::app
