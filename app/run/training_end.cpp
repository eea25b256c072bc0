#include "app/run/training_end.h"

#include <cstring>
#include <iostream>
#include <system_error>

#include "app/advice/remedy.h"
#include "app/device/host_memory.h"
#include "app/report/progress.h"
#include "app/report/report.h"
#include "engine/io/data_error.h"
#include "kernels/runtime/allocation.h"
#include "kernels/runtime/error.h"

namespace duel::app {
namespace {

std::string summary(const SessionResult& result, const TrainOptions& options, const RunOutcome& outcome,
                    const RunFolder& folder, const Trainer& trainer) {
  std::string text;
  if (outcome.end == RunEnd::collapsed) text = "collapse     " + outcome.reason + "\n";
  if (!outcome.remedy.empty()) text += "             " + outcome.remedy + "\n";
  text += "iterations   " + std::to_string(result.iterations) + " in " + format_duration(result.seconds);
  if (result.last_epoch_seconds >= 0) text += "; last epoch " + format_duration(result.last_epoch_seconds);
  const bool has_pictures = options.sample_interval > 0;
  if (has_pictures) text += "\npictures     " + folder.sample_file(result.iterations).string();
  if (has_pictures && options.has_script_pictures) text += "\n             " + folder.images_folder().string() + "/";
  text += "\nreport       " + report_file(folder.path()).string();
  text += "\ncheckpoint   " + folder.checkpoints().latest().string();
  text += "\npeak memory  host " + format_bytes(peak_host_bytes()) + ", device " +
          format_bytes(static_cast<double>(trainer.device_bytes())) + "\n";
  const bool can_go_on = outcome.iterations < outcome.goal;
  const std::string command = can_go_on ? resume_command(*options.program, folder.path(), is_out_of_time(outcome)) : "";
  if (!command.empty()) text += "to go on:    " + command + "\n";
  return text;
}

ExitCode exit_code_of(const SessionResult& result) {
  if (result.has_collapsed) return ExitCode::collapsed;
  return result.signal == 0 ? ExitCode::ok : static_cast<ExitCode>(128 + result.signal);
}

RunOutcome outcome_of(const SessionResult& result, std::int64_t goal) {
  RunOutcome outcome{
      .exit_code = static_cast<int>(exit_code_of(result)), .iterations = result.iterations, .goal = goal};
  if (result.has_collapsed) {
    outcome.end = RunEnd::collapsed;
    outcome.reason = result.alarm;
  } else if (result.signal == 0 && result.iterations == goal) {
    outcome.end = RunEnd::finished;
  } else {
    outcome.end = RunEnd::stopped;
    outcome.reason =
        result.signal == 0 ? "the time limit (--minutes)" : std::string("SIG") + sigabbrev_np(result.signal);
  }
  return outcome;
}

/// The error that ends the program matters more than one that keeps it from being told.
template <class Action>
void attempt(const Action& action) {
  try {
    action();
  } catch (const std::exception&) {  // a full disk, perhaps
  }
}

template <class Error>
void throw_if(const std::exception& error, const std::string& remedy) {
  if (const auto* const found = dynamic_cast<const Error*>(&error)) throw WithRemedy<Error>(*found, remedy);
}

}  // namespace

ExitCode end_training(const SessionResult& result, const TrainOptions& options, std::int64_t goal,
                      const Trainer& trainer, RunFolder& folder) {
  RunOutcome outcome = outcome_of(result, goal);
  if (!result.alarm.empty()) outcome.remedy = collapse_remedy(options, result.was_well);
  folder.write_outcome(outcome);
  const std::string text = summary(result, options, outcome, folder, trainer);
  folder.log(text);
  write_report(*options.program, folder.path());
  const ExitCode code = exit_code_of(result);
  if ((std::cout << text).flush().good() || code != ExitCode::ok) return code;
  // The program ends with this code, and says why (files/program.h).
  outcome.exit_code = static_cast<int>(ExitCode::disk);
  folder.write_outcome(outcome);
  return code;
}

void fail_training(const std::exception& error, const TrainOptions& options, std::int64_t goal, std::int64_t iterations,
                   RunFolder& folder) {
  const std::string remedy = failure_remedy(error, options, folder.path());
  attempt([&] { folder.log(std::string("error: ") + error.what() + "\n" + remedy); });
  attempt([&] {
    folder.write_outcome({.end = RunEnd::failed,
                          .exit_code = static_cast<int>(app::exit_code_of(error)),
                          .iterations = iterations,
                          .goal = goal,
                          .reason = error.what(),
                          .remedy = remedy});
  });
  attempt([&] { write_report(*options.program, folder.path()); });
  throw_if<SettingError>(error, remedy);
  throw_if<UsageError>(error, remedy);
  throw_if<DataError>(error, remedy);
  throw_if<CudaError>(error, remedy);
  throw_if<NonFiniteError>(error, remedy);
  throw_if<std::system_error>(error, remedy);
  throw;
}

}  // namespace duel::app
