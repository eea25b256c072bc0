#include "engine/config_names.h"

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "files/text.h"

namespace duel {
namespace {

template <class Enum>
struct Entry {
  Enum value;
  const char* name;
};

constexpr auto kLosses = [] {
  std::array<Entry<LossKind>, kLossCount> entries{};
  for (int i = 0; i < kLossCount; ++i) entries[i] = {LossKind{i}, kLossFacts[i].name};
  return entries;
}();
/// What files and scripts of `bce`, which chose the form of the cross-entropy, call two of them.
constexpr std::array kFormsOfCrossEntropy = {Entry<LossKind>{loss_kind<CrossEntropy>(), "logits"},
                                             Entry<LossKind>{loss_kind<ClampedCrossEntropy>(), "clamped_probability"}};
constexpr std::array kGeneratorLosses = {Entry<GeneratorLoss>{GeneratorLoss::non_saturating, "non_saturating"},
                                         Entry<GeneratorLoss>{GeneratorLoss::minimax, "minimax"}};
constexpr std::array kUpdateOrders = {Entry<UpdateOrder>{UpdateOrder::generator_first, "generator_first"},
                                      Entry<UpdateOrder>{UpdateOrder::discriminator_first, "discriminator_first"},
                                      Entry<UpdateOrder>{UpdateOrder::simultaneous, "simultaneous"}};
constexpr std::array kStepKinds = {Entry<StepKind>{StepKind::fused, "fused"},
                                   Entry<StepKind>{StepKind::plain, "plain"}};
constexpr std::array kPrecisions = {
    Entry<Precision>{Precision::fp32, "fp32"}, Entry<Precision>{Precision::tf32, "tf32"},
    Entry<Precision>{Precision::bf16, "bf16"}, Entry<Precision>{Precision::fp16, "fp16"}};
constexpr std::array kGeneratorNorms = {Entry<GeneratorNorm>{GeneratorNorm::batch, "batch"},
                                        Entry<GeneratorNorm>{GeneratorNorm::none, "none"}};
constexpr std::array kImageHeads = {Entry<ImageHead>{ImageHead::tanh, "tanh"},
                                    Entry<ImageHead>{ImageHead::sigmoid, "sigmoid"}};
constexpr std::array kLatentDistributions = {Entry<LatentDistribution>{LatentDistribution::normal, "normal"},
                                             Entry<LatentDistribution>{LatentDistribution::uniform, "uniform"}};
constexpr std::array kDiscriminatorUnits = {Entry<DiscriminatorUnit>{DiscriminatorUnit::leaky_relu, "leaky_relu"},
                                            Entry<DiscriminatorUnit>{DiscriminatorUnit::maxout, "maxout"}};
template <class... Units>
constexpr auto entries_of(UnitList<Units...>) {
  return std::array{Entry<OptimizerKind>{kind_of<Units>, Units::kName}...};
}
constexpr auto kOptimizers = entries_of(Optimizers());

template <class Enum>
std::string find_name(std::span<const Entry<Enum>> entries, Enum value) {
  for (const Entry<Enum>& entry : entries) {
    if (entry.value == value) return entry.name;
  }
  throw std::invalid_argument("no enumerator has the value " + std::to_string(static_cast<int>(value)));
}

/// '-' counts as '_'.
std::string spelled(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

template <class Enum>
Enum find_value(std::span<const Entry<Enum>> entries, const std::string& name) {
  std::string accepted;
  for (const Entry<Enum>& entry : entries) {
    if (spelled(name) == entry.name) return entry.value;
    accepted += (accepted.empty() ? "" : " or ") + std::string(entry.name);
  }
  throw std::invalid_argument("expected " + accepted + ", found " + in_quotes(name));
}

}  // namespace

std::string name_of(LossKind value) {
  return find_name<LossKind>(kLosses, value);
}
std::string name_of(GeneratorLoss value) {
  return find_name<GeneratorLoss>(kGeneratorLosses, value);
}
std::string name_of(UpdateOrder value) {
  return find_name<UpdateOrder>(kUpdateOrders, value);
}
std::string name_of(StepKind value) {
  return find_name<StepKind>(kStepKinds, value);
}
std::string name_of(GeneratorNorm value) {
  return find_name<GeneratorNorm>(kGeneratorNorms, value);
}
std::string name_of(ImageHead value) {
  return find_name<ImageHead>(kImageHeads, value);
}
std::string name_of(LatentDistribution value) {
  return find_name<LatentDistribution>(kLatentDistributions, value);
}
std::string name_of(DiscriminatorUnit value) {
  return find_name<DiscriminatorUnit>(kDiscriminatorUnits, value);
}
std::string name_of(OptimizerKind value) {
  return find_name<OptimizerKind>(kOptimizers, value);
}

template <>
LossKind parse_name<LossKind>(const std::string& name) {
  for (const Entry<LossKind>& form : kFormsOfCrossEntropy) {
    if (spelled(name) == form.name) return form.value;
  }
  return find_value<LossKind>(kLosses, name);
}
template <>
GeneratorLoss parse_name<GeneratorLoss>(const std::string& name) {
  return find_value<GeneratorLoss>(kGeneratorLosses, name);
}
template <>
UpdateOrder parse_name<UpdateOrder>(const std::string& name) {
  return find_value<UpdateOrder>(kUpdateOrders, name);
}
template <>
StepKind parse_name<StepKind>(const std::string& name) {
  return find_value<StepKind>(kStepKinds, name);
}
template <>
Precision parse_name<Precision>(const std::string& name) {
  return find_value<Precision>(kPrecisions, name);
}
template <>
GeneratorNorm parse_name<GeneratorNorm>(const std::string& name) {
  return find_value<GeneratorNorm>(kGeneratorNorms, name);
}
template <>
ImageHead parse_name<ImageHead>(const std::string& name) {
  return find_value<ImageHead>(kImageHeads, name);
}
template <>
LatentDistribution parse_name<LatentDistribution>(const std::string& name) {
  return find_value<LatentDistribution>(kLatentDistributions, name);
}
template <>
DiscriminatorUnit parse_name<DiscriminatorUnit>(const std::string& name) {
  return find_value<DiscriminatorUnit>(kDiscriminatorUnits, name);
}
template <>
OptimizerKind parse_name<OptimizerKind>(const std::string& name) {
  return find_value<OptimizerKind>(kOptimizers, name);
}

}  // namespace duel
