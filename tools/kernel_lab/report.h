// What a subcommand has to say, in the form that somebody asked for.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "engine/measure/table.h"

namespace duel::lab {

enum class Format { table, csv, json };

struct OutputOptions {
  std::optional<Format> format;  ///< by default that of the file's ending, else a table
  std::filesystem::path file;    ///< empty: standard output alone
};

struct Report {
  std::string introduction;  ///< lines above the table
  Table table;
  std::string conclusion;  ///< lines below it
  std::string json;        ///< the same for programs, and more exactly
};

/// Prints the report; where a file is named, writes it there, whole or not at all, and prints the table.
/// Throws std::system_error that names the file.
void deliver(const Report& report, const OutputOptions& options, std::ostream& out);

}  // namespace duel::lab
