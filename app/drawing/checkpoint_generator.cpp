#include "app/drawing/checkpoint_generator.h"

#include "app/device/kernel_choice.h"
#include "app/errors/in_file.h"
#include "app/settings/training_program.h"
#include "kernels/runtime/device.h"

namespace duel::app {

CheckpointGenerator::CheckpointGenerator(const GeneratorOptions& options) : options_(options) {
  KernelSelection kernels;
  choose_kernels(kernels, options.kernels);
  take(read_generator_file(*options.program, options.checkpoint, options.preset, options.runs), kernels);
}

CheckpointGenerator::CheckpointGenerator(const GeneratorOptions& options, const GeneratorFile& checkpoint)
    : options_(options) {
  KernelSelection kernels;
  choose_kernels(kernels, options.kernels);
  take(checkpoint, kernels);
}

void CheckpointGenerator::take(const GeneratorFile& checkpoint, KernelSelection& kernels) {
  file_ = checkpoint.file;
  trained_on_ = checkpoint.trained_on;
  networks_ = checkpoint.networks;
  select_device(options_.device, options_.threads);
  for (const std::string& warning : use_tuned_kernels(kernels, options_.kernels)) warn(*options_.program, warning);
  in_file(file_, [&] { generator_.emplace(networks_, checkpoint.tensors, options_.weights, kernels); });
}

std::vector<float> CheckpointGenerator::draw_latents(int count) const {
  return duel::draw_latents(count, networks_, options_.seed);
}

FloatImages CheckpointGenerator::generate(std::span<const float> latents) const {
  FloatImages images =
      with_chosen_kernels(options_.kernels, [&] { return generator_->generate(latents, options_.statistics); });
  for (const std::string& note : kernels().notes()) warn(*options_.program, note);
  require_finite(options_.checkpoint, images.values);
  return images;
}

}  // namespace duel::app
