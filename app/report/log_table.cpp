#include "app/report/log_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/run_folder/log_lines.h"

namespace duel::app {
namespace {

using Json = nlohmann::json;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostColumns = 256;  // no log has as many: whatever it is, the memory stays bounded

/// Whether doubles up to this one have all whole numbers, and it is one of them from 0 on.
bool is_iteration(double x) {
  constexpr double kMost = 9007199254740992.0;  // 2^53
  return x >= 0 && x <= kMost && x == std::floor(x);
}

/// Fills a table line by line.
class Reader {
 public:
  explicit Reader(LogTable& table) : table_(table) {}

  /// False for a line that is damaged.
  bool take(const Json& json) {
    if (!json.is_object()) return false;
    const auto iteration = json.find("iteration");
    if (iteration == json.end() || !iteration->is_number()) return false;
    const double x = iteration->get<double>();
    if (!is_iteration(x) || (!table_.iterations.empty() && x <= table_.iterations.back())) return false;
    for (const auto& [key, value] : json.items()) {
      put(key, value);
      if (!value.is_array()) continue;
      for (std::size_t i = 0; i < value.size(); ++i) put(key + "[" + std::to_string(i) + "]", value[i]);
    }
    table_.iterations.push_back(x);
    const auto alarm = json.find("alarm");
    take_alarm(x, alarm != json.end() && alarm->is_string() ? alarm->get<std::string>() : "");
    return true;
  }

  void finish() {
    for (auto& [name, column] : table_.columns) column.resize(table_.iterations.size(), kNothing);
  }

 private:
  void put(const std::string& name, const Json& value) {
    if (!value.is_number() || name == "iteration") return;
    if (!table_.columns.contains(name) && table_.columns.size() >= kMostColumns) return;
    std::vector<double>& column = table_.columns[name];
    column.resize(table_.iterations.size(), kNothing);  // of the lines that lacked it
    column.push_back(value.get<double>());
  }

  void take_alarm(double x, const std::string& text) {
    if (text.empty()) {
      is_alarmed_ = false;
    } else if (is_alarmed_) {
      table_.alarms.back().last = x;
    } else {
      table_.alarms.push_back({x, x, text});
      is_alarmed_ = true;
    }
  }

  LogTable& table_;
  bool is_alarmed_ = false;
};

}  // namespace

const std::vector<double>* LogTable::find(const std::string& name) const {
  const auto found = columns.find(name);
  if (found == columns.end()) return nullptr;
  const auto is_number = [](double value) { return std::isfinite(value); };
  return std::any_of(found->second.begin(), found->second.end(), is_number) ? &found->second : nullptr;
}

double LogTable::last(const std::string& name) const {
  const std::vector<double>* column = find(name);
  if (column == nullptr) return kNothing;
  return *std::find_if(column->rbegin(), column->rend(), [](double value) { return std::isfinite(value); });
}

LogTable read_log_table(const std::filesystem::path& file) {
  LogTable table;
  LogLines lines(file);
  table.is_there = lines.is_open();
  Reader reader(table);
  while (lines.next()) {
    if (!reader.take(lines.values()) && lines.is_whole()) ++table.damaged_lines;
  }
  reader.finish();
  return table;
}

}  // namespace duel::app
