#include "tools/kernel_lab/compare.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/io/json_text.h"
#include "tools/kernel_lab/number_options.h"

namespace duel::lab {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

const char* name_of(Change change) {
  switch (change) {
    case Change::none:
      return "within noise";
    case Change::faster:
      return "faster";
    case Change::slower:
      return "SLOWER";
    case Change::wrong:
      return "WRONG now";
    case Change::right:
      return "right now";
    case Change::missing:
      return "missing now";
    case Change::added:
      break;
  }
  return "new";
}

struct Comparison {
  std::string op, case_name, variant;
  double before = kNone, after = kNone;  ///< medians in microseconds, where there are any
  Change change = Change::none;

  double relative_change() const { return (after - before) / before; }
};

const BenchRow* find(const BenchResult& result, const BenchRow& like) {
  const auto is_same = [&](const BenchRow& row) {
    return row.op == like.op && row.variant == like.variant && row.case_name == like.case_name;
  };
  const auto found = std::find_if(result.rows.begin(), result.rows.end(), is_same);
  return found == result.rows.end() ? nullptr : &*found;
}

double median_of(const BenchRow* row) {
  return row && row->wrong.empty() ? row->time.median : kNone;
}

Change change_of(const BenchRow* before, const BenchRow* after, double threshold) {
  if (!before) return after->wrong.empty() ? Change::added : Change::wrong;
  if (!after) return Change::missing;
  if (!after->wrong.empty()) return before->wrong.empty() ? Change::wrong : Change::none;
  if (!before->wrong.empty()) return Change::right;
  return judge(before->time, after->time, threshold);
}

std::vector<Comparison> compare(const BenchResult& before, const BenchResult& after, double threshold) {
  std::vector<Comparison> result;
  const auto add = [&](const BenchRow& like, const BenchRow* old_row, const BenchRow* new_row) {
    result.push_back({like.op, like.case_name, like.variant, median_of(old_row), median_of(new_row),
                      change_of(old_row, new_row, threshold)});
  };
  for (const BenchRow& row : before.rows) add(row, &row, find(after, row));
  for (const BenchRow& row : after.rows) {
    if (!find(before, row)) add(row, nullptr, &row);
  }
  return result;
}

// What differs between the conditions and makes times incomparable.
std::vector<std::string> differences(const BenchConditions& before, const BenchConditions& after) {
  std::vector<std::string> lines;
  const auto look = [&](const std::string& what, const std::string& old_value, const std::string& new_value) {
    if (old_value != new_value) lines.push_back(what + ": " + old_value + " before, " + new_value + " now");
  };
  const auto yes_or_no = [](bool value) { return std::string(value ? "yes" : "no"); };
  look("device", before.device + " (" + before.description + ")", after.device + " (" + after.description + ")");
  look("CUDA driver", std::to_string(before.driver), std::to_string(after.driver));
  look("CUDA runtime", std::to_string(before.runtime), std::to_string(after.runtime));
  look("compiler", before.compiler, after.compiler);
  look("build type", before.build_type, after.build_type);
  look("checked build", yes_or_no(before.checked), yes_or_no(after.checked));
  look("cold cache", yes_or_no(before.cold), yes_or_no(after.cold));
  return lines;
}

std::string introduction_of(const CompareOptions& options, const BenchResult& before, const BenchResult& after,
                            const std::vector<std::string>& warnings) {
  std::string text = "before: " + options.before.string() + ", " + before.conditions.date +
                     "\nnow:    " + options.after.string() + ", " + after.conditions.date + "\n";
  for (const std::string& line : warnings) text += "WARNING: not the same " + line + "\n";
  return text + "\n";
}

Table table_of(const std::vector<Comparison>& comparisons) {
  using enum Column::Kind;
  Table table({{"op", heading},
               {"case", heading},
               {"variant"},
               {"before us", number},
               {"now us", number},
               {"change %", number},
               {"verdict"}});
  for (const Comparison& c : comparisons) {
    const double percent = 100 * c.relative_change();
    table.add({c.op, c.case_name, c.variant, number_text(c.before, 2), number_text(c.after, 2),
               (percent > 0 ? "+" : "") + number_text(percent, 1), name_of(c.change)});
  }
  return table;
}

std::size_t count(const std::vector<Comparison>& comparisons, Change change) {
  return static_cast<std::size_t>(
      std::count_if(comparisons.begin(), comparisons.end(), [&](const Comparison& c) { return c.change == change; }));
}

std::string conclusion_of(const std::vector<Comparison>& comparisons) {
  std::string text;
  for (const Change change :
       {Change::slower, Change::faster, Change::none, Change::wrong, Change::right, Change::missing, Change::added}) {
    const std::size_t number = count(comparisons, change);
    if (number > 0) text += (text.empty() ? "\n" : ", ") + std::to_string(number) + " " + name_of(change);
  }
  return text.empty() ? "\nboth files are empty\n" : text + "\n";
}

std::string json_of(const std::vector<Comparison>& comparisons, const std::vector<std::string>& warnings) {
  auto rows = nlohmann::ordered_json::array();
  const auto value = [](double x) { return std::isfinite(x) ? nlohmann::ordered_json(x) : nullptr; };
  for (const Comparison& c : comparisons) {
    rows.push_back({{"op", c.op},
                    {"case", c.case_name},
                    {"variant", c.variant},
                    {"before_us", value(c.before)},
                    {"now_us", value(c.after)},
                    {"relative_change", value(c.relative_change())},
                    {"verdict", name_of(c.change)}});
  }
  return json_text(
      nlohmann::ordered_json{{"format", "kernel_lab compare 1"}, {"not_the_same", warnings}, {"rows", rows}}, 2);
}

}  // namespace

