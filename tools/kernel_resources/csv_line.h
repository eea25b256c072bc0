// Fields of a line of a record.
#pragma once

#include <cstddef>
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

}  // namespace duel
