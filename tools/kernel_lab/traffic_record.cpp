#include "tools/kernel_lab/traffic_record.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>
#include <string_view>
#include <tuple>

#include "engine/io/data_error.h"
#include "files/regular_file.h"
#include "files/text.h"

namespace duel::lab {
namespace {

constexpr std::string_view kTextColumns = "op,variant,case,kernel,launch";
constexpr std::size_t kTextCount = 5;

std::string header() {
  std::string line(kTextColumns);
  for (const Counter& counter : kCounters) line += "," + std::string(counter.name);
  return line;
}

// In quotes where it must be.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> cells(1);
  bool within_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool doubled = within_quotes && line.substr(i).starts_with("\"\"");
    if (doubled) {
      cells.back() += line[i++];
    } else if (line[i] == '"') {
      within_quotes = !within_quotes;
    } else if (line[i] == ',' && !within_quotes) {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  return cells;
}

// Where a line of the file stands, for messages.
struct Place {
  const std::filesystem::path& file;
  int line;
};

[[noreturn]] void refuse(const Place& place, const std::string& expected, const std::string& found) {
  throw DataError(place.file.string() + ", line " + std::to_string(place.line) + ": expected " + expected + ", found " +
                  found + "; record it anew: kernel_lab counters --record");
}

std::uint64_t parse_count(const std::string& cell, const Place& place) {
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || rest != cell.data() + cell.size()) refuse(place, "a whole number", in_quotes(cell));
  return value;
}

CountedKernel parse_kernel(const std::string& line, const Place& place) {
  const auto cells = split(line);
  constexpr std::size_t kCells = kTextCount + kCounterCount;
  if (cells.size() != kCells) refuse(place, std::to_string(kCells) + " cells", std::to_string(cells.size()));
  CountedKernel kernel{cells[0], cells[1], cells[2], cells[3], cells[4], {}};
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    kCounters[i].of(kernel.traffic) = parse_count(cells[kTextCount + i], place);
  }
  return kernel;
}

auto key(const CountedKernel& kernel) {
  return std::tie(kernel.op, kernel.variant, kernel.case_name, kernel.kernel, kernel.launch);
}

std::string name_of(const CountedKernel& kernel) {
  return kernel.op + " " + kernel.variant + ", " + kernel.case_name + ", " + kernel.kernel + " <" + kernel.launch + ">";
}

const CountedKernel* find(const std::vector<CountedKernel>& kernels, const CountedKernel& wanted) {
  const auto found =
      std::find_if(kernels.begin(), kernels.end(), [&](const auto& kernel) { return key(kernel) == key(wanted); });
  return found == kernels.end() ? nullptr : &*found;
}

}  // namespace

std::string compiler_name() {
#ifdef __clang__
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#else
  return "gcc " __VERSION__;
#endif
}

void write_recorded(std::ostream& out, const RecordedTraffic& recorded) {
  out << kRecordedBeginning << recorded.compiler << "\n" << header() << "\n";
  for (CountedKernel kernel : recorded.kernels) {
    out << csv_cell(kernel.op) << ',' << csv_cell(kernel.variant) << ',' << csv_cell(kernel.case_name) << ','
        << csv_cell(kernel.kernel) << ',' << csv_cell(kernel.launch);
    for (const Counter& counter : kCounters) out << ',' << counter.of(kernel.traffic);
    out << "\n";
  }
}

RecordedTraffic read_recorded(const std::filesystem::path& file) {
  Place place{file, 1};
  const std::optional<std::string> text = read_regular_file(file);
  if (!text) refuse(place, "recorded traffic", "no such file, or no regular one");
  std::istringstream in(*text);
  std::string line;
  if (!std::getline(in, line)) refuse(place, "recorded traffic", "an empty file");
  if (!line.starts_with(kRecordedBeginning)) refuse(place, in_quotes(kRecordedBeginning), in_quotes(line));
  RecordedTraffic recorded{line.substr(std::string_view(kRecordedBeginning).size()), {}};
  ++place.line;
  if (!std::getline(in, line) || line != header()) refuse(place, "the header " + in_quotes(header()), in_quotes(line));
  while (std::getline(in, line)) {
    ++place.line;
    recorded.kernels.push_back(parse_kernel(line, place));
  }
  return recorded;
}

RecordedTraffic of_ops(RecordedTraffic recorded, const std::vector<std::string>& counted,
                       const std::vector<std::string>& all) {
  const auto contains = [](const std::vector<std::string>& ops, const CountedKernel& kernel) {
    return std::ranges::find(ops, kernel.op) != ops.end();
  };
  std::erase_if(recorded.kernels,
                [&](const CountedKernel& kernel) { return contains(all, kernel) && !contains(counted, kernel); });
  return recorded;
}

RecordedTraffic smallest_cases(RecordedTraffic recorded) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::uint64_t>> requests;
  for (const CountedKernel& kernel : recorded.kernels) {
    requests[{kernel.op, kernel.variant}][kernel.case_name] += kernel.traffic.requests;
  }
  std::erase_if(recorded.kernels, [&](const CountedKernel& kernel) {
    const auto& of_variant = requests.at({kernel.op, kernel.variant});
    const auto least = std::ranges::min_element(of_variant, {}, [](const auto& one) { return one.second; });
    return kernel.case_name != least->first;
  });
  return recorded;
}

RecordedTraffic with_counted(const RecordedTraffic& before, const std::vector<CountedKernel>& counted,
                             const std::vector<std::string>& ops) {
  RecordedTraffic after{before.compiler, {}};
  for (const std::string& op : ops) {
    const auto is_of_op = [&](const CountedKernel& kernel) { return kernel.op == op; };
    const auto& source = std::ranges::any_of(counted, is_of_op) ? counted : before.kernels;
    std::ranges::copy_if(source, std::back_inserter(after.kernels), is_of_op);
  }
  return after;
}

std::vector<std::string> compare_with_recorded(const std::vector<CountedKernel>& counted,
                                               const RecordedTraffic& recorded, bool everything) {
  std::vector<std::string> differences;
  std::set<std::tuple<std::string, std::string, std::string>> counted_cases;
  for (CountedKernel now : counted) {
    counted_cases.emplace(now.op, now.variant, now.case_name);
    const CountedKernel* found = find(recorded.kernels, now);
    if (!found) {
      differences.push_back(name_of(now) + ": not recorded");
      continue;
    }
    CountedKernel before = *found;
    for (const Counter& counter : kCounters) {
      const std::uint64_t was = counter.of(before.traffic), is = counter.of(now.traffic);
      if (was == is) continue;
      differences.push_back(name_of(now) + ": " + std::string(counter.name) + " was " + std::to_string(was) + ", is " +
                            std::to_string(is));
    }
  }
  for (const CountedKernel& before : recorded.kernels) {
    const bool is_expected = everything || counted_cases.contains({before.op, before.variant, before.case_name});
    if (is_expected && !find(counted, before)) {
      differences.push_back(name_of(before) + ": recorded, but no longer launched");
    }
  }
  return differences;
}

}  // namespace duel::lab
