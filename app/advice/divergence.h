// What is said of a training whose values are no longer finite.
#pragma once

#include <string>

#include "app/settings/train_options.h"
#include "engine/training/trainer.h"

namespace duel::app {

bool is_finite(const IterationStats& stats);
/// "the losses are not finite: discriminator nan, ..."
std::string describe_losses(const IterationStats& stats);
/// The flags of another run with which it minimises the cross-entropy: "--loss cross_entropy", or the whole game where
/// D is held to something for another loss.
std::string cross_entropy_flags(const TrainingConfig& training);
/// What to try instead, with these options: "a smaller --learning-rate, or --loss cross_entropy".
std::string remedy_of_divergence(const TrainOptions& options);

}  // namespace duel::app
