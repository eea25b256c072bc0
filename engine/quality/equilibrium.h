// Where the game of both players ends: what D says and what the losses are when generated images are distributed as
// real ones and D is the best one against them.
//
// With p for the real images, q for the generated ones and real labels of a, D minimises at each image
//   -a p log D - ((1 - a) p + q) log(1 - D), so D = a p / (p + q), and a / 2 where q = p (a = 1: Goodfellow et al.
//   2014,
// theorem 1). There D no longer depends on the image, so G has no gradient. Neither the form of the cross-entropy, the
// order of the updates, their number nor dropout moves that point.
#pragma once

#include "engine/config.h"

namespace duel {

struct Equilibrium {
  double probability = 0;         ///< D(x) = D(G(z)); 1/2 with labels of 1
  double discriminator_loss = 0;  ///< (BCE(D(x), a) + BCE(D(G(z)), 0)) / 2; ln 2 with labels of 1
  double generator_loss = 0;      ///< with labels of 1: ln 2, or -ln 2 where it is minimax
  double value = 0;               ///< V = log D(x) + log(1 - D(G(z))); -log 4 with labels of 1
};

/// `real_label`: above 0 and up to 1.
Equilibrium equilibrium_of(double real_label, GeneratorLoss loss);

}  // namespace duel
