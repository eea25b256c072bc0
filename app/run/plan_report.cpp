#include "app/run/plan_report.h"

#include "app/report/iteration_text.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"
#include "files/path_text.h"
#include "files/text.h"

namespace duel::app {
namespace {

using nlohmann::ordered_json;

std::string plan_text(const TrainOptions& options, const Plan& plan, const TrainingStart& start,
                      const PlannedIteration& iteration) {
  std::string text = "data              " + options.data.string() + "\n" + describe(plan);
  if (start.resumed) {
    text += "resumed           after " + std::to_string(start.resumed->iterations) + " iterations, from " +
            start.resumed->checkpoint.string() + "\n";
  }
  if (!options.kernels.chosen.empty()) text += "chosen kernels    " + joined(options.kernels.chosen) + "\n";
  if (!options.profile_iterations.is_empty()) {
    text += "profile           " + window_text(options.profile_iterations) + "\n";
  }
  return text + "kernels           " + kernels_text(iteration) + "\n\n" + iteration_text(iteration);
}

ordered_json resumed_json(const TrainingStart& start) {
  if (!start.resumed) return nullptr;
  return {{"iterations", start.resumed->iterations}, {"checkpoint", path_text(start.resumed->checkpoint)}};
}

ordered_json window_json(const IterationWindow& window) {
  if (window.is_empty()) return nullptr;
  return {{"begin", window.begin}, {"end", window.end}};
}

}  // namespace

std::string window_text(const IterationWindow& window) {
  return "iterations " + std::to_string(window.begin) + " to " + std::to_string(window.end - 1) +
         ", kernel by kernel, between cudaProfilerStart and cudaProfilerStop";
}

ResultForms plan_report(const TrainOptions& options, const Plan& plan, const TrainingStart& start,
                        const PlannedIteration& iteration) {
  const std::vector<ordered_json> tasks = iteration_rows(iteration);
  const ordered_json json = {{"format", options.program->name + " plan 1"},
                             {"data", path_text(options.data)},
                             {"images", plan.images},
                             {"images_per_epoch", plan.images_per_epoch},
                             {"warnings", warnings_of(plan)},
                             {"iterations", plan.iterations},
                             {"iterations_per_epoch", plan.iterations_per_epoch},
                             {"generator_parameters", plan.generator_parameters},
                             {"discriminator_parameters", plan.discriminator_parameters},
                             {"least_flops_per_iteration", plan.operations_per_iteration},
                             {"device_bytes", plan.device_bytes},
                             {"image_bytes", plan.image_bytes},
                             {"resumed", resumed_json(start)},
                             {"chosen_kernels", options.kernels.chosen},
                             {"profile_iterations", window_json(options.profile_iterations)},
                             {"kernels_per_iteration", iteration.levels.size()},
                             {"tasks", tasks}};
  return {.text = plan_text(options, plan, start, iteration),
          .csv = rows_csv(tasks.front(), tasks),
          .json = json_text(json, 2) + "\n"};
}

}  // namespace duel::app
