#include "tools/kernel_lab/results.h"

#include <cuda_runtime.h>

#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "engine/io/data_error.h"
#include "engine/io/json_text.h"
#include "files/regular_file.h"
#include "files/text.h"
#include "files/time_text.h"
#include "kernels/runtime/error.h"
#include "tools/kernel_lab/lab.h"

namespace duel::lab {
namespace {

using nlohmann::ordered_json;

constexpr const char* kFormat = "kernel_lab bench 1";

std::string compiler_text() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

ordered_json json_of(const Summary& s) {
  return {{"count", s.count},
          {"minimum", s.minimum},
          {"first_quartile", s.first_quartile},
          {"median", s.median},
          {"third_quartile", s.third_quartile},
          {"maximum", s.maximum}};
}

ordered_json json_of(const BenchConditions& c) {
  return {{"device", c.device},
          {"is_cpu", c.is_cpu},
          {"description", c.description},
          {"cuda_driver", c.driver},
          {"cuda_runtime", c.runtime},
          {"compiler", c.compiler},
          {"build_type", c.build_type},
          {"checked", c.checked},
          {"cold", c.cold},
          {"noise", c.noise},
          {"seconds", c.seconds},
          {"copy_bytes_per_second", c.copy_bandwidth},
          {"date", c.date}};
}

ordered_json json_of(const BenchRow& row) {
  ordered_json json = {{"op", row.op}, {"variant", row.variant}, {"case", row.case_name}, {"shapes", row.shapes}};
  for (const auto& [axis, size] : row.sizes) json["sizes"][axis] = size;
  if (!row.wrong.empty()) {
    json["wrong"] = row.wrong;
    return json;
  }
  json["time_us"] = json_of(row.time);
  json["ratio_to_first"] = json_of(row.ratio_to_first);
  json["is_settled"] = row.is_settled;
  json["bytes_read"] = row.work.bytes.read;
  json["bytes_written"] = row.work.bytes.written;
  json["operations"] = row.work.flops.all();
  return json;
}

// A value of the file that knows its place.
class Node {
 public:
  Node(const ordered_json& value, std::string place, const std::string& file)
      : value_(value), place_(std::move(place)), file_(file) {}

  [[noreturn]] void refuse(const std::string& expected) const {
    const std::string found = value_.is_structured() ? value_.type_name() : excerpt(json_text(value_));
    throw DataError(file_ + ": " + (place_.empty() ? "the whole" : place_) + " is " + found + "; expected " + expected +
                    ". Write the file again with 'kernel_lab bench --out FILE.json'.");
  }

  bool has(const char* key) const { return value_.is_object() && value_.contains(key); }
  Node at(const char* key) const {
    if (!has(key)) refuse(std::string("an object with \"") + key + "\"");
    return {value_.at(key), place_ + "/" + key, file_};
  }
  std::vector<Node> items() const {
    if (!value_.is_array()) refuse("an array");
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      nodes.emplace_back(value_[i], place_ + "/" + std::to_string(i), file_);
    }
    return nodes;
  }

  std::string text() const {
    if (!value_.is_string()) refuse("a text");
    return value_.get<std::string>();
  }
  bool truth() const {
    if (!value_.is_boolean()) refuse("true or false");
    return value_.get<bool>();
  }
  double number() const {
    if (!value_.is_number() || !(value_.get<double>() >= 0)) refuse("a number that is not negative");
    return value_.get<double>();
  }
  int whole() const {
    if (!value_.is_number_integer() || !(number() <= 1e9)) refuse("a whole number from 0 to 1e9");
    return value_.get<int>();
  }

