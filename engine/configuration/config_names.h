// The names under which configuration files and checkpoints know the enumerations of engine/configuration/config.h:
// name_of() and parse_name() of each.
#pragma once

#include <string>

#include "engine/configuration/config.h"
#include "engine/configuration/enum_names.h"

namespace duel {

EnumNames<LossKind> names_of(LossKind);  ///< the losses' kName
EnumNames<GeneratorLoss> names_of(GeneratorLoss);
EnumNames<UpdateOrder> names_of(UpdateOrder);
EnumNames<StepKind> names_of(StepKind);
EnumNames<Precision> names_of(Precision);
EnumNames<ClassInput> names_of(ClassInput);
EnumNames<NetworkKind> names_of(NetworkKind);
EnumNames<NetworkNorm> names_of(NetworkNorm);
EnumNames<ImageHead> names_of(ImageHead);
EnumNames<LatentDistribution> names_of(LatentDistribution);
EnumNames<DiscriminatorUnit> names_of(DiscriminatorUnit);
EnumNames<OptimizerKind> names_of(OptimizerKind);  ///< the optimizers' kName

/// Knows the names, too, that files and scripts of `bce`, which chose the form of the cross-entropy, have for two.
template <>
LossKind parse_name<LossKind>(const std::string& name);

}  // namespace duel
