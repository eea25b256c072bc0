#include "engine/configuration/config_names.h"

#include <array>

#include "engine/configuration/enum_names.h"

namespace duel {
namespace {

constexpr auto kLosses = [] {
  std::array<EnumName<LossKind>, kLossCount> entries{};
  for (int i = 0; i < kLossCount; ++i) entries[i] = {LossKind{i}, kLossFacts[i].name};
  return entries;
}();
/// What files and scripts of `bce`, which chose the form of the cross-entropy, call two of them.
constexpr std::array kFormsOfCrossEntropy = {
    EnumName<LossKind>{loss_kind<CrossEntropy>(), "logits"},
    EnumName<LossKind>{loss_kind<ClampedCrossEntropy>(), "clamped_probability"}};
constexpr std::array kGeneratorLosses = {EnumName<GeneratorLoss>{GeneratorLoss::non_saturating, "non_saturating"},
                                         EnumName<GeneratorLoss>{GeneratorLoss::minimax, "minimax"}};
constexpr std::array kUpdateOrders = {EnumName<UpdateOrder>{UpdateOrder::generator_first, "generator_first"},
                                      EnumName<UpdateOrder>{UpdateOrder::discriminator_first, "discriminator_first"},
                                      EnumName<UpdateOrder>{UpdateOrder::simultaneous, "simultaneous"}};
constexpr std::array kStepKinds = {EnumName<StepKind>{StepKind::fused, "fused"},
                                   EnumName<StepKind>{StepKind::plain, "plain"}};
constexpr std::array kPrecisions = {
    EnumName<Precision>{Precision::fp32, "fp32"}, EnumName<Precision>{Precision::tf32, "tf32"},
    EnumName<Precision>{Precision::bf16, "bf16"}, EnumName<Precision>{Precision::fp16, "fp16"}};
constexpr std::array kGeneratorNorms = {EnumName<GeneratorNorm>{GeneratorNorm::batch, "batch"},
                                        EnumName<GeneratorNorm>{GeneratorNorm::none, "none"}};
constexpr std::array kImageHeads = {EnumName<ImageHead>{ImageHead::tanh, "tanh"},
                                    EnumName<ImageHead>{ImageHead::sigmoid, "sigmoid"}};
constexpr std::array kLatentDistributions = {EnumName<LatentDistribution>{LatentDistribution::normal, "normal"},
                                             EnumName<LatentDistribution>{LatentDistribution::uniform, "uniform"}};
constexpr std::array kDiscriminatorUnits = {EnumName<DiscriminatorUnit>{DiscriminatorUnit::leaky_relu, "leaky_relu"},
                                            EnumName<DiscriminatorUnit>{DiscriminatorUnit::maxout, "maxout"}};
template <class... Units>
constexpr auto entries_of(std::tuple<Units...>) {
  return std::array{EnumName<OptimizerKind>{kind_of<Units>, Units::kName}...};
}
constexpr auto kOptimizers = entries_of(Optimizers());

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
  if (const auto form = find_known<LossKind>(kFormsOfCrossEntropy, name)) return *form;
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
