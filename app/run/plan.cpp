#include "app/run/plan.h"

#include <fmt/core.h>

#include "app/errors/exit_code.h"
#include "app/training/schedule.h"
#include "engine/games/epoch_plan.h"
#include "engine/games/training_memory.h"
#include "engine/training/least_work.h"
#include "engine/training/trainer.h"
#include "kernels/runtime/allocation.h"
#include "kernels/runtime/error.h"

namespace duel::app {

Plan make_plan(const TrainOptions& options, std::int64_t images) {
  const TrainingConfig& config = options.training;
  const Layouts layouts(config.networks);
  Plan plan;
  plan.images = images;
  const EpochPlan epoch = plan_epoch(config, images);
  plan.images_per_epoch = epoch.images;
  plan.iterations_per_epoch = epoch.iterations;
  plan.iterations = iterations_of(options.epochs, plan.iterations_per_epoch, options.max_iterations);
  plan.generator_parameters = layouts.generator.parameter_count();
  plan.discriminator_parameters = layouts.discriminator.parameter_count();
  plan.operations_per_iteration = least_work(config).flops;
  plan.device_bytes = static_cast<std::int64_t>(planned_device_bytes(config, images));
  plan.image_bytes = images * config.networks.pixels();
  return plan;
}

void require_window(const Plan& plan, const IterationWindow& window) {
  if (window.is_empty() || window.begin < plan.iterations) return;
  throw SettingError("profile-iterations", ": the window begins at iteration " + std::to_string(window.begin) +
                                               ", expected less than the run's " + std::to_string(plan.iterations) +
                                               " (--epochs, --max-iterations)");
}

void require_memory(const Plan& plan) {
  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total));
  if (plan.device_bytes <= static_cast<std::int64_t>(free)) return;
  throw CudaError(cudaErrorMemoryAllocation,
                  "not enough memory: the training needs " + format_bytes(static_cast<double>(plan.device_bytes)) +
                      ", of which images " + format_bytes(static_cast<double>(plan.image_bytes)) + "; " +
                      free_memory_text());
}

std::vector<std::string> warnings_of(const Plan& plan) {
  if (plan.images_per_epoch == plan.images) return {};
  return {
      "each epoch takes " + std::to_string(plan.images_per_epoch) + " of the " + std::to_string(plan.images) +
      " images and leaves one out, another one each time: it would be a batch of one image, of which batch norm has "
      "no statistics"};
}

std::string describe(const Plan& plan) {
  std::string text;
  text += "images            " + std::to_string(plan.images) + "\n";
  for (const std::string& warning : warnings_of(plan)) text += "warning           " + warning + "\n";
  text += "iterations        " + std::to_string(plan.iterations) + ", " + std::to_string(plan.iterations_per_epoch) +
          " an epoch\n";
  text += "generator         " + std::to_string(plan.generator_parameters) + " parameters\n";
  text += "discriminator     " + std::to_string(plan.discriminator_parameters) + " parameters\n";
  text += fmt::format("work              at least {:.1f} MFLOP an iteration, {:.3g} TFLOP in all\n",
                      plan.operations_per_iteration / 1e6,
                      plan.operations_per_iteration * static_cast<double>(plan.iterations) / 1e12);
  text += "device memory     " + format_bytes(static_cast<double>(plan.device_bytes)) + ", of which images " +
          format_bytes(static_cast<double>(plan.image_bytes)) + "\n";
  return text;
}

}  // namespace duel::app
