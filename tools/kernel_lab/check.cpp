#include "tools/kernel_lab/check.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <random>
#include <stdexcept>

#include "engine/configuration/config_names.h"
#include "engine/networks/latents.h"
#include "engine/training/trainer.h"
#include "kernels/runtime/error.h"
#include "tools/kernel_lab/number_options.h"

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
  images.labels = classes_in_turn(count, networks.classes);
  return images;
}

// The op, once both names are known to be its variants.
const LabOp& find_op(const CheckOptions& options, const Lab& lab) {
  Filter filter{.ops = {options.op}, .variants = {options.second}, .case_text = {}};
  if (!options.first.empty()) filter.variants.push_back(options.first);
  return *choose(lab, filter).at(0).op;
}

// The configuration, and others like it that call what it does not.
std::vector<TrainingConfig> configs_like(const TrainingConfig& config) {
  std::vector<TrainingConfig> configs(7, config);
  configs[1].step = config.step == StepKind::fused ? StepKind::plain : StepKind::fused;
  configs[2].networks.classes = 10;
  configs[3].penalty_weights[PenaltyKind{}] = 10;
  configs[4].networks.discriminator_unit = DiscriminatorUnit::maxout;
  configs[4].networks.input_keep = configs[4].networks.hidden_keep = 0.5f;
  configs[4].penalty_weights[PenaltyKind{}] = 10;
  configs[5].networks.discriminator_norm = NetworkNorm::spectral;
  configs[6].networks.classes = 10;
  configs[6].networks.class_input = ClassInput::embedding;
  return configs;
}

// The first of them whose iterations run the op.
TrainingConfig config_with(const std::string& op, const TrainingConfig& config, int images,
                           const KernelSelection& kernels) {
  for (const TrainingConfig& one : configs_like(config)) {
    const Trainer trainer(one, random_images(one.networks, images, one.seed), kernels);
    for (const KernelUse& use : trainer.kernels().uses()) {
      if (use.op == op) return one;
    }
  }
  throw std::invalid_argument("no training step calls " + op);
}

std::string command_of(const CheckOptions& options) {
  std::string command =
      "kernel_lab check" + with_files(options.lab) + " --op " + options.op + " --variant " + options.second;
  if (!options.first.empty()) command += " --against " + options.first;
  return command + " --iterations " + std::to_string(options.iterations) + " --batch-size " +
         std::to_string(options.training.batch_size) + " --seed " + std::to_string(options.training.seed);
}

}  // namespace

int run_check(const CheckOptions& options, const Lab& lab, std::ostream& out) {
  const LabOp& op = find_op(options, lab);
  const std::string first = options.first.empty() ? preferred_variant(op, lab.kernels, 0) : options.first;
  SideBySideLog log;
  KernelSelection kernels = lab.kernels;
  op.add_side_by_side(kernels, first, options.second, log);
  kernels.choose(options.op, side_by_side::kVariant);

  validate(options.training);
  const int count = 4 * options.training.batch_size + 2;  // so that an epoch ends, with a small batch, soon
  const TrainingConfig training = config_with(options.op, options.training, count, lab.kernels);
  const ImageSet images = random_images(training.networks, count, training.seed);
  out << options.op << " on " << device_text(lab) << ": " << first << " trains, " << options.second
      << " runs beside it, " << name_of(training.step) << " step, batch " << training.batch_size << "\n";
  const auto tell = [&](const std::string& where, const std::string& what) {
    out << where << ": " << what << (what.ends_with('\n') ? "" : "\n") << replay_text(command_of(options));
    return kFoundWrong;
  };
  std::string where = "the first pass of an iteration, which prepares its memory";
  try {
    Trainer trainer(training, images, kernels);
    trainer.profile(0, options.iterations);  // enqueued one by one: a captured graph could not be looked into
    for (std::int64_t iteration = 0; iteration < options.iterations; ++iteration) {
      where = "iteration " + std::to_string(iteration);
      trainer.run(1);
      if (log.divergence) return tell(where, *log.divergence);
    }
  } catch (const CudaError& error) {
    if (error.code() == cudaErrorMemoryAllocation) throw;
    return tell(where, error.what());
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
  add_whole_number(*check, "--iterations", options->iterations, {1, 1'000'000'000}, "Training iterations");
  add_whole_number(*check, "--batch-size,--batch_size", options->training.batch_size, kBatchSizes, "Images of a batch");
  add_whole_number(*check, "--seed", options->training.seed, {}, "Of weights, latents and images");
  check->callback([&command, options] {
    command = [options](std::ostream& out, std::ostream&) { return run_check(*options, open_lab(options->lab), out); };
  });
}

}  // namespace duel::lab
