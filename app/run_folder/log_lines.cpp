#include "app/run_folder/log_lines.h"

#include <limits>

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLine = 1 << 20;  // bytes

std::vector<std::string> fields_in(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else if (c != '\r') {  // of a spreadsheet
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

fs::path stats_file(const fs::path& run_folder, LogFormat format) {
  return run_folder / (format == LogFormat::csv ? "stats.csv" : "stats.jsonl");
}

fs::path stats_file(const fs::path& run_folder) {
  const fs::path csv = stats_file(run_folder, LogFormat::csv);
  std::error_code error;
  return fs::exists(csv, error) ? csv : stats_file(run_folder, LogFormat::jsonl);
}

LogLines::LogLines(const fs::path& file) : is_csv_(file.extension() == ".csv"), buffer_(kMostLine) {
  std::error_code error;
  if (fs::is_regular_file(file, error)) input_.open(file, std::ios::binary);  // a device may never end
  std::string names;
  if (is_csv_ && get(names)) names_ = fields_in(names);
}

bool LogLines::get(std::string& line) {
  if (!input_.is_open()) return false;
  input_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  auto bytes = static_cast<std::size_t>(input_.gcount());
  if (bytes == 0) return false;
  const bool is_too_long = input_.fail() && !input_.eof();
  if (is_too_long) {
    input_.clear();
    input_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    bytes += static_cast<std::size_t>(input_.gcount());
  }
  is_whole_ = !input_.eof();
  line.assign(buffer_.data(), is_too_long ? 0 : bytes - (is_whole_ ? 1 : 0));
  end_ += bytes;
  return true;
}

nlohmann::json LogLines::row(const std::string& line) const {
  const std::vector<std::string> fields = fields_in(line);
  if (fields.size() != names_.size()) return nlohmann::json::value_t::discarded;
  nlohmann::json values = nlohmann::json::object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    nlohmann::json value = nlohmann::json::parse(fields[i], nullptr, false);
    values[names_[i]] = value.is_number() ? std::move(value) : nlohmann::json();
  }
  return values;
}

bool LogLines::next() {
  std::string line;
  if (!get(line)) return false;
  values_ = is_csv_ ? row(line) : nlohmann::json::parse(line, nullptr, false);
  return true;
}

}  // namespace duel::app
