// Fields of a line of a record.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace duel {

/// A field, quoted where it has commas (template arguments); no kernel's name has quotes.
std::string quoted(const std::string& field);

/// Every question throws std::runtime_error that names file, line, field, what was expected and what was found.
class CsvLine {
 public:
  /// Throws likewise where there are not so many fields.
  CsvLine(const std::string& file, int number, const std::string& text, std::size_t fields);

  std::string text(std::size_t column) const;
  int number(std::size_t column) const;
  double fraction(std::size_t column) const;
  int architecture(std::size_t column) const;
  bool is_empty(std::size_t column) const { return fields_[column].empty(); }

 private:
  [[noreturn]] void fail(std::size_t column, const std::string& expected) const;

  std::string place_;
  std::vector<std::string> fields_;
};

/// The lines of a record: "# nvcc VERSION", the names of the columns, and a line per kernel and architecture.
struct RecordLines {
  std::string toolkit;  ///< the version
  std::vector<CsvLine> lines;
};

/// `columns`: their names, with commas; `file` names it in errors. Throws std::runtime_error with file and line.
RecordLines read_record_lines(std::istream& csv, const std::string& file, const std::string& columns);

}  // namespace duel
