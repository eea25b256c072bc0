#include "engine/configuration/config_names.h"

#include <array>

namespace duel {

EnumNames<LossKind> names_of(LossKind) {
  static constexpr auto kNames = [] {
    std::array<EnumName<LossKind>, kLossCount> entries{};
    for (int i = 0; i < kLossCount; ++i) entries[i] = {LossKind{i}, kLossFacts[i].name};
    return entries;
  }();
  return kNames;
}
EnumNames<GeneratorLoss> names_of(GeneratorLoss) {
  using enum GeneratorLoss;
  static constexpr EnumName<GeneratorLoss> kNames[] = {{non_saturating, "non_saturating"}, {minimax, "minimax"}};
  return kNames;
}
EnumNames<UpdateOrder> names_of(UpdateOrder) {
  using enum UpdateOrder;
  static constexpr EnumName<UpdateOrder> kNames[] = {{generator_first, "generator_first"},
                                                     {discriminator_first, "discriminator_first"},
                                                     {simultaneous, "simultaneous"}};
  return kNames;
}
EnumNames<StepKind> names_of(StepKind) {
  using enum StepKind;
  static constexpr EnumName<StepKind> kNames[] = {{fused, "fused"}, {plain, "plain"}};
  return kNames;
}
EnumNames<Precision> names_of(Precision) {
  using enum Precision;
  static constexpr EnumName<Precision> kNames[] = {{fp32, name_of(fp32).data()},
                                                   {tf32, name_of(tf32).data()},
                                                   {bf16, name_of(bf16).data()},
                                                   {fp16, name_of(fp16).data()}};
  return kNames;
}
EnumNames<ClassInput> names_of(ClassInput) {
  using enum ClassInput;
  static constexpr EnumName<ClassInput> kNames[] = {{one_hot, "one_hot"}, {embedding, "embedding"}};
  return kNames;
}
EnumNames<NetworkKind> names_of(NetworkKind) {
  using enum NetworkKind;
  static constexpr EnumName<NetworkKind> kNames[] = {{mlp, "mlp"}, {dcgan, "dcgan"}};
  return kNames;
}
EnumNames<NetworkNorm> names_of(NetworkNorm) {
  using enum NetworkNorm;
  static constexpr EnumName<NetworkNorm> kNames[] = {{batch, "batch"}, {spectral, "spectral"}, {none, "none"}};
  return kNames;
}
EnumNames<ImageHead> names_of(ImageHead) {
  using enum ImageHead;
  static constexpr EnumName<ImageHead> kNames[] = {{tanh, "tanh"}, {sigmoid, "sigmoid"}};
  return kNames;
}
EnumNames<LatentDistribution> names_of(LatentDistribution) {
  using enum LatentDistribution;
  static constexpr EnumName<LatentDistribution> kNames[] = {{normal, "normal"}, {uniform, "uniform"}};
  return kNames;
}
EnumNames<DiscriminatorUnit> names_of(DiscriminatorUnit) {
  using enum DiscriminatorUnit;
  static constexpr EnumName<DiscriminatorUnit> kNames[] = {{leaky_relu, "leaky_relu"}, {maxout, "maxout"}};
  return kNames;
}

namespace {

template <class... Units>
EnumNames<OptimizerKind> names_of_units(std::tuple<Units...>) {
  static constexpr EnumName<OptimizerKind> kNames[] = {{kind_of<Units>, Units::kName}...};
  return kNames;
}

}  // namespace

EnumNames<OptimizerKind> names_of(OptimizerKind) {
  return names_of_units(Optimizers());
}

template <>
LossKind parse_name<LossKind>(const std::string& name) {
  static constexpr EnumName<LossKind> kForms[] = {{loss_kind<CrossEntropy>(), "logits"},
                                                  {loss_kind<ClampedCrossEntropy>(), "clamped_probability"}};
  const auto known = find_known<LossKind>(kForms, name);
  return known ? *known : find_value<LossKind>(names_of(LossKind{}), name);
}

}  // namespace duel
