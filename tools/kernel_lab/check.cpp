#include "tools/kernel_lab/check.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <random>
#include <stdexcept>

#include "engine/config_names.h"
#include "engine/trainer.h"
#include "kernels/runtime/error.h"

namespace duel::lab {
namespace {

ImageSet random_images(const NetworkConfig& networks, int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  ImageSet images;
  images.count = count;
  images.height = images.width = networks.image_size;
  images.channels = networks.channels;
  images.pixels.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(networks.pixels()));
  for (auto& pixel : images.pixels) pixel = static_cast<std::uint8_t>(random() >> 56);
  return images;
}

// The op, once both names are known to be its variants.
const LabOp& find_op(const CheckOptions& options, const Lab& lab) {
  Filter filter{.ops = {options.op}, .variants = {options.second}, .case_text = {}};
  if (!options.first.empty()) filter.variants.push_back(options.first);
  return *choose(lab, filter).at(0).op;
}

// The step that runs the op: the configuration's, or else the other one.
StepKind step_with(const std::string& op, TrainingConfig config, const ImageSet& images,
                   const KernelSelection& kernels) {
  const StepKind other = config.step == StepKind::fused ? StepKind::plain : StepKind::fused;
  for (const StepKind step : {config.step, other}) {
    config.step = step;
    const Trainer trainer(config, images, kernels);
    for (const KernelUse& use : trainer.kernels().uses()) {
      if (use.op == op) return step;
    }
  }
  throw std::invalid_argument("no training step calls " + op);
}

}  // namespace

int run_check(const CheckOptions& options, const Lab& lab, std::ostream& out) {
  const LabOp& op = find_op(options, lab);
  const std::string first = options.first.empty() ? preferred_variant(op, lab.kernels, 0) : options.first;
  SideBySideLog log;
  KernelSelection kernels = lab.kernels;
  op.add_side_by_side(kernels, first, options.second, log);
  kernels.choose(options.op, side_by_side::kVariant);

  TrainingConfig training = options.training;
  validate(training);
  const int count = 4 * training.batch_size + 2;  // so that an epoch ends, with a small batch, soon
  const ImageSet images = random_images(training.networks, count, training.seed);
  training.step = step_with(options.op, training, images, lab.kernels);
  Trainer trainer(training, images, kernels);
  trainer.profile(0, options.iterations);  // enqueued one by one: a captured graph could not be looked into
  out << options.op << " on " << device_text(lab) << ": " << first << " trains, " << options.second
      << " runs beside it, " << name_of(training.step) << " step, batch " << training.batch_size << "\n";
  for (std::int64_t iteration = 0; iteration < options.iterations; ++iteration) {
    try {
      trainer.run(1);
    } catch (const CudaError& error) {
      out << "iteration " << iteration << ": " << error.what() << "\n";
      return kFoundWrong;
    }
    if (!log.divergence) continue;
    out << "iteration " << iteration << ": " << *log.divergence;
    return kFoundWrong;
  }
  out << "no divergence in " << options.iterations << " iterations, " << log.calls << " calls\n";
  return kAllWell;
}

void add_check(CLI::App& app, Command& command) {
  CLI::App* check = app.add_subcommand("check", "Compare two variants inside real training steps.");
  const auto options = std::make_shared<CheckOptions>();
  add_lab_options(*check, options->lab);
  check->add_option("--op", options->op, "The op")->required();
  check->add_option("--variant", options->second, "The variant to check")->required();
  check->add_option("--against", options->first, "The variant that trains; default: the preferred one");
  check->add_option("--iterations", options->iterations, "Training iterations")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  check->add_option("--batch_size", options->training.batch_size, "Images of a batch")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  check->add_option("--seed", options->training.seed, "Of weights, latents and images")->capture_default_str();
  check->callback([&command, options] {
    command = [options](std::ostream& out, std::ostream&) { return run_check(*options, open_lab(options->lab), out); };
  });
}

}  // namespace duel::lab
