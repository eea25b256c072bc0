#include "app/settings/resumed_options.h"

#include <algorithm>
#include <filesystem>

#include "app/run_folder/resume_point.h"
#include "app/settings/setting.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// Training writes all settings; a file that ends before the last one has lost some, and defaults would take their
/// places. Others may be missing: an earlier version did not have them.
void require_whole(const std::string& file, const GivenValues& values) {
  std::vector<std::string> settings;
  for (const Setting<TrainOptions>& setting : TrainOptions::settings()) {
    if (setting.in_file && setting.is_kept) settings.push_back(setting.name);
  }
  if (values.contains(settings.back())) return;
  const auto is_there = [&values](const std::string& name) { return values.contains(name); };
  const auto first_lost = std::find_if(settings.rbegin(), settings.rend(), is_there).base();
  throw UsageError(file + ": expected all settings of the run, found that the file ends before " + *first_lost +
                   ", so that " + std::to_string(settings.end() - first_lost) + " are lost: it is torn" +
                   kRestoreSettings);
}

GivenValues values_of_run(const std::string& file) {
  GivenValues values;
  try {
    values = values_of_file(file);
  } catch (const UsageError& error) {
    throw UsageError(std::string(error.what()) + "; these are the settings of the run that is to go on" +
                     kRestoreSettings);
  }
  require_whole(file, values);
  return values;
}

TrainOptions options_of_run(const TrainingProgram& program, const fs::path& run) {
  const std::string file = (run / "config.toml").string();
  const GivenValues values = values_of_run(file);
  TrainOptions options;
  apply(options, TrainOptions::settings(), values);
  try {
    options = preset(program, options.preset);
  } catch (const UsageError& error) {
    throw UsageError(file + ": preset: " + error.what() + "; is it a run of another program than " + program.name +
                     "?");
  }
  apply(options, TrainOptions::settings(), values);
  return options;
}

}  // namespace

TrainOptions resumed_options(const TrainingProgram& program, const std::string& named,
                             const std::vector<const GivenValues*>& layers) {
  TrainOptions asked;
  for (const GivenValues* layer : layers) apply(asked, TrainOptions::settings(), *layer);
  const ResumePoint point = find_resume_point(named, asked.outdir);
  const TrainOptions of_run = options_of_run(program, point.run);
  TrainOptions options = of_run;
  const Sources sources = apply_layers(options, layers);
  for (const Setting<TrainOptions>& setting : TrainOptions::settings()) {
    const std::string before = setting.get(of_run), after = setting.get(options);
    if (before == after || setting.on_resume == OnResume::free) continue;
    if (setting.on_resume == OnResume::farther && setting.is_farther(of_run, options)) continue;
    const bool is_goal = setting.on_resume == OnResume::farther;
    const auto source = sources.find(setting.name);
    throw UsageError((source == sources.end() ? "--" + setting.name : source->second) + ": the run in " +
                     point.run.string() + " has " + excerpt(before) + ", found " + excerpt(after) +
                     (is_goal ? "; the goal of a resumed run can only be moved farther away"
                              : "; a resumed run keeps what decides its results, a new run may differ"));
  }
  validate_options(options);
  options.outdir = of_run.outdir;
  // The newest checkpoint is looked for again when the folder is locked.
  const bool is_file = fs::is_regular_file(named) && fs::path(named).filename() == point.checkpoint.filename();
  options.resume = is_file ? point.checkpoint : point.run;
  return options;
}

}  // namespace duel::app
