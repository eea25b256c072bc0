// Tables for people and for programs.
#pragma once

#include <string>
#include <vector>

namespace duel {

/// Text of a number with so many digits after the point; "-" where it is not finite.
std::string number_text(double value, int decimals);

struct Column {
  enum class Kind {
    heading,  ///< for people: no column, but a line above the rows that share it
    text,     ///< left-aligned
    number    ///< right-aligned
  };
  std::string name;  ///< with the unit, if it has one
  Kind kind = Kind::text;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Throws std::invalid_argument unless there is a cell for every column.
  void add(std::vector<std::string> cells);
  std::size_t rows() const { return rows_.size(); }

  /// Aligned, with a header. A last column of texts is wrapped at `width` characters.
  std::string text(std::size_t width = 120) const;
  /// RFC 4180, but lines end in "\n": a header line, then the rows; cells with commas, quotes or line ends are quoted.
  std::string csv() const;

 private:
  std::vector<std::size_t> widths(std::size_t width) const;
  std::string heading(const std::vector<std::string>& row) const;
  void add_line(std::string& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace duel
