#include "apps/mnist_gan/plan.h"

#include <cstdio>
#include <numeric>
#include <vector>

#include "apps/mnist_gan/progress.h"
#include "apps/mnist_gan/schedule.h"

namespace duel::app {
namespace {

/// Weights of each linear layer, from the sizes of the values between them.
std::vector<std::int64_t> layer_weights(const std::vector<int>& sizes) {
  std::vector<std::int64_t> weights;
  for (std::size_t i = 1; i < sizes.size(); ++i) weights.push_back(std::int64_t{sizes[i - 1]} * sizes[i]);
  return weights;
}

std::int64_t sum(const std::vector<std::int64_t>& values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

/// Without the first: the sizes of layer outputs, which are also those of the biases.
std::int64_t outputs(const std::vector<int>& sizes) {
  return std::accumulate(sizes.begin() + 1, sizes.end(), std::int64_t{0});
}

/// Matrix products of one iteration, each multiplication and addition counted. Real and fake images pass the
/// discriminator once; its gradients with respect to hidden values are computed once for both players.
double operations(const TrainingConfig& config, const std::vector<std::int64_t>& generator,
                  const std::vector<std::int64_t>& discriminator) {
  const auto g = static_cast<double>(sum(generator)), g_first = static_cast<double>(generator.front());
  const auto d = static_cast<double>(sum(discriminator)), d_first = static_cast<double>(discriminator.front());
  const double d_hidden = d - d_first - static_cast<double>(discriminator.back());
  const double generator_forward = g, generator_backward = 2 * g - g_first;
  const double both_discriminator_passes = 2 * d + 2 * d_hidden + 2 * d;  // forward, hidden gradients, weight gradients
  const double one = generator_forward + generator_backward + both_discriminator_passes + d_first;
  const double further_step = generator_forward + both_discriminator_passes;
  return 2.0 * config.batch_size * (one + (config.discriminator_steps - 1) * further_step);
}

}  // namespace

Plan make_plan(const TrainOptions& options, std::int64_t images) {
  const TrainingConfig& config = options.training;
  const NetworkConfig& networks = config.networks;
  std::vector<int> generator = {networks.latent_dim};
  generator.insert(generator.end(), networks.generator_widths.begin(), networks.generator_widths.end());
  generator.push_back(networks.pixels());
  std::vector<int> discriminator = {networks.pixels()};
  discriminator.insert(discriminator.end(), networks.discriminator_widths.begin(), networks.discriminator_widths.end());
  discriminator.push_back(1);
  const std::vector<std::int64_t> generator_weights = layer_weights(generator);
  const std::vector<std::int64_t> discriminator_weights = layer_weights(discriminator);
  const std::int64_t normalised =
      outputs(networks.generator_widths);  // sizes with batch norm: all hidden ones but the first

  Plan plan;
  plan.images = images;
  plan.iterations_per_epoch = (images + config.batch_size - 1) / config.batch_size;
  plan.iterations = iterations_of(options.epochs, plan.iterations_per_epoch, options.max_iterations);
  plan.generator_parameters = sum(generator_weights) + outputs(generator) + 2 * normalised;
  plan.discriminator_parameters = sum(discriminator_weights) + outputs(discriminator);
  plan.operations_per_iteration = operations(config, generator_weights, discriminator_weights);
  constexpr std::int64_t kFloat = sizeof(float);
  plan.state_bytes = 3 * kFloat * (plan.generator_parameters + plan.discriminator_parameters);
  // Real and fake images pass the discriminator; every output has a gradient of its size.
  plan.activation_bytes = 2 * kFloat * config.batch_size * (outputs(generator) + 2 * outputs(discriminator));
  plan.image_bytes = images * networks.pixels();
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
  const double bytes = static_cast<double>(plan.state_bytes + plan.activation_bytes + plan.image_bytes);
  std::string text;
  text += "images            " + std::to_string(plan.images) + "\n";
  text += "iterations        " + std::to_string(plan.iterations) + ", " + std::to_string(plan.iterations_per_epoch) +
          " an epoch\n";
  text += "generator         " + std::to_string(plan.generator_parameters) + " parameters\n";
  text += "discriminator     " + std::to_string(plan.discriminator_parameters) + " parameters\n";
  char work[128];
  std::snprintf(work, sizeof(work), "%.1f MFLOP an iteration, %.3g TFLOP in all", plan.operations_per_iteration / 1e6,
                plan.operations_per_iteration * static_cast<double>(plan.iterations) / 1e12);
  text += "work              " + std::string(work) + "\n";
  text += "device memory     about " + format_bytes(bytes) + ": parameters and Adam " +
          format_bytes(static_cast<double>(plan.state_bytes)) + ", images " +
          format_bytes(static_cast<double>(plan.image_bytes)) + ", layer outputs and gradients " +
          format_bytes(static_cast<double>(plan.activation_bytes)) + "\n";
  return text;
}

}  // namespace duel::app
