// Where the game of both players ends: what D says and what the losses are when generated images are distributed as
// real ones and D is the best one against them.
//
// Where an image is as probably real as generated, D minimises the loss's real(score) + generated(score). The score
// with the smallest sum is the same for all images, so G has no gradient there. docs/training-step.md has what that is
// for each loss. Neither the order of the updates, their number nor dropout moves that point. Where a range of scores
// is as good, D may say any of them, of all images the same.
#pragma once

#include "kernels/losses/losses.h"

namespace duel {

struct Equilibrium {
  double judgement = 0;           ///< D(x) = D(G(z)): of a probability 1/2 with labels of 1; the middle of a range
  bool is_range = false;          ///< D may say other judgements, too, which move G's loss with them
  double discriminator_loss = 0;  ///< its share of real + generated
  double generator_loss = 0;
  double value = 0;  ///< V, minus the means of D's loss of real images with labels of 1 and of generated ones
};

/// `real_label`: above 0 and up to 1.
Equilibrium equilibrium_of(LossKind kind, double real_label, GeneratorLoss generator_loss);

}  // namespace duel
