// How a run ended, as outcome.json of its folder says it to the report and to programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace duel::app {

enum class RunEnd {
  running,    ///< not yet
  finished,   ///< all iterations are done
  stopped,    ///< by a signal or the time limit, after saving
  collapsed,  ///< as the generator has collapsed, after saving
  failed,     ///< with an error
  killed,     ///< without a word: the process is gone, or the machine was switched off; no process writes this
};

/// More is no file of JSON that a run wrote.
inline constexpr std::uintmax_t kMostRecordBytes = 16 << 20;

/// As outcome.json has it: "running", "finished", ...
const char* outcome_name(RunEnd end);

struct RunOutcome {
  RunEnd end = RunEnd::running;
  int exit_code = 0;
  std::int64_t iterations = 0;  ///< done; while it runs, those when it was started
  std::int64_t goal = 0;        ///< that were to be done
  std::string reason;           ///< of an end before the goal: the signal, the alarm or the error; else ""
  std::string remedy;           ///< of an error, or a collapse; commands stand between backticks
  std::string version = {};     ///< of the build that wrote it
  std::string begun = {};       ///< when the run was begun, "2026-01-31T23:59:59Z"; "": it is not known
};

/// Whether nobody says how far it came.
bool is_open(RunEnd end);

/// Whether the time limit has ended the run.
bool is_out_of_time(const RunOutcome& outcome);

/// {"outcome":"failed","exit_code":6,"iterations":1200,"goal":18760,"reason":"...","remedy":"...",
/// "version":"...","begun":"..."}. Bytes of the texts that are no UTF-8 are replaced.
std::string to_json(const RunOutcome& outcome);
/// Nothing where the text is not what to_json() makes.
std::optional<RunOutcome> parse_outcome(const std::string& text);

/// What outcome.json of a run folder says, and `killed` where that is `running`, but no process trains there: whoever
/// does holds the lock of log.txt. Nothing where there is no such file, or a damaged one.
std::optional<RunOutcome> read_outcome(const std::filesystem::path& run_folder);

}  // namespace duel::app
