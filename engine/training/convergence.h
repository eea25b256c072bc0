// How the two players of a game stand; engine/quality/equilibrium.h says what that would be at its equilibrium.
// Source: I. Goodfellow et al., Generative adversarial networks (2014).
#pragma once

#include <span>

#include "kernels/losses/losses.h"

namespace duel {

struct Convergence {
  double d_real = 0, d_fake = 0;  ///< mean D(x), mean D(G(z))
  double value = 0;               ///< V: minus D's loss of real images with labels of 1, and of generated ones
  double accuracy = 0;  ///< share of images that D judges rightly: real ones above the middle of the loss's goals, 1/2
                        ///< of a probability, generated ones below; of scores without a scale, of d_real and d_fake
};

/// By a loss, of D's scores of real and of generated images. An image in the middle counts half. Throws
/// std::invalid_argument where one of them is empty.
Convergence convergence_of(LossKind kind, std::span<const float> real, std::span<const float> generated);

/// How far an iteration moved each network: ||change|| / ||parameters before||, Euclidean norms.
struct UpdateNorms {
  double generator = 0, discriminator = 0;
};

/// ||after - before|| / ||before|| of as many values; 0 where nothing changed. Throws std::invalid_argument for sizes
/// that differ.
double relative_change(std::span<const float> before, std::span<const float> after);

}  // namespace duel
