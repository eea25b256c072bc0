#include "app/settings/bench_options.h"

#include <algorithm>

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {
namespace {

constexpr double kMostSeconds = 86'400;  // a day

/// Numbers of a list, each of them once.
void check_list(const char* name, const std::vector<int>& values) {
  for (const int value : values) {
    require(std::count(values.begin(), values.end(), value) == 1, name, values, "every number once");
  }
}

}  // namespace

const CommandText BenchOptions::kCommand = {
    "bench", "Measure how fast this machine trains.",
    "Examples:\n"
    "  {program} bench --step fused,plain                both ways to compute an iteration, in turn\n"
    "  {program} bench --batch-size 64,256,1024 --out times.json\n"
    "  {program} bench --scale --step fused              how the time grows with batch and width; takes long\n\n"
    "Needs no dataset: the images are made up, as many as an epoch has. Nothing else should run on the device "
    "meanwhile.",
    "; a smaller --batch-size or --width needs less"};

template <class Visitor, OptionsOf<BenchOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("What to measure");
  visit({"preset", "NAME", "settings of the training: {preset names}"}, options.preset);
  visit({"step", "KIND,...", "fused, plain, or both in turn; left out: the preset's"}, options.steps);
  visit({"precision", "FORMAT", "of the factors of products: fp32, tf32, bf16 or fp16"}, options.precision);
  visit({"batch-size", "N,...", "images of one iteration; left out: the preset's"}, options.batch_sizes, kBatchSizes);
  visit({"width", "N,...", "factors of the hidden layers' widths; left out: 1"}, options.widths, {1, 64});
  visit({"scale", "", "sweep over batches 32 to 16384 and widths 1, 2, 4, unless given; fits exponents"},
        options.scale);

  visit.group("How");
  visit({"rounds", "N", "of each measurement; 3 or more where N rounds take longer than N * S"}, options.rounds,
        {1, 10'000});
  visit({"seconds", "S", "length of a round, at least one iteration"}, options.seconds);
  visit({"iterations", "N", "of a round, instead of a length; 0: --seconds decides"}, options.iterations,
        {0, 1'000'000'000});
  visit_result(visit, options.result);

  visit_device(visit, options);
}

const std::vector<Setting<BenchOptions>>& BenchOptions::settings() {
  return collected_settings<BenchOptions>();
}

void validate_options(const BenchOptions& options) {
  check_ranges(BenchOptions::settings(), options);
  check_preset(*options.program, options.preset);
  check_list("batch-size", options.batch_sizes);
  check_list("width", options.widths);
  for (const StepKind step : options.steps) {
    require(std::count(options.steps.begin(), options.steps.end(), step) == 1, "step", options.steps,
            "every step once");
  }
  require(options.seconds > 0 && options.seconds <= kMostSeconds, "seconds", options.seconds,
          "more than 0, up to " + format_value(kMostSeconds));
  check_device(options.device);
}

}  // namespace duel::app
