#include "tools/kernel_lab/tune.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "engine/measure/progress_line.h"
#include "engine/networks/latents.h"
#include "engine/training/trainer.h"

namespace duel::lab {
namespace {

constexpr double kLeastGain = 0.02;  // a change of kernels changes bits: not for less

/// Any pixels: kernels take the same time whatever they are.
ImageSet grey_images(const NetworkConfig& networks, std::int64_t count) {
  const auto pixels = static_cast<std::size_t>(count) * static_cast<std::size_t>(networks.pixels());
  return {static_cast<int>(count),
          networks.image_size,
          networks.image_size,
          networks.channels,
          std::vector<std::uint8_t>(pixels, 128),
          classes_in_turn(static_cast<int>(count), networks.classes)};
}

/// The variants of full precision that support the case and pass; what was wrong with the others goes to
/// tuned.failures.
std::vector<std::string> verified_variants(const LabOp& op, const KernelSelection& kernels, std::size_t number,
                                           const LabOptions& options, TunedCase& tuned) {
  const auto expectation = op.expect(number, VerifyOptions{}.seed);
  std::vector<std::string> passed;
  for (const VariantInfo& variant : op.variants(kernels)) {
    if (variant.precision != Precision::fp32 || !op.supports(kernels, variant.name, number)) continue;
    const std::string wrong = expectation->verify(kernels, variant.name, verify::HowMany::some);
    if (wrong.empty()) {
      passed.push_back(variant.name);
      continue;
    }
    const std::string again = replay_text(verify_command(options, op.name(), variant.name, ""));
    tuned.failures.push_back(variant.name + ": " + wrong + again);
    if (is_device_lost()) {
      throw std::runtime_error("for tensors of " + tuned.shapes + ":\n" + wrong + again +
                               "The device cannot be used after this fault. Nothing was written to the cache.");
    }
  }
  if (passed.empty()) throw std::invalid_argument(tuned.op + ": no variant is right for tensors of " + tuned.shapes);
  return passed;
}

TunedCase tune_case(LabOp& op, const KernelSelection& kernels, const KernelUse& use, const std::any& arguments,
                    const LabOptions& options, const TimingOptions& timing) {
  TunedCase tuned{use.op, use.shapes, {}, 0, {}};
  const std::size_t number = op.add_case(arguments);
  const std::vector<std::string> variants = verified_variants(op, kernels, number, options, tuned);
  const auto times = time_variants(op, kernels, number, variants, nullptr, timing);
  for (std::size_t i = 0; i < variants.size(); ++i) tuned.contenders.push_back({variants[i], summarize(times[i])});
  tuned.winner = pick_winner(tuned.contenders);
  return tuned;
}

}  // namespace

std::size_t pick_winner(const std::vector<Contender>& contenders) {
  if (contenders.empty()) throw std::invalid_argument("pick_winner: expected at least one variant");
  const auto is_faster = [](const Contender& a, const Contender& b) { return a.times.median < b.times.median; };
  const auto fastest = std::min_element(contenders.begin(), contenders.end(), is_faster);
  const Summary& first = contenders.front().times;
  const double margin = std::max(kLeastGain, 3 * (relative_noise(first) + relative_noise(fastest->times)));
  const bool is_clear = fastest->times.median < first.median * (1 - margin);
  return is_clear ? static_cast<std::size_t>(fastest - contenders.begin()) : 0;
}

std::vector<TunedCase> tune(const Lab& lab, const TrainingConfig& config, std::int64_t images,
                            const TimingOptions& timing, std::ostream& err) {
  std::vector<KernelUse> uses;
  std::vector<std::any> arguments;
  {
    // Its set-up runs everything that an iteration runs, full and smaller batches.
    const Trainer trainer(config, grey_images(config.networks, images), lab.kernels);
    uses = trainer.kernels().uses();
    arguments = trainer.kernels().used_arguments();
  }
  ProgressLine progress(err);
  std::vector<TunedCase> results;
  std::set<std::pair<std::string, std::string>> done;
  for (const auto& op : lab.ops) {
    for (std::size_t i = 0; i < uses.size(); ++i) {
      if (uses[i].op != op->name() || !done.insert({uses[i].op, uses[i].shapes}).second) continue;
      progress.show(std::to_string(100 * done.size() / uses.size()) + "%  " + uses[i].op + ", " + uses[i].shapes);
      results.push_back(tune_case(*op, lab.kernels, uses[i], arguments[i], lab.options, timing));
    }
  }
  progress.clear();
  return results;
}

}  // namespace duel::lab
