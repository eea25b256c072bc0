#include "app/drawing/checkpoint_generator.h"

#include <algorithm>

#include "app/device/kernel_choice.h"
#include "app/errors/exit_code.h"
#include "app/errors/in_file.h"
#include "app/settings/training_program.h"
#include "files/number_text.h"
#include "files/text.h"
#include "kernels/runtime/device.h"

namespace duel::app {
namespace {

constexpr std::size_t kMostNamesToSay = 20;

/// "0 (T-shirt), 1 (Trouser)", of names that are their numbers "0, 1".
std::string text_of_classes(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostNamesToSay; ++i) {
    const std::string number = std::to_string(i);
    text += (i == 0 ? "" : ", ") + number + (names[i] == number ? "" : " (" + excerpt(names[i]) + ")");
  }
  return names.size() > kMostNamesToSay ? text + ", ... " + std::to_string(names.size() - 1) : text;
}

/// By name, else by number.
std::uint8_t class_called(const std::string& wanted, const GeneratorFile& checkpoint) {
  const std::vector<std::string>& names = checkpoint.classes;
  const auto named = std::find(names.begin(), names.end(), wanted);
  if (named != names.end()) return static_cast<std::uint8_t>(named - names.begin());
  const auto number = read_number<std::size_t>(wanted);
  if (number && *number < names.size()) return static_cast<std::uint8_t>(*number);
  throw UsageError("--class: expected classes of " + checkpoint.file + ": " + text_of_classes(names) + "; found " +
                   in_quotes(wanted));
}

std::vector<std::uint8_t> chosen_classes(const std::vector<std::string>& wanted, const GeneratorFile& checkpoint) {
  const int all = checkpoint.networks.classes;
  if (!wanted.empty() && all == 0) {
    throw UsageError("--class: the generator of " + checkpoint.file +
                     " reads no classes; train one that does: train --conditional");
  }
  if (wanted.empty()) return classes_in_turn(all, all);
  std::vector<std::uint8_t> classes;
  for (const std::string& name : wanted) classes.push_back(class_called(name, checkpoint));
  return classes;
}

}  // namespace

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
  classes_ = chosen_classes(options_.classes, checkpoint);
  select_device(options_.device, options_.threads);
  for (const std::string& warning : use_tuned_kernels(kernels, options_.kernels)) warn(*options_.program, warning);
  in_file(file_, [&] { generator_.emplace(networks_, checkpoint.tensors, options_.weights, kernels); });
}

std::vector<std::uint8_t> CheckpointGenerator::classes_in_rows(int count, int each) const {
  std::vector<std::uint8_t> classes;
  for (int i = 0; i < count && !classes_.empty(); ++i) {
    classes.push_back(classes_[static_cast<std::size_t>(i / each) % classes_.size()]);
  }
  return classes;
}

std::vector<float> CheckpointGenerator::draw_latents(int count, std::span<const std::uint8_t> classes) const {
  return duel::draw_latents(count, networks_, options_.seed, classes);
}

FloatImages CheckpointGenerator::generate(std::span<const float> latents) const {
  FloatImages images =
      with_chosen_kernels(options_.kernels, [&] { return generator_->generate(latents, options_.statistics); });
  for (const std::string& note : kernels().notes()) warn(*options_.program, note);
  require_finite(options_.checkpoint, images.values);
  return images;
}

}  // namespace duel::app
