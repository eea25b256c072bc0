#include <array>
#include <iomanip>
#include <sstream>
#include <stdexcept>

#include "files/text.h"
#include "tools/kernel_resources/record.h"

namespace duel {
namespace {

constexpr const char* kColumns =
    "source,kernel,architecture,threads,registers,spill_stores,spill_loads,stack,shared,constant,blocks_per_sm,"
    "occupancy,limited_by";
constexpr std::size_t kColumnCount = 13;

// Fields are quoted where they have commas (template arguments); no kernel's name has quotes.
std::string quoted(const std::string& field) {
  return field.find(',') == std::string::npos ? field : '"' + field + '"';
}

class Line {
 public:
  Line(const std::string& file, int number, const std::string& text)
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
    if (in_quotes || fields_.size() != kColumnCount) {
      throw std::runtime_error(place_ + "expected " + std::to_string(kColumnCount) + " fields, found " +
                               std::to_string(fields_.size()) + (in_quotes ? " and an open quote" : ""));
    }
  }

  std::string text(std::size_t column) const {
    if (fields_[column].empty()) fail(column, "a name");
    return fields_[column];
  }

  int number(std::size_t column) const {
    const std::string& field = fields_[column];
    if (field.empty() || field.size() > 9 || field.find_first_not_of("0123456789") != std::string::npos) {
      fail(column, "a whole number");
    }
    return std::stoi(field);
  }

  double fraction(std::size_t column) const {
    std::istringstream text(fields_[column]);
    double value = 0;
    if (!(text >> value) || !text.eof() || !(value > 0 && value <= 1)) fail(column, "a number above 0 and up to 1");
    return value;
  }

  int architecture(std::size_t column) const {
    const int number = architecture_number(fields_[column]);
    if (number == 0) fail(column, "an architecture such as sm_75");
    return number;
  }

 private:
  [[noreturn]] void fail(std::size_t column, const std::string& expected) const {
    throw std::runtime_error(place_ + "field " + std::to_string(column + 1) + ": expected " + expected + ", found " +
                             in_quotes(fields_[column]));
  }

  std::string place_;
  std::vector<std::string> fields_;
};

KernelRow read_row(const Line& line) {
  KernelRow row;
  KernelResources& k = row.resources;
  k.source = line.text(0);
  k.kernel = line.text(1);
  k.architecture = line.architecture(2);
  k.threads = line.number(3);
  k.registers = line.number(4);
  k.spill_stores = line.number(5);
  k.spill_loads = line.number(6);
  k.stack = line.number(7);
  k.shared = line.number(8);
  k.constant = line.number(9);
  if (k.threads > 0) row.occupancy = Occupancy{line.number(10), line.fraction(11), line.text(12)};
  return row;
}

}  // namespace

void write_csv(const ResourceTable& table, std::ostream& csv) {
  csv << "# nvcc " << table.toolkit << "\n" << kColumns << "\n";
  for (const auto& [k, occupancy] : table.rows) {
    csv << quoted(k.source) << ',' << quoted(k.kernel) << ",sm_" << k.architecture << ',' << k.threads << ','
        << k.registers << ',' << k.spill_stores << ',' << k.spill_loads << ',' << k.stack << ',' << k.shared << ','
        << k.constant << ',';
    if (occupancy) {
      csv << occupancy->blocks << ',' << std::setprecision(6) << occupancy->fraction << ',' << occupancy->limited_by;
    } else {
      csv << ",,";
    }
    csv << "\n";
  }
}

ResourceTable read_csv(std::istream& csv, const std::string& file) {
  ResourceTable table;
  std::string text;
  if (!std::getline(csv, text) || !text.starts_with("# nvcc ")) {
    throw std::runtime_error(file + ":1: expected \"# nvcc VERSION\", found " + in_quotes(text));
  }
  table.toolkit = text.substr(7);
  if (!std::getline(csv, text) || text != kColumns) {
    throw std::runtime_error(file + ":2: expected the columns \"" + kColumns + "\", found " + in_quotes(text));
  }
  for (int number = 3; std::getline(csv, text); ++number) table.rows.push_back(read_row(Line(file, number, text)));
  return table;
}

}  // namespace duel
