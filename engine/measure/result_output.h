// What a command has found out, in the form that somebody asked for.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "files/output_file.h"

namespace duel {

enum class ResultFormat { table, json, csv };

struct ResultOptions {
  std::optional<ResultFormat> format;  ///< by default that of the file's ending, else a table
  std::filesystem::path file;          ///< empty: standard output alone
};

/// The same in every form.
struct ResultForms {
  std::string text;  ///< for people
  std::string csv;   ///< the numbers, a line each
  std::string json;  ///< everything, exactly

  const std::string& in(ResultFormat format) const;
};

/// Where a result goes: --format and --out. Made before the work, so that a file that cannot be written is known by
/// then.
class ResultOutput {
 public:
  /// `title`: such as "kernel_lab bench", with which the JSON's "format" and a table in a file begin; `csv_header`: the
  /// first line of CSV. By these an earlier result in the file is known, which may be replaced. `other_ending`: the
  /// form of a file that ends in neither .json, .csv nor .txt. Throws as OutputFile does.
  ResultOutput(const ResultOptions& options, std::string title, const std::string& csv_header,
               ResultFormat other_ending);

  /// Throws std::invalid_argument where the file is one of those that the command reads.
  void keep_apart_from(const std::vector<std::filesystem::path>& inputs) const { file_.keep_apart_from(inputs); }

  /// What people see before the work begins: printed at once, unless standard output gets another form.
  void begin(std::string introduction, std::ostream& out);
  /// Prints the result; where a file is named, writes it there and prints the text. Throws std::system_error that names
  /// the file.
  void deliver(const ResultForms& result, std::ostream& out);

 private:
  bool prints_text() const { return file_.is_named() || format_ == ResultFormat::table; }

  std::string title_, introduction_;
  ResultFormat format_;
  OutputFile file_;
};

}  // namespace duel
