// The program that trains on MNIST: its presets and its data.
#pragma once

#include "app/settings/training_program.h"

namespace duel::app {

/// "blog" is the published PyTorch script; "default" is the same with the numerically stable loss, batch norm's usual
/// eps, smooth labels and averaged weights; "paper" has networks and optimizer of Goodfellow et al. 2014.
const TrainingProgram& mnist_gan();

}  // namespace duel::app
