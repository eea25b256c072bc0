#include "app/evaluate/evaluate_report.h"

#include <algorithm>
#include <cmath>

#include "app/settings/training_program.h"
#include "engine/measure/table.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr std::size_t kMostOfName = 60;  // bytes

std::string better_text(Better better) {
  switch (better) {
    case Better::lower:
      return "lower";
    case Better::higher:
      return "higher";
    case Better::as_real:
      break;
  }
  return "as real";
}

std::string seeds_text(std::size_t count) {
  return count == 1 ? "one seed" : std::to_string(count) + " seeds";
}

std::string range_text(const Spread& spread, int decimals) {
  if (spread.values.size() < 2) return "";
  return number_text(spread.least, decimals) + " to " + number_text(spread.most, decimals);
}

/// `spread_of_key`: figure to Spread.
template <class SpreadOfKey>
std::string figures_text(const EvaluateResult& result, const SpreadOfKey& spread_of_key) {
  Table table({{"figure"},
               {"mean", Column::Kind::number},
               {"min to max", Column::Kind::number},
               {"real images", Column::Kind::number},
               {"better"}});
  for (const FigureInfo& info : figure_infos()) {
    const auto real = result.real.figures.find(info.key);
    if (real == result.real.figures.end()) continue;
    const Spread spread = spread_of_key(info.key);
    table.add({info.name, number_text(spread.mean, info.decimals), range_text(spread, info.decimals),
               number_text(real->second, info.decimals), better_text(info.better)});
  }
  return table.text();
}

std::string classes_text(const EvaluateResult& result, const EvaluatedCheckpoint& checkpoint) {
  constexpr std::size_t kMostClasses = 100;
  if (result.real.class_shares.empty()) return "";
  if (result.classes.size() > kMostClasses) {
    return "  The shares of the " + std::to_string(result.classes.size()) + " classes are in --format json.\n";
  }
  Table table({{"class"}, {"samples, %", Column::Kind::number}, {"real images, %", Column::Kind::number}});
  std::size_t at = 0;
  for (const auto& [label, name] : result.classes) {
    table.add({excerpt(name, kMostOfName), number_text(100 * checkpoint.mean_class_share(at), 1),
               number_text(100 * result.real.class_shares.at(at++), 1)});
  }
  return table.text();
}

std::string seconds_text(const EvaluatedCheckpoint& checkpoint) {
  std::vector<double> totals;
  std::map<std::string, double> parts;
  const auto seeds = static_cast<double>(checkpoint.by_seed.size());
  for (const double seconds : checkpoint.generation_seconds) parts["sampling"] += seconds / seeds;
  for (const Quality& quality : checkpoint.by_seed) {
    for (const auto& [part, seconds] : quality.seconds) parts[part] += seconds / seeds;
  }
  double total = 0;
  std::string text;
  for (const auto& [part, seconds] : parts) {
    total += seconds;
    text += (text.empty() ? "" : ", ") + part + " " + number_text(seconds, 1);
  }
  return "  " + number_text(total, 1) + " s a seed: " + text + "\n";
}

std::string context_text(const EvaluateResult& result) {
  const std::vector<std::string> context = result.context();
  if (context.empty()) {
    return "\nNo figures of others are known here for these images. What may be compared: figures by the same "
           "classifier,\nimages, number of samples and statistics, such as those of other checkpoints of yours, and "
           "the real images'.\n";
  }
  std::string text = "\nContext, of " + result.dataset->name + ":\n";
  for (const std::string& line : context) text += "  " + line + "\n";
  return text;
}

std::string notes(const EvaluateResult& result) {
  std::string text =
      "\nmean, min to max: over sampling seeds; with several checkpoints also over the checkpoints' means.\n"
      "real images: test images in the samples' place (Parzen: training images); no generator need be better.\n";
  if (result.duplicate_threshold > 0) {
    text += "near-duplicates: at most " + number_text(result.duplicate_threshold, 3) +
            " apart, where 1 % of as many training images have their nearest neighbour.\n";
  }
  return text;
}

std::string digits(double value) {
  const double size = std::abs(value);
  return number_text(value, size >= 100 ? 1 : size >= 1 ? 3 : 4);
}

}  // namespace

std::string evaluate_introduction(const EvaluateResult& result) {
  const std::string text = result.options.program->name + " " DUEL_VERSION " evaluate\ndevice      " +
                           result.device.name + ": " + result.device.description + "\ndata        " + result.data +
                           "\n";
  if (!result.classifier) return text;
  const ClassifierInfo& classifier = *result.classifier;
  return text + "classifier  " + classifier.hash + ", " + number_text(100 * classifier.test_accuracy, 2) +
         (result.classes.size() == classifier.labels.size() ? " % of the test images right, "
                                                            : " % of the test images' channels right, ") +
         (classifier.file.empty() ? "" : classifier.file.string() + " ") +
         (classifier.was_cached ? "(kept from before)" : "(trained now)") + "\n";
}

std::string evaluate_report(const EvaluateResult& result) {
  const std::string statistics = result.options.statistics == BatchStatistics::batch ? "batch" : "running";
  std::string text;
  for (const EvaluatedCheckpoint& checkpoint : result.checkpoints) {
    text += "\n" + checkpoint.file + (checkpoint.is_averaged ? ", averaged weights" : ", last weights") + ", " +
            statistics + " statistics, " + std::to_string(result.options.samples) + " samples, " +
            seeds_text(checkpoint.by_seed.size()) + ":\n";
    if (checkpoint.saw_data == false) text += "  It was trained on other images than these.\n";
    text += figures_text(result, [&](const std::string& key) { return checkpoint.spread(key); });
    text += classes_text(result, checkpoint) + seconds_text(checkpoint);
  }
  if (result.checkpoints.size() > 1) {
    text += "\nAll " + std::to_string(result.checkpoints.size()) + " checkpoints:\n" +
            figures_text(result, [&](const std::string& key) { return result.spread_over_checkpoints(key); });
  }
  return text + notes(result) + context_text(result);
}

std::string self_test_text(const std::vector<SelfTestCheck>& checks) {
  Table table({{"images", Column::Kind::heading},
               {"figure"},
               {"found", Column::Kind::number},
               {"real or right", Column::Kind::number},
               {"verdict"},
               {"expected"}});
  for (const SelfTestCheck& check : checks) {
    table.add({check.images, check.figure, digits(check.value), digits(check.real), check.noticed ? "ok" : "MISSED",
               check.expected});
  }
  const auto missed = std::count_if(checks.begin(), checks.end(), [](const auto& check) { return !check.noticed; });
  return "\n" + table.text() + "\n" + std::to_string(checks.size()) + " questions, " + std::to_string(missed) +
         " missed\n";
}

}  // namespace duel::app