Change judge(const Summary& before, const Summary& after, double threshold) {
  const bool is_apart = before.third_quartile < after.first_quartile || after.third_quartile < before.first_quartile;
  const double change = (after.median - before.median) / before.median;
  const double least = std::max({threshold, relative_spread(before), relative_spread(after)});
  if (!is_apart || !(std::abs(change) > least)) return Change::none;
  return change < 0 ? Change::faster : Change::slower;
}

int run_compare(const CompareOptions& options, std::ostream& out) {
  Delivery delivery(options.output, "compare", table_of(std::vector<Comparison>()), {options.before, options.after});
  const BenchResult before = read_bench_result(options.before), after = read_bench_result(options.after);
  const auto warnings = differences(before.conditions, after.conditions);
  const auto comparisons = compare(before, after, options.threshold);
  delivery.deliver({.introduction = introduction_of(options, before, after, warnings),
                    .table = table_of(comparisons),
                    .conclusion = conclusion_of(comparisons),
                    .json = json_of(comparisons, warnings)},
                   out);
  const bool is_worse = count(comparisons, Change::slower) + count(comparisons, Change::wrong) > 0;
  return options.fail_on_slower && is_worse ? kFoundWrong : kAllWell;
}

void add_compare(CLI::App& app, Command& command) {
  const auto options = std::make_shared<CompareOptions>();
  CLI::App* subcommand = app.add_subcommand("compare", "Compare two results of 'kernel_lab bench --out FILE.json'.");
  subcommand->add_option("before", options->before, "the earlier result")->required()->type_name("OLD.json");
  subcommand->add_option("now", options->after, "the later result")->required()->type_name("NEW.json");
  subcommand->add_option("--threshold", options->threshold, "smaller relative changes are within the noise anyway")
      ->check(number_between(0, 1000))
      ->capture_default_str();
  subcommand->add_flag("--fail-on-slower", options->fail_on_slower, "exit code 1 where something got slower or wrong");
  add_output_options(*subcommand, options->output);
  subcommand->callback([options, &command] {
    command = [options](std::ostream& out, std::ostream&) { return run_compare(*options, out); };
  });
}

}  // namespace duel::lab
