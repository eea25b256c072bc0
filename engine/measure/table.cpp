#include "engine/measure/table.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "files/text.h"

namespace duel {
namespace {

constexpr std::size_t kIndent = 2, kGap = 2;
constexpr std::size_t kNarrowestWrap = 20;  // columns

std::string csv_cell(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (&cell == &cells.front() ? "" : ",") + csv_cell(cell);
  return line + "\n";
}

// Words of `text` in lines of at most `width` columns, where no word is longer.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::string& line = lines.back();
    if (!line.empty() && columns_in(line) + 1 + columns_in(word) > width) {
      lines.push_back(word);
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return lines;
}

}  // namespace

std::string number_text(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

void Table::add(std::vector<std::string> cells) {
  if (cells.size() != columns_.size()) {
    throw std::invalid_argument("a row of " + std::to_string(cells.size()) + " cells for a table of " +
                                std::to_string(columns_.size()) + " columns");
  }
  rows_.push_back(std::move(cells));
}

std::string Table::csv() const {
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name);
  std::string out = csv_line(names);
  for (const auto& row : rows_) out += csv_line(row);
  return out;
}

std::vector<std::size_t> Table::widths(std::size_t width) const {
  std::vector<std::size_t> result(columns_.size());
  std::size_t before_last = kIndent;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].kind == Column::Kind::heading) continue;
    result[c] = columns_in(columns_[c].name);
    for (const auto& row : rows_) result[c] = std::max(result[c], columns_in(row[c]));
    if (c + 1 < columns_.size()) before_last += result[c] + kGap;
  }
  if (columns_.back().kind == Column::Kind::text) {
    const std::size_t left = width > before_last ? width - before_last : 0;
    result.back() = std::min(result.back(), std::max(left, kNarrowestWrap));
  }
  return result;
}

std::string Table::heading(const std::vector<std::string>& row) const {
  std::string line;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].kind == Column::Kind::heading) line += (line.empty() ? "" : ", ") + row[c];
  }
  return line;
}

void Table::add_line(std::string& out, const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& widths) const {
  std::string line(kIndent, ' ');
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].kind == Column::Kind::heading) continue;
    const bool is_last = c + 1 == columns_.size();
    if (is_last && columns_[c].kind == Column::Kind::text) {
      const std::string margin(line.size(), ' ');
      for (const std::string& part : wrapped(cells[c], widths[c])) {
        out += line + part + "\n";
        line = margin;
      }
      return;
    }
    const std::string padding(widths[c] - std::min(widths[c], columns_in(cells[c])), ' ');
    line += columns_[c].kind == Column::Kind::number ? padding + cells[c] : cells[c] + padding;
    if (!is_last) line += std::string(kGap, ' ');
  }
  out += line + "\n";
}

std::string Table::text(std::size_t width) const {
  const auto column_widths = widths(width);
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name);
  std::string out, last_heading;
  add_line(out, names, column_widths);
  for (const auto& row : rows_) {
    const std::string line = heading(row);
    if (line != last_heading) out += line + "\n";
    last_heading = line;
    add_line(out, row, column_widths);
  }
  return out;
}

}  // namespace duel
