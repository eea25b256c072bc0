#include "tools/kernel_resources/csv_line.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "files/text.h"
#include "tools/kernel_resources/ptxas_text.h"

namespace duel {

std::string quoted(const std::string& field) {
  return field.find(',') == std::string::npos ? field : '"' + field + '"';
}

CsvLine::CsvLine(const std::string& file, int number, const std::string& text, std::size_t fields)
    : place_(file + ":" + std::to_string(number) + ": ") {
  std::string field;
  bool in_quotes = false;
  for (const char c : text) {
    if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      fields_.push_back(std::move(field));
      field.clear();
    } else {
      field += c;
    }
  }
  fields_.push_back(std::move(field));
  if (in_quotes || fields_.size() != fields) {
    throw std::runtime_error(place_ + "expected " + std::to_string(fields) + " fields, found " +
                             std::to_string(fields_.size()) + (in_quotes ? " and an open quote" : ""));
  }
}

std::string CsvLine::text(std::size_t column) const {
  if (fields_[column].empty()) fail(column, "a name");
  return fields_[column];
}

int CsvLine::number(std::size_t column) const {
  const std::string& field = fields_[column];
  if (field.empty() || field.size() > 9 || field.find_first_not_of("0123456789") != std::string::npos) {
    fail(column, "a whole number");
  }
  return std::stoi(field);
}

double CsvLine::fraction(std::size_t column) const {
  std::istringstream text(fields_[column]);
  double value = 0;
  if (!(text >> value) || !text.eof() || !(value > 0 && value <= 1)) fail(column, "a number above 0 and up to 1");
  return value;
}

int CsvLine::architecture(std::size_t column) const {
  const int number = architecture_number(fields_[column]);
  if (number == 0) fail(column, "an architecture such as sm_75");
  return number;
}

void CsvLine::fail(std::size_t column, const std::string& expected) const {
  throw std::runtime_error(place_ + "field " + std::to_string(column + 1) + ": expected " + expected + ", found " +
                           in_quotes(fields_[column]));
}

RecordLines read_record_lines(std::istream& csv, const std::string& file, const std::string& columns) {
  RecordLines record;
  std::string text;
  if (!std::getline(csv, text) || !text.starts_with("# nvcc ")) {
    throw std::runtime_error(file + ":1: expected \"# nvcc VERSION\", found " + in_quotes(text));
  }
  record.toolkit = text.substr(7);
  if (!std::getline(csv, text) || text != columns) {
    throw std::runtime_error(file + ":2: expected the columns \"" + columns + "\", found " + in_quotes(text));
  }
  const auto fields = static_cast<std::size_t>(std::ranges::count(columns, ',')) + 1;
  for (int number = 3; std::getline(csv, text); ++number) record.lines.emplace_back(file, number, text, fields);
  return record;
}

}  // namespace duel
