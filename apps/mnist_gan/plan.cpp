#include "apps/mnist_gan/plan.h"

#include <cstdio>

#include "apps/mnist_gan/schedule.h"
#include "engine/epoch_plan.h"
#include "engine/trainer.h"
#include "engine/training_memory.h"

namespace duel::app {
namespace {

/// Weights of a linear layer, without its bias.
double weights(const LayerSlots& layer) {
  return static_cast<double>(layer.in) * layer.out;
}

double weights(const NetworkLayout& network) {
  double sum = 0;
  for (const LayerSlots& layer : network.layers) sum += weights(layer);
  return sum;
}

/// Matrix products of one iteration, each multiplication and addition counted. Real and fake images pass the
/// discriminator once; its gradients with respect to hidden values are computed once for both players.
double operations(const TrainingConfig& config, const Layouts& layouts) {
  const double g = weights(layouts.generator), g_first = weights(layouts.generator.layers.front());
  const double d = weights(layouts.discriminator), d_first = weights(layouts.discriminator.layers.front());
  const double d_hidden = d - d_first - weights(layouts.discriminator.layers.back());
  const double generator_forward = g, generator_backward = 2 * g - g_first;
  const double both_discriminator_passes = 2 * d + 2 * d_hidden + 2 * d;  // forward, hidden gradients, weight gradients
  const double one = generator_forward + generator_backward + both_discriminator_passes + d_first;
  const double further_step = generator_forward + both_discriminator_passes;
  return 2.0 * config.batch_size * (one + (config.discriminator_steps - 1) * further_step);
}

}  // namespace

Plan make_plan(const TrainOptions& options, std::int64_t images) {
  const TrainingConfig& config = options.training;
  const Layouts layouts(config.networks);
  Plan plan;
  plan.images = images;
  plan.iterations_per_epoch = plan_epoch(config, images).iterations;
  plan.iterations = iterations_of(options.epochs, plan.iterations_per_epoch, options.max_iterations);
  plan.generator_parameters = layouts.generator.parameter_count();
  plan.discriminator_parameters = layouts.discriminator.parameter_count();
  plan.operations_per_iteration = operations(config, layouts);
  plan.device_bytes = static_cast<std::int64_t>(planned_device_bytes(config, images));
  plan.image_bytes = images * config.networks.pixels();
  return plan;
}

std::string format_bytes(double bytes) {
  char text[64];
  const bool is_large = bytes >= 1024.0 * 1024 * 1024;
  std::snprintf(text, sizeof(text), "%.1f %s", bytes / (1024.0 * 1024) / (is_large ? 1024 : 1),
                is_large ? "GiB" : "MiB");
  return text;
}

std::string describe(const Plan& plan) {
  std::string text;
  text += "images            " + std::to_string(plan.images) + "\n";
  text += "iterations        " + std::to_string(plan.iterations) + ", " + std::to_string(plan.iterations_per_epoch) +
          " an epoch\n";
  text += "generator         " + std::to_string(plan.generator_parameters) + " parameters\n";
  text += "discriminator     " + std::to_string(plan.discriminator_parameters) + " parameters\n";
  char work[128];
  std::snprintf(work, sizeof(work), "at least %.1f MFLOP an iteration, %.3g TFLOP in all",
                plan.operations_per_iteration / 1e6,
                plan.operations_per_iteration * static_cast<double>(plan.iterations) / 1e12);
  text += "work              " + std::string(work) + "\n";
  text += "device memory     " + format_bytes(static_cast<double>(plan.device_bytes)) + ", of which images " +
          format_bytes(static_cast<double>(plan.image_bytes)) + "\n";
  return text;
}

}  // namespace duel::app
