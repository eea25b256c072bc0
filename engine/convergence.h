// How the two players of a game stand; engine/quality/equilibrium.h says what that would be at its equilibrium.
// Source: I. Goodfellow et al., Generative adversarial networks (2014).
#pragma once

#include <span>

namespace duel {

struct Convergence {
  double d_real = 0, d_fake = 0;  ///< mean D(x), mean D(G(z))
  double value = 0;               ///< V = mean log D(x) + mean log(1 - D(G(z))), logarithms of at least -100
  double accuracy = 0;            ///< share of images that D judges rightly: real above 1/2, generated below
};

/// Of D's probabilities for real and for generated images. An image judged 1/2 counts half. Throws
/// std::invalid_argument where one of them is empty.
Convergence convergence_of(std::span<const float> real, std::span<const float> generated);

/// How far an iteration moved each network: ||change|| / ||parameters before||, Euclidean norms.
struct UpdateNorms {
  double generator = 0, discriminator = 0;
};

/// ||after - before|| / ||before|| of as many values; 0 where nothing changed. Throws std::invalid_argument for sizes
/// that differ.
double relative_change(std::span<const float> before, std::span<const float> after);

}  // namespace duel
