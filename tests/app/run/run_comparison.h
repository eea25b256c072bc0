// Whether two run folders hold the same, but for what time, place and threads decide.
#pragma once

#include <regex>
#include <set>
#include <string>

#include "tests/app/workplace.h"

namespace duel::app::test {

/// All files below a folder, by their paths in it.
inline std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_directory()) files.insert(entry.path().lexically_relative(folder).string());
  }
  return files;
}

inline std::string without_seconds(const std::string& lines) {
  return std::regex_replace(lines, std::regex("(,\"seconds\":[^}]*)|(,[0-9.e+-]*\n)"), "");
}

/// config.toml without where and with how many threads.
inline std::string without_place(const std::string& settings) {
  return std::regex_replace(settings, std::regex("(outdir|threads|data|checkpoint-seconds) = [^\n]*\n"), "");
}

/// The first difference between the folders; "" where there is none. Logs, reports and outcomes tell of sessions.
inline std::string difference_between_runs(const fs::path& a, const fs::path& b) {
  const std::set<std::string> names = files_below(a), others = files_below(b);
  for (const std::string& name : names) {
    if (!others.contains(name)) return "only one has " + name;
  }
  for (const std::string& name : others) {
    if (!names.contains(name)) return "only the other has " + name;
  }
  for (const std::string& name : names) {
    if (name == "log.txt" || name == "report.html" || name == "outcome.json") continue;
    std::string left = content_of(a / name), right = content_of(b / name);
    if (name == "stats.jsonl" || name == "stats.csv") left = without_seconds(left), right = without_seconds(right);
    if (name == "config.toml") left = without_place(left), right = without_place(right);
    if (left != right) return name;
  }
  return "";
}

}  // namespace duel::app::test
