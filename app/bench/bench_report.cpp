#include "app/bench/bench_report.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/bench/bench_scaling.h"
#include "engine/configuration/config_names.h"
#include "engine/measure/table.h"

namespace duel::app {
namespace {

constexpr std::size_t kMostTablesOfShares = 2;
constexpr std::size_t kBar = 20;  // characters of the longest one

/// About three significant digits.
std::string number(double value) {
  if (!(value > 0)) return number_text(value, 0);
  const int digits = static_cast<int>(std::floor(std::log10(value))) + 1;
  return number_text(value, std::clamp(3 - digits, 0, 4));
}

std::string milliseconds(double seconds) {
  return number(1e3 * seconds);
}

std::vector<std::string> shape_cells(const BenchShape& shape) {
  return {name_of(shape.step), std::to_string(shape.batch_size), std::to_string(shape.width)};
}

void add_row(Table& table, const BenchShape& shape, const std::vector<std::string>& cells) {
  std::vector<std::string> row = shape_cells(shape);
  row.insert(row.end(), cells.begin(), cells.end());
  table.add(std::move(row));
}

std::string rounds_text(const BenchResult& result) {
  std::size_t least = result.measurements.front().seconds.size(), most = least;
  for (const Measurement& one : result.measurements) {
    least = std::min(least, one.seconds.size());
    most = std::max(most, one.seconds.size());
  }
  if (most == 1) return "one round";
  return "median and quartiles of " + (least == most ? "" : std::to_string(least) + " to ") + std::to_string(most) +
         " rounds";
}

/// How much longer the second step takes where two were measured in turn.
std::string ratios_text(const BenchResult& result) {
  std::string text;
  for (std::size_t i = 1; i < result.measurements.size(); ++i) {
    const Measurement &first = result.measurements[i - 1], &second = result.measurements[i];
    if (first.shape.batch_size != second.shape.batch_size || first.shape.width != second.shape.width) continue;
    const Summary s = summarize(ratios_of(second.seconds, first.seconds));
    text += "  batch " + std::to_string(first.shape.batch_size) + ", width " + std::to_string(first.shape.width) +
            ": " + name_of(second.shape.step) + " takes " + number_text(s.median, 2) + " times as long as " +
            name_of(first.shape.step) + " (quartiles " + number_text(s.first_quartile, 2) + " to " +
            number_text(s.third_quartile, 2) + ")\n";
  }
  return text;
}

std::string times_text(const BenchResult& result) {
  Table table({{"step"},
               {"batch", Column::Kind::number},
               {"width", Column::Kind::number},
               {"ms", Column::Kind::number},
               {"quartiles", Column::Kind::number},
               {"iterations/s", Column::Kind::number},
               {"images/s", Column::Kind::number},
               {"epoch s", Column::Kind::number},
               {"graph nodes", Column::Kind::number},
               {"device MiB", Column::Kind::number}});
  for (const Measurement& one : result.measurements) {
    const Summary s = one.summary();
    add_row(table, one.shape,
            {milliseconds(s.median), milliseconds(s.first_quartile) + " to " + milliseconds(s.third_quartile),
             number(1 / s.median), number(one.images_per_second()), number(one.epoch_seconds()),
             std::to_string(one.graph_nodes), number(static_cast<double>(one.device_bytes) / (1 << 20))});
  }
  return "An iteration, replayed as a graph (" + rounds_text(result) +
         "); an epoch of 60,000 images is\ncalculated from it:\n" + table.text() + ratios_text(result) + "\n";
}

std::string floors_text(const BenchResult& result) {
  Table table({{"step"},
               {"batch", Column::Kind::number},
               {"width", Column::Kind::number},
               {"MFLOP", Column::Kind::number},
               {"GFLOP/s", Column::Kind::number},
               {"MB", Column::Kind::number},
               {"GB/s", Column::Kind::number},
               {"copy GB/s", Column::Kind::number},
               {"floor ms", Column::Kind::number},
               {"set by"},
               {"time / floor", Column::Kind::number}});
  for (const Measurement& one : result.measurements) {
    add_row(table, one.shape,
            {number_text(one.work.flops / 1e6, 1), number(one.flops_per_second() / 1e9),
             number_text(one.work.bytes / 1e6, 1), number(one.bytes_per_second() / 1e9),
             number(one.ceiling_bytes / 1e9), milliseconds(one.floor_seconds()),
             one.is_bound_by_flops() ? "computing" : "memory", number_text(one.time_over_floor(), 2)});
  }
  const std::string ceilings = fmt::format(
      "  {} GFLOP/s: float32 multiply-adds in registers, no tensor cores\n"
      "  {} GB/s: a copy within {} MiB; where it is faster, one within as much memory as an iteration touches\n",
      number(result.ceilings.flops / 1e9), number(result.ceilings.copy_bytes / 1e9),
      result.ceilings.copied_bytes >> 20);
  return "The least work of an iteration, and how much of it is done per second. The floor is the longer one of "
         "computing\n"
         "and of moving bytes at the ceilings, the highest speeds measured here:\n" +
         ceilings + table.text() + "\n";
}

/// The ranges around the innermost one, and its own name.
std::pair<std::string, std::string> split_path(const std::string& path) {
  const std::string between = " / ";
  const std::size_t last = path.rfind(between);
  if (last == std::string::npos) return {"iteration", path};
  return {path.substr(0, last), path.substr(last + between.size())};
}

std::string shares_text(const Measurement& one) {
  Table table({{"within", Column::Kind::heading},
               {"us", Column::Kind::number},
               {"share", Column::Kind::number},
               {""},
               {"level or op"}});
  double largest = 0;
  for (const RangeShare& range : one.ranges) largest = std::max(largest, range.share);
  for (const RangeShare& range : one.ranges) {
    const auto bar = static_cast<std::size_t>(std::lround(kBar * range.share / largest));
    const auto [around, name] = split_path(range.path);
    table.add(
        {around, number(1e6 * range.seconds), number_text(100 * range.share, 1) + " %", std::string(bar, '#'), name});
  }
  return text_of(one.shape) + ": shares of an iteration run kernel by kernel, which takes " +
         milliseconds(one.seconds_kernel_by_kernel()) + " ms (medians of " + std::to_string(one.timed_iterations) +
         "):\n" + table.text() + "\n";
}

std::string all_shares_text(const BenchResult& result) {
  if (result.measurements.size() > kMostTablesOfShares) {
    return "The shares of each kernel are in the file of --json, and shown where at most two shapes are measured.\n\n";
  }
  std::string text;
  for (const Measurement& one : result.measurements) text += shares_text(one);
  return text;
}

std::string exponent_text(const std::optional<double>& exponent) {
  return exponent ? number_text(*exponent, 2) : "-";
}

std::string scaling_text(const Scaling& scaling) {
  std::vector<Column> columns = {{"batch", Column::Kind::number}};
  for (const int width : scaling.widths) columns.push_back({"width " + std::to_string(width), Column::Kind::number});
  columns.push_back({"exponent in width", Column::Kind::number});
  Table table(columns);
  for (std::size_t b = 0; b < scaling.batch_sizes.size(); ++b) {
    std::vector<std::string> row = {std::to_string(scaling.batch_sizes[b])};
    for (std::size_t w = 0; w < scaling.widths.size(); ++w) {
      row.push_back(number(1e6 * scaling.at(b, w) / scaling.batch_sizes[b]));
    }
    row.push_back(exponent_text(scaling.width_exponents[b]));
    table.add(row);
  }
  std::vector<std::string> last = {"exponent in batch"};
  for (const auto& exponent : scaling.batch_exponents) last.push_back(exponent_text(exponent));
  last.push_back("");
  table.add(last);
  return name_of(scaling.step) +
         ": microseconds for each image of the batch, and the exponents that fit the time of an\n" +
         "iteration best (1: as many times longer as the batch or the widths grow):\n" + table.text() + "\n";
}

std::string skipped_text(const BenchResult& result) {
  if (result.skipped.empty()) return "";
  std::string text = "Left out:\n";
  for (const Skipped& one : result.skipped) text += "  " + text_of(one.shape) + ": " + one.reason + "\n";
  return text + "\n";
}

}  // namespace

std::string bench_report(const BenchResult& result, bool with_scaling) {
  std::string text = times_text(result) + floors_text(result);
  if (!with_scaling) text += all_shares_text(result);
  if (with_scaling) {
    for (const Scaling& scaling : scaling_of(result.measurements)) text += scaling_text(scaling);
  }
  text += skipped_text(result);
  text.pop_back();  // no empty line at the end
  return text;
}

}  // namespace duel::app
