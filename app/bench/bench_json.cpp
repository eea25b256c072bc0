#include <cmath>
#include <nlohmann/json.hpp>

#include "app/bench/bench_report.h"
#include "app/bench/bench_scaling.h"
#include "engine/configuration/config_json.h"
#include "engine/configuration/config_names.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"

namespace duel::app {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const Summary& s) {
  return {{"minimum", s.minimum},
          {"first_quartile", s.first_quartile},
          {"median", s.median},
          {"third_quartile", s.third_quartile},
          {"maximum", s.maximum}};
}

ordered_json json_of(const BenchShape& shape) {
  return {{"step", name_of(shape.step)}, {"batch_size", shape.batch_size}, {"width", shape.width}};
}

ordered_json ranges_json(const Measurement& one) {
  auto ranges = ordered_json::array();
  for (const RangeShare& range : one.ranges) {
    ranges.push_back({{"range", range.path}, {"seconds", range.seconds}, {"share", range.share}});
  }
  return {{"iterations", one.timed_iterations}, {"seconds", one.seconds_kernel_by_kernel()}, {"ranges", ranges}};
}

ordered_json json_of(const Measurement& one) {
  ordered_json json = json_of(one.shape);
  json["config"] = ordered_json::parse(to_json(one.config));
  json["parameters"] = one.parameters;
  json["images"] = one.images;
  json["graph_nodes"] = one.graph_nodes;
  json["device_bytes"] = one.device_bytes;
  json["rounds"] = one.seconds.size();
  json["iterations_of_round"] = one.iterations;
  json["seconds_of_iteration"] = json_of(one.summary());
  json["seconds_of_iteration_by_round"] = one.seconds;
  json["iterations_per_second"] = 1 / one.summary().median;
  json["images_per_second"] = one.images_per_second();
  json["epoch"] = {{"images", kImagesOfEpoch}, {"seconds", one.epoch_seconds()}, {"is_calculated", true}};
  json["least_work"] = {{"flops", one.work.flops}, {"bytes", one.work.bytes}};
  json["least_work_per_second"] = {{"flops", one.flops_per_second()}, {"bytes", one.bytes_per_second()}};
  json["ceilings_per_second"] = {{"flops", one.ceiling_flops}, {"bytes", one.ceiling_bytes}};
  json["floor_seconds"] = one.floor_seconds();
  json["time_over_floor"] = one.time_over_floor();
  json["kernel_by_kernel"] = ranges_json(one);
  return json;
}

/// For a table: numbers alone, in seconds, bytes and operations.
ordered_json row_of(const Measurement& one) {
  ordered_json row = json_of(one.shape);
  row["parameters"] = one.parameters;
  row["rounds"] = one.seconds.size();
  row["seconds"] = one.summary().median;
  row["first_quartile"] = one.summary().first_quartile;
  row["third_quartile"] = one.summary().third_quartile;
  row["images_per_second"] = one.images_per_second();
  row["epoch_seconds"] = one.epoch_seconds();
  row["graph_nodes"] = one.graph_nodes;
  row["device_bytes"] = one.device_bytes;
  row["flops"] = one.work.flops;
  row["bytes"] = one.work.bytes;
  row["floor_seconds"] = one.floor_seconds();
  row["time_over_floor"] = one.time_over_floor();
  return row;
}

ordered_json exponents_json(const std::vector<int>& sizes, const char* key,
                            const std::vector<std::optional<double>>& exponents) {
  auto all = ordered_json::array();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    all.push_back({{key, sizes[i]}, {"exponent", exponents[i] ? ordered_json(*exponents[i]) : ordered_json()}});
  }
  return all;
}

ordered_json json_of(const Scaling& scaling) {
  return {{"step", name_of(scaling.step)},
          {"time_in_width", exponents_json(scaling.batch_sizes, "batch_size", scaling.width_exponents)},
          {"time_in_batch", exponents_json(scaling.widths, "width", scaling.batch_exponents)}};
}

}  // namespace

std::string bench_csv(const std::vector<Measurement>& measurements) {
  std::vector<ordered_json> rows;
  for (const Measurement& one : measurements) rows.push_back(row_of(one));
  return rows_csv(row_of({.seconds = {0}}), rows);
}

std::string bench_json(const BenchResult& result) {
  ordered_json json = {
      {"format", result.program + " bench 1"},
      {"version", DUEL_VERSION},
      {"device",
       {{"name", result.device.name}, {"is_cpu", result.device.is_cpu}, {"description", result.device.description}}},
      {"preset", result.preset},
      {"ceilings_per_second",
       {{"flops", result.ceilings.flops},
        {"copy_bytes", result.ceilings.copy_bytes},
        {"copied_bytes", result.ceilings.copied_bytes}}}};
  for (const char* list : {"measurements", "skipped", "scaling"}) json[list] = ordered_json::array();
  for (const Measurement& one : result.measurements) json["measurements"].push_back(json_of(one));
  for (const Skipped& one : result.skipped) {
    ordered_json skipped = json_of(one.shape);
    skipped["reason"] = one.reason;
    json["skipped"].push_back(skipped);
  }
  for (const Scaling& one : scaling_of(result.measurements)) json["scaling"].push_back(json_of(one));
  return json_text(json, 2) + "\n";
}

}  // namespace duel::app
