// Logs, such as stats.jsonl, stats.csv and convergence.jsonl, as columns over iterations.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace duel::app {

/// Lines in a row whose "alarm" is not empty.
struct Alarm {
  double first = 0, last = 0;  ///< iterations
  std::string text;            ///< of the first line
};

struct LogTable {
  bool is_there = false;                               ///< the file can be read
  std::size_t damaged_lines = 0;                       ///< left out
  std::vector<double> iterations;                      ///< ascending
  std::map<std::string, std::vector<double>> columns;  ///< each as long as `iterations`; NaN where there is no number
  std::vector<Alarm> alarms;

  /// The column of that name; nullptr where there is none with a number in it. Element i of a list "shares" is
  /// "shares[i]".
  const std::vector<double>* find(const std::string& name) const;
  /// The last number of a column; NaN where there is none.
  double last(const std::string& name) const;
};

/// Reads a log that may still grow, lack values or be damaged. A line counts as damaged unless it has a number
/// "iteration" greater than that of the line before; an unfinished last line is passed over without a word.
LogTable read_log_table(const std::filesystem::path& file);

}  // namespace duel::app
