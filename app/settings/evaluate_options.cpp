#include "app/settings/evaluate_options.h"

#include <algorithm>
#include <limits>

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"
#include "engine/quality/figures.h"
#include "files/suggest.h"
#include "files/text.h"

namespace duel::app {

const CommandText EvaluateOptions::kCommand = {
    "evaluate", "Measure how good the samples of checkpoints are.",
    "Examples:\n"
    "  {program} evaluate --checkpoint latest --out quality.json\n"
    "  {program} evaluate --checkpoint a.safetensors --checkpoint b.safetensors    the range over both, too\n"
    "  {program} evaluate --checkpoint pytorch.safetensors --preset NAME --statistics batch\n"
    "  {program} evaluate --self-test\n\n"
    "Needs training and test images with labels. The classifier that judges is trained once and kept.",
    "; a smaller --samples needs less"};

template <class Visitor, OptionsOf<EvaluateOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("What to evaluate");
  visit({"checkpoint", "PATH",
         "of a run: its folder, a file, or latest; or weights of the published script; may be repeated"},
        options.checkpoints);
  visit({"weights", "WHICH", kWeightsHelp}, options.weights);
  visit_preset(visit, options);
  visit({"data", "DIR", kDataHelp}, options.data);

  visit.group("How");
  visit({"samples", "N", "of each seed; 0: 10000, and 26000 for the modes of a stack"}, options.samples,
        {0, kMostImages});
  visit({"seeds", "N", "sampling seeds; figures have their mean and range"}, options.seeds, {1, 1000});
  visit({"seed", "N", "the first of them"}, options.seed);
  visit({"statistics", "WHICH", kStatisticsHelp}, options.statistics);
  visit({"metrics", "NAME,...",
         "all, or some of fd, is, pr, dc, ndb, parzen, histogram, duplicates, nearest, border, "
         "and of conditional generators classes"},
        options.metrics);
  visit_result(visit, options.result);
  visit({"classifier-cache", "DIR", "where the classifier is kept; left out: the usual place"},
        options.classifier_cache);
  visit({"self-test", "", "no checkpoint: do the metrics notice planted faults? exit code 1 if one does not"},
        options.self_test);

  visit_device(visit, options);
}

const std::vector<Setting<EvaluateOptions>>& EvaluateOptions::settings() {
  return collected_settings<EvaluateOptions>();
}

void validate_options(const EvaluateOptions& options) {
  check_ranges(EvaluateOptions::settings(), options);
  require(options.samples == 0 || options.samples >= 10, "samples", options.samples, "0, or 10 and more");
  if (options.self_test) {
    require(options.checkpoints.empty(), "checkpoint", options.checkpoints, "none with --self-test");
  } else {
    require(!options.checkpoints.empty(), "checkpoint", options.checkpoints,
            "the file of a checkpoint, such as runs/00000-default/checkpoints/latest.safetensors");
  }
  if (!options.preset.empty()) check_preset(*options.program, options.preset);
  const std::uint64_t last_first =
      std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(options.seeds - 1);
  require(options.seed <= last_first, "seed", options.seed,
          "at most " + std::to_string(last_first) + " for " + std::to_string(options.seeds) + " seeds");
  std::vector<std::string> names = {"all"};
  for (const Metric metric : all_metrics()) names.push_back(name_of(metric));
  require(!options.metrics.empty(), "metrics", options.metrics, "at least one");
  for (const std::string& metric : options.metrics) {
    if (std::find(names.begin(), names.end(), metric) != names.end()) continue;
    throw SettingError("metrics", ": there is no metric " + in_quotes(metric) + did_you_mean(metric, names));
  }
  check_device(options.device);
}

}  // namespace duel::app
