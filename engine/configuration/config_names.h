// The names under which configuration files and checkpoints know the enumerations of engine/configuration/config.h.
#pragma once

#include <string>

#include "engine/configuration/config.h"

namespace duel {

/// The enumerator's own name: "non_saturating", "generator_first", ...
std::string name_of(LossKind value);  ///< the loss's kName
std::string name_of(GeneratorLoss value);
std::string name_of(UpdateOrder value);
std::string name_of(StepKind value);
std::string name_of(GeneratorNorm value);
std::string name_of(ImageHead value);
std::string name_of(LatentDistribution value);
std::string name_of(DiscriminatorUnit value);
std::string name_of(OptimizerKind value);
// name_of(Precision): kernels/op.h

/// The enumerator of that name; '-' counts as '_'. Throws std::invalid_argument that lists the names.
template <class Enum>
Enum parse_name(const std::string& name);
template <>
LossKind parse_name<LossKind>(const std::string& name);
template <>
GeneratorLoss parse_name<GeneratorLoss>(const std::string& name);
template <>
UpdateOrder parse_name<UpdateOrder>(const std::string& name);
template <>
StepKind parse_name<StepKind>(const std::string& name);
template <>
Precision parse_name<Precision>(const std::string& name);
template <>
GeneratorNorm parse_name<GeneratorNorm>(const std::string& name);
template <>
ImageHead parse_name<ImageHead>(const std::string& name);
template <>
LatentDistribution parse_name<LatentDistribution>(const std::string& name);
template <>
DiscriminatorUnit parse_name<DiscriminatorUnit>(const std::string& name);
template <>
OptimizerKind parse_name<OptimizerKind>(const std::string& name);

}  // namespace duel
