// Latents z ~ N(0, 1). Every value depends on (seed, iteration, draw, row, column) alone: the same on any device up to
// the last bits of its logarithm and sine, and the same for any grid.
// Four neighbouring columns share the words w of counter (column / 4, row, draw, low half of iteration) and key seed,
// its high half xor-ed with that of iteration: columns 0, 1 are sqrt(-2 ln u0) * (cos, sin)(2 pi u1), u0, u1 from w0,
// w1; columns 2, 3 the same of w2, w3.
// Source: Philox4x32-10 (kernels/device/random.cuh); G. Box and M. Muller, A note on the generation of random normal
// deviates (1958).
#pragma once

#include <cstdint>

#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

template <class T>
struct LatentNormal {
  Matrix<T> output;  ///< z [batch, latent], written
  std::uint64_t seed;
  std::uint32_t draw;                 ///< distinguishes the draws of one iteration
  Vector<const TrainingClock> clock;  ///< [1], read
};

const Op<LatentNormal<float>>& latent_normal_op();

/// The same in double precision, on host memory.
void latent_normal_reference(const LatentNormal<double>& arguments);

template <class T, class Visitor>
void visit(LatentNormal<T>& a, Visitor&& visitor) {
  visitor.writes("output", a.output);
  visitor.reads("clock", a.clock);
}

}  // namespace duel
