// The discriminator's head for both players, one sample per column: the score w h + b of each sample and from it, by a
// loss of kernels/losses, how D judges the sample, and its term of the discriminator's loss and of the generator's with
// the derivative with respect to the score. D does not change between the two, so one pass serves both. Samples do not
// influence each other. Source: torch.nn.Linear; the losses name theirs.
#pragma once

#include "kernels/losses/losses.h"
#include "kernels/op.h"

namespace duel {

template <class T>
struct DiscriminatorHead {
  Matrix<const T> input;   ///< h [in, columns or more], read
  Vector<const T> weight;  ///< w [in], read
  Vector<const T> bias;    ///< b [1], read
  PlayerLosses<T> losses;
  int real_columns = 0;           ///< columns 0 ... real_columns - 1 are real images, the others generated ones
  Vector<T> score;                ///< [columns], written; absent: nobody asks for it
  Vector<T> judgement;            ///< [columns], written
  Vector<T> discriminator_terms;  ///< of its loss [columns], written; absent with d_discriminator
  Vector<T> d_discriminator;      ///< dL/dscore of the discriminator's loss [columns], written
  Vector<T> generator_terms;      ///< [columns - real_columns], written; absent with d_generator
  Vector<T> d_generator;          ///< dL/dscore of the generator's loss [columns - real_columns], written

  DUEL_HOST_DEVICE int columns() const { return judgement.rows; }
};

const Op<DiscriminatorHead<float>>& discriminator_head_op();

/// The same in double precision, on host memory.
void discriminator_head_reference(const DiscriminatorHead<double>& arguments);

template <class T, class Visitor>
void visit(DiscriminatorHead<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("bias", a.bias);
  visitor.writes("score", a.score);
  visitor.writes("judgement", a.judgement);
  visitor.writes("discriminator_terms", a.discriminator_terms);
  visitor.writes("d_discriminator", a.d_discriminator);
  visitor.writes("generator_terms", a.generator_terms);
  visitor.writes("d_generator", a.d_generator);
}

}  // namespace duel
