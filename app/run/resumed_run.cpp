#include "app/run/resumed_run.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "app/errors/exit_code.h"
#include "app/errors/in_file.h"
#include "app/run_folder/checkpoint_folder.h"
#include "app/settings/setting.h"
#include "app/settings/training_program.h"
#include "engine/configuration/config_json.h"
#include "engine/io/data_identity.h"
#include "engine/networks/state_file.h"
#include "files/text.h"

namespace duel::app {
namespace {

using Record = nlohmann::json;

std::string metadata_of(const TensorFile& state, const std::string& key) {
  const auto found = state.metadata.find(key);
  return found == state.metadata.end() ? "" : found->second;
}

/// The options come from config.toml, which somebody may have edited.
void require_settings(const std::string& file, const TensorFile& state, const TrainOptions& options) {
  TrainOptions saved = options;
  saved.training = in_file(file, [&] { return config_from_json(metadata_of(state, kConfigKey)); });
  saved.conditional = saved.training.networks.classes > 0;
  for (const Setting<TrainOptions>& setting : TrainOptions::settings()) {
    const std::string before = setting.get(saved), now = setting.get(options);
    if (before == now) continue;
    throw UsageError("--resume: the run's config.toml has " + setting.name + " = " + excerpt(now) + ", but " + file +
                     " was made with " + excerpt(before) + "; restore that value");
  }
}

void require_images(const std::string& file, const TensorFile& state, const ImageSet& images) {
  const std::string identity = metadata_of(state, kDatasetKey);
  if (identity.empty()) return;
  const std::string other =
      explain_other_images(in_file(file, [&] { return data_identity_from_json(identity); }), images);
  if (!other.empty()) throw UsageError(file + ": " + other + "; name the run's dataset: --data DIR");
}

/// "adam [784]: rows" for each kernel.
std::set<std::string> kernels_in(const Record& record) {
  std::set<std::string> kernels;
  const auto rows = record.is_object() ? record.find("kernels") : record.end();
  if (rows == record.end() || !rows->is_array()) return kernels;
  for (const Record& row : *rows) {
    std::string text;
    for (const char* const key : {"op", "shapes", "variant"}) {
      text += (row.is_object() && row.contains(key) && row[key].is_string() ? row[key].get<std::string>() : "?") + " ";
    }
    kernels.insert(text);
  }
  return kernels;
}

/// Throws DataError, too, where the state is not of as many iterations as the file's name says.
ResumedRun read_checkpoint(const std::filesystem::path& file) {
  ResumedRun run{file, read_safetensors(file), {}, 0, {}};
  run.iterations = in_file(file.string(), [&] { return find_counter(run.state, "iteration"); });
  const std::string number = file.stem().string();
  const bool is_numbered = number.find_first_not_of("0123456789") == std::string::npos;
  if (is_numbered && file.filename() != CheckpointFolder(file.parent_path()).file(run.iterations).filename()) {
    throw DataError(file.string() + ": expected the state after " + number + " iterations, found that after " +
                    std::to_string(run.iterations) + "; name the file as it was.");
  }
  return run;
}

/// The newest checkpoint beside `damaged` that is whole; nothing where none is.
std::optional<ResumedRun> newest_whole_beside(const std::filesystem::path& damaged) {
  const CheckpointFolder folder(damaged.parent_path());
  std::vector<std::int64_t> numbers = folder.iterations();
  for (; !numbers.empty(); numbers.pop_back()) {
    const std::filesystem::path file = folder.file(numbers.back());
    if (file == damaged) continue;
    try {
      return read_checkpoint(file);
    } catch (const DataError&) {
      continue;
    }
  }
  return std::nullopt;
}

ResumedRun read_whole_checkpoint(const TrainingProgram& program, const ResumePoint& point) {
  try {
    return read_checkpoint(point.checkpoint);
  } catch (const DataError& error) {
    std::optional<ResumedRun> whole = newest_whole_beside(point.checkpoint);
    if (!whole) throw DataError(std::string(error.what()) + " No other checkpoint of the run is whole.");
    if (!point.is_newest) {
      throw DataError(std::string(error.what()) + " The newest checkpoint of the run that is whole: " + program.name +
                      " train --resume " + shell_word(whole->checkpoint.string()));
    }
    whole->warnings.push_back(std::string(error.what()) +
                              " The run goes on from the newest checkpoint that is whole, " +
                              whole->checkpoint.string());
    return std::move(*whole);
  }
}

}  // namespace

ResumedRun read_resumed_run(const ResumePoint& point, const TrainOptions& options, const ImageSet& images) {
  ResumedRun run = read_whole_checkpoint(*options.program, point);
  const std::string file = run.checkpoint.string();
  require_settings(file, run.state, options);
  require_images(file, run.state, images);
  run.memory = in_file(file, [&] { return find_session(run.state); });
  return run;
}

std::vector<std::string> explain_other_origin(const TensorFile& state, const Trainer& trainer) {
  const std::map<std::string, std::string> here = trainer.metadata();
  std::vector<std::string> reasons;
  const auto add = [&reasons](const std::string& what, const std::string& before, const std::string& now) {
    if (before == now) return;
    reasons.push_back("the checkpoint is of another " + what +
                      (now.empty() ? "" : " (" + before + ", here " + now + ")") +
                      ": results will differ in their last bits from those of an uninterrupted run");
  };
  const Record before = Record::parse(metadata_of(state, "kernels"), nullptr, false);
  const Record now = Record::parse(here.at("kernels"), nullptr, false);
  const auto device = [](const Record& record) {
    return record.is_object() && record.contains("device") && record["device"].is_string()
               ? record["device"].get<std::string>()
               : std::string("an unknown one");
  };
  add("device", device(before), device(now));
  add("build", metadata_of(state, "build"), here.at("build"));
  if (kernels_in(before) != kernels_in(now)) add("choice of kernels", "?", "");
  return reasons;
}

}  // namespace duel::app
