#include <nlohmann/json.hpp>

#include "app/evaluate/evaluate_report.h"
#include "app/settings/training_program.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"
#include "files/path_text.h"

namespace duel::app {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const Spread& spread) {
  return {{"mean", spread.mean}, {"minimum", spread.least}, {"maximum", spread.most}, {"values", spread.values}};
}

/// `checkpoint`: "" for all of several.
ordered_json row_of(const std::string& checkpoint, const std::string& figure, const Spread& spread, double real) {
  return {{"checkpoint", checkpoint}, {"figure", figure},       {"mean", spread.mean},
          {"minimum", spread.least},  {"maximum", spread.most}, {"real", real}};
}

ordered_json json_of(const SelfTestCheck& check) {
  return {{"images", check.images}, {"figure", check.figure},   {"value", check.value},
          {"real", check.real},     {"noticed", check.noticed}, {"expected", check.expected}};
}

template <class SpreadOfKey>
ordered_json figures_json(const Figures& measured, const SpreadOfKey& spread_of_key) {
  ordered_json json = ordered_json::object();
  for (const FigureInfo& info : figure_infos()) {
    if (measured.contains(info.key)) json[info.key] = json_of(spread_of_key(info.key));
  }
  return json;
}

ordered_json json_of(const Quality& real) {
  ordered_json json = ordered_json::object();
  for (const FigureInfo& info : figure_infos()) {
    const auto found = real.figures.find(info.key);
    if (found != real.figures.end()) json[info.key] = found->second;
  }
  return {{"figures", json}, {"class_shares", real.class_shares}, {"seconds", real.seconds}};
}

ordered_json json_of(const EvaluatedCheckpoint& checkpoint, const Figures& measured) {
  auto shares = ordered_json::array(), seconds = ordered_json::array();
  for (std::size_t i = 0; i < checkpoint.by_seed.size(); ++i) {
    shares.push_back(checkpoint.by_seed[i].class_shares);
    ordered_json of_seed = checkpoint.by_seed[i].seconds;
    of_seed["sampling"] = checkpoint.generation_seconds[i];
    seconds.push_back(of_seed);
  }
  return {{"file", path_text(checkpoint.file)},
          {"weights", checkpoint.is_averaged ? "average" : "last"},
          {"trained_on_these_images", checkpoint.saw_data ? ordered_json(*checkpoint.saw_data) : ordered_json()},
          {"figures", figures_json(measured, [&](const std::string& key) { return checkpoint.spread(key); })},
          {"class_shares_by_seed", shares},
          {"seconds_by_seed", seconds}};
}

ordered_json classifier_json(const EvaluateResult& result) {
  if (!result.classifier) return {};
  const ClassifierInfo& classifier = *result.classifier;
  auto names = ordered_json::array();
  for (const auto& [label, name] : result.classes) names.push_back(name);
  return {{"hash", classifier.hash},
          {"test_accuracy", classifier.test_accuracy},
          {"labels", classifier.labels},
          {"classes", names}};
}

}  // namespace

std::string evaluate_csv(const EvaluateResult& result) {
  std::vector<ordered_json> rows;
  const auto add = [&](const std::string& checkpoint, const auto& spread_of_key) {
    for (const FigureInfo& info : figure_infos()) {
      const auto real = result.real.figures.find(info.key);
      if (real == result.real.figures.end()) continue;
      rows.push_back(row_of(checkpoint, info.key, spread_of_key(info.key), real->second));
    }
  };
  for (const EvaluatedCheckpoint& checkpoint : result.checkpoints) {
    add(path_text(checkpoint.file), [&](const std::string& key) { return checkpoint.spread(key); });
  }
  if (result.checkpoints.size() > 1) {
    add("", [&](const std::string& key) { return result.spread_over_checkpoints(key); });
  }
  return rows_csv(row_of("", "", {}, 0), rows);
}

ResultForms self_test_report(const EvaluateOptions& options, const std::vector<SelfTestCheck>& checks) {
  std::vector<ordered_json> rows;
  for (const SelfTestCheck& check : checks) rows.push_back(json_of(check));
  const ordered_json json = {{"format", options.program->name + " evaluate 1"}, {"self_test", rows}};
  return {.text = self_test_text(checks),
          .csv = rows_csv(json_of(SelfTestCheck()), rows),
          .json = json_text(json, 2) + "\n"};
}

std::string evaluate_json(const EvaluateResult& result) {
  const EvaluateOptions& options = result.options;
  ordered_json seeds = ordered_json::array();
  for (int i = 0; i < options.seeds; ++i) seeds.push_back(options.seed + static_cast<std::uint64_t>(i));
  ordered_json json = {
      {"format", options.program->name + " evaluate 1"},
      {"version", DUEL_VERSION},
      {"device",
       {{"name", result.device.name}, {"is_cpu", result.device.is_cpu}, {"description", result.device.description}}},
      {"data", path_text(result.data)},
      {"dataset", result.dataset != nullptr ? ordered_json(result.dataset->name) : ordered_json()},
      {"classifier", classifier_json(result)},
      {"samples", options.samples},
      {"sampling_seeds", seeds},
      {"statistics", options.statistics == BatchStatistics::batch ? "batch" : "running"},
      {"duplicate_threshold", result.duplicate_threshold},
      {"real", json_of(result.real)},
      {"checkpoints", ordered_json::array()}};
  for (const EvaluatedCheckpoint& checkpoint : result.checkpoints) {
    json["checkpoints"].push_back(json_of(checkpoint, result.real.figures));
  }
  if (result.checkpoints.size() > 1) {
    json["all_checkpoints"] =
        figures_json(result.real.figures, [&](const std::string& key) { return result.spread_over_checkpoints(key); });
  }
  json["context"] = result.context();
  return json_text(json, 2) + "\n";
}

}  // namespace duel::app
