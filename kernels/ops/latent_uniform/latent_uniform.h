// Latents z ~ U(-limit, limit). Every value depends on (seed, iteration, draw, row, column) alone: column c takes word
// c % 4 of the words that latent_normal takes for columns 4 * (c / 4) and after.
// Source: Philox4x32-10 (kernels/device/random.cuh).
#pragma once

#include <cstdint>

#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

template <class T>
struct LatentUniform {
  Matrix<T> output;  ///< z [batch, latent], written
  T limit;           ///< > 0
  std::uint64_t seed;
  std::uint32_t draw;                 ///< distinguishes the draws of one iteration
  Vector<const TrainingClock> clock;  ///< [1], read
};

const Op<LatentUniform<float>>& latent_uniform_op();

/// The same in double precision, on host memory.
void latent_uniform_reference(const LatentUniform<double>& arguments);

template <class T, class Visitor>
void visit(LatentUniform<T>& a, Visitor&& visitor) {
  visitor.writes("output", a.output);
  visitor.reads("clock", a.clock);
}

}  // namespace duel
