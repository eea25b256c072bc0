// What a subcommand has to say, in the form that somebody asked for.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "engine/measure/table.h"
#include "files/output_file.h"

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

/// Where a report goes. Made before the work, so that a file that cannot be written is known by then.
class Delivery {
 public:
  /// `subcommand`: such as "bench", of which the JSON's "format" begins with "kernel_lab bench ". `table`: the report's
  /// columns. By these an earlier report in the file is known, which may be replaced. `inputs`: the files that the
  /// subcommand reads. Throws as OutputFile does.
  Delivery(const OutputOptions& options, const std::string& subcommand, const Table& table,
           const std::vector<std::filesystem::path>& inputs = {});

  /// Prints the report; where a file is named, writes it there and prints the table. Throws std::system_error that
  /// names the file.
  void deliver(const Report& report, std::ostream& out);

 private:
  std::string title_;  ///< "kernel_lab bench", with which a table in a file begins
  Format format_;
  OutputFile file_;
};

}  // namespace duel::lab