 private:
  const ordered_json& value_;
  std::string place_;
  const std::string& file_;
};

BenchConditions conditions_of(const Node& node) {
  return {.device = node.at("device").text(),
          .is_cpu = node.at("is_cpu").truth(),
          .description = node.at("description").text(),
          .driver = node.at("cuda_driver").whole(),
          .runtime = node.at("cuda_runtime").whole(),
          .compiler = node.at("compiler").text(),
          .build_type = node.at("build_type").text(),
          .checked = node.at("checked").truth(),
          .cold = node.at("cold").truth(),
          .noise = node.at("noise").number(),
          .seconds = node.at("seconds").number(),
          .copy_bandwidth = node.at("copy_bytes_per_second").number(),
          .date = node.at("date").text()};
}

Summary summary_of(const Node& node) {
  const Summary s{static_cast<std::size_t>(node.at("count").whole()),
                  node.at("minimum").number(),
                  node.at("first_quartile").number(),
                  node.at("median").number(),
                  node.at("third_quartile").number(),
                  node.at("maximum").number()};
  const bool is_ordered = s.minimum <= s.first_quartile && s.first_quartile <= s.median &&
                          s.median <= s.third_quartile && s.third_quartile <= s.maximum;
  if (!is_ordered || s.count == 0 || !(s.median > 0))
    node.refuse("samples with a positive median and ordered quartiles");
  return s;
}

BenchRow row_of(const Node& node) {
  BenchRow row;
  row.op = node.at("op").text();
  row.variant = node.at("variant").text();
  row.case_name = node.at("case").text();
  row.shapes = node.at("shapes").text();
  if (node.has("wrong")) {
    row.wrong = node.at("wrong").text();
    if (row.wrong.empty()) node.at("wrong").refuse("what is wrong");
    return row;
  }
  row.time = summary_of(node.at("time_us"));
  row.ratio_to_first = summary_of(node.at("ratio_to_first"));
  row.is_settled = node.at("is_settled").truth();
  row.work = {.flops = {.others = node.at("operations").number()},  // the file has their sum
              .bytes = {node.at("bytes_read").number(), node.at("bytes_written").number()}};
  return row;
}

ordered_json parse_file(const std::filesystem::path& file) {
  const std::optional<std::string> text = read_regular_file(file);
  if (!text) {
    throw DataError(file.string() + ": cannot be read; expected a file written by 'kernel_lab bench --out FILE.json'");
  }
  try {
    return ordered_json::parse(*text);
  } catch (const ordered_json::exception& parse_error) {
    throw DataError(file.string() + ": is no JSON: " + parse_error.what() +
                    ". Write the file again with 'kernel_lab bench --out FILE.json'.");
  }
}

}  // namespace

BenchConditions conditions_here(const DeviceChoice& device) {
  BenchConditions conditions{.device = device.name, .is_cpu = device.is_cpu, .description = device.description};
  if (!device.is_cpu) {
    check(cudaDriverGetVersion(&conditions.driver));
    check(cudaRuntimeGetVersion(&conditions.runtime));
  }
  conditions.compiler = compiler_text();
  conditions.build_type = DUEL_BUILD_TYPE;
  conditions.checked = is_checked_build();
  conditions.date = utc_text(std::time(nullptr));
  return conditions;
}

std::string to_json(const BenchResult& result) {
  auto rows = ordered_json::array();
  for (const BenchRow& row : result.rows) rows.push_back(json_of(row));
  const ordered_json json = {{"format", kFormat}, {"conditions", json_of(result.conditions)}, {"rows", rows}};
  return json_text(json, 2);
}

BenchResult read_bench_result(const std::filesystem::path& file) {
  const std::string name = file.string();
  const ordered_json json = parse_file(file);
  const Node root(json, "", name);
  const Node format = root.at("format");
  if (format.text() != kFormat) format.refuse(std::string("\"") + kFormat + "\"");
  BenchResult result{conditions_of(root.at("conditions")), {}};
  std::set<std::vector<std::string>> seen;
  for (const Node& node : root.at("rows").items()) {
    const BenchRow row = row_of(node);
    if (!seen.insert({row.op, row.variant, row.case_name}).second) {
      node.refuse("one row for each op, variant and case; this one is there twice");
    }
    result.rows.push_back(row);
  }
  return result;
}

}  // namespace duel::lab
