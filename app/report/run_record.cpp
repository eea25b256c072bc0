#include "app/report/run_record.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/data/dataset_file.h"
#include "app/errors/exit_code.h"
#include "app/run_folder/log_lines.h"
#include "files/regular_file.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kMostLog = 20'000;  // characters

std::string text_in(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

void read_kernels(const fs::path& file, RunRecord& run) {
  const Json json = Json::parse(read_regular_file(file, kMostRecordBytes).value_or(""), nullptr, false);
  run.device = text_in(json, "device");
  const auto rows = json.is_object() ? json.find("kernels") : json.end();
  if (rows == json.end() || !rows->is_array()) return;
  for (const Json& row : *rows) {
    const KernelRow found{text_in(row, "op"), text_in(row, "variant"), text_in(row, "because")};
    const auto same = std::find_if(run.kernels.begin(), run.kernels.end(), [&found](const KernelRow& one) {
      return one.op == found.op && one.variant == found.variant && one.because == found.because;
    });
    ++(same != run.kernels.end() ? *same : run.kernels.emplace_back(found)).shapes;
  }
}

void read_settings(const fs::path& file, RunRecord& run) {
  try {
    run.settings = read_config_file(file);
  } catch (const UsageError& error) {  // edited by hand, perhaps
    run.settings_fault = error.what();
  }
}

/// The end of it alone is read: nobody knows how long it became.
void read_log(const fs::path& file, RunRecord& run) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return;
  std::ifstream input(file, std::ios::binary);
  const std::uintmax_t size = fs::file_size(file, error);
  const bool is_long = !error && size > kMostLog;
  if (is_long) input.seekg(static_cast<std::streamoff>(size - kMostLog));
  run.log.resize(kMostLog);
  input.read(run.log.data(), static_cast<std::streamsize>(run.log.size()));
  run.log.resize(static_cast<std::size_t>(input.gcount()));
  if (!is_long) return;
  const std::size_t newline = run.log.find('\n');
  run.log = "…\n" + run.log.substr(newline == std::string::npos ? 0 : newline + 1);
}

void read_classes(const fs::path& folder, RunRecord& run) {
  try {
    for (const auto& [label, name] : read_class_names(folder)) run.class_names.push_back(name);
  } catch (const DataError&) {  // edited by hand, perhaps
    run.class_names.clear();
  }
}

void find_samples(const fs::path& folder, RunRecord& run) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_sample_name(name)) run.samples.emplace_back(std::stoll(name), entry->path());
  }
  std::sort(run.samples.begin(), run.samples.end());
}

}  // namespace

bool is_sample_name(const std::string& name) {
  constexpr std::size_t kMostDigits = 18;
  const std::string ending = ".png";
  if (name.size() <= ending.size() || name.size() > kMostDigits + ending.size() || !name.ends_with(ending))
    return false;
  return name.find_first_not_of("0123456789") == name.size() - ending.size();
}

std::string RunRecord::setting(const std::string& key) const {
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&key](const ConfigEntry& entry) { return entry.key == key; });
  return found == settings.end() ? "" : found->text();
}

double RunRecord::last_iteration() const {
  double last = samples.empty() ? 0 : static_cast<double>(samples.back().first);
  for (const LogTable* table : {&stats, &convergence}) {
    if (!table->iterations.empty()) last = std::max(last, table->iterations.back());
  }
  return last;
}

RunRecord read_run(const TrainingProgram& program, const fs::path& folder) {
  RunRecord run;
  run.program = &program;
  run.folder = folder;
  run.outcome = read_outcome(folder);
  run.name = fs::weakly_canonical(folder).filename().string();
  read_settings(folder / "config.toml", run);
  read_kernels(folder / "kernels.json", run);
  read_log(folder / "log.txt", run);
  run.stats = read_log_table(stats_file(folder));
  run.convergence = read_log_table(folder / "convergence.jsonl");
  read_classes(folder, run);
  find_samples(folder / "samples", run);
  run.reals = folder / "reals.png";
  return run;
}

}  // namespace duel::app
