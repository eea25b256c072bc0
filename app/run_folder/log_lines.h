// The lines of a run's logs, whichever form they have.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace duel::app {

/// How the losses of a run are written.
enum class LogFormat {
  jsonl,  ///< stats.jsonl, an object a line
  csv,    ///< stats.csv: a line of names, then one of values each time
};

/// The file of the losses in a run folder, in a new run and in one that is there: that of them which exists.
std::filesystem::path stats_file(const std::filesystem::path& run_folder, LogFormat format);
std::filesystem::path stats_file(const std::filesystem::path& run_folder);

/// Reads a log line by line: objects of JSON, or, in a file that is called .csv, values under a first line of names. A
/// line of more than 1 MiB counts as damaged; what is no regular file is not opened.
class LogLines {
 public:
  explicit LogLines(const std::filesystem::path& file);

  bool is_open() const { return input_.is_open(); }
  /// The next line; false after the last one.
  bool next();
  /// Whether a newline ends it.
  bool is_whole() const { return is_whole_; }
  /// Its object; no object where the line is damaged.
  const nlohmann::json& values() const { return values_; }
  /// Bytes of the file up to the end of this line, or of that of the names.
  std::uintmax_t end() const { return end_; }

 private:
  bool get(std::string& line);
  nlohmann::json row(const std::string& line) const;

  std::ifstream input_;
  bool is_csv_;
  std::vector<char> buffer_;  ///< for a line
  std::vector<std::string> names_;
  bool is_whole_ = false;
  nlohmann::json values_;
  std::uintmax_t end_ = 0;
};

}  // namespace duel::app
