// The discriminator's head for both players, one sample per column: the logit w h + b of each sample and from it, for
// the discriminator's loss and for the generator's, the sample's loss and its gradient with respect to the logit. D
// does not change between the two, so one pass serves both. Samples do not influence each other. Source:
// torch.nn.Linear, torch.nn.Sigmoid, torch.nn.BCELoss (and BCEWithLogitsLoss).
#pragma once

#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {

template <class T>
struct FusedHead {
  Matrix<const T> input;   ///< h [in, columns], read
  Vector<const T> weight;  ///< w [in], read
  Vector<const T> bias;    ///< b [1], read
  CrossEntropy form = CrossEntropy::clamped;
  int real_columns = 0;           ///< columns 0 ... real_columns - 1 are real images, the others generated ones
  RowGroup<T> real, generated;    ///< labels and weights in the discriminator's loss
  RowGroup<T> generator;          ///< of generated images in the generator's loss
  Vector<T> probability;          ///< sigmoid(logit) [columns], written
  Vector<T> discriminator_terms;  ///< weight * cross-entropy [columns], written; absent with d_discriminator
  Vector<T> d_discriminator;      ///< dL/dlogit of the discriminator's loss [columns], written
  Vector<T> generator_terms;      ///< [columns - real_columns], written; absent with d_generator
  Vector<T> d_generator;          ///< dL/dlogit of the generator's loss [columns - real_columns], written
};

const Op<FusedHead<float>>& fused_head_op();

/// The same in double precision, on host memory.
void fused_head_reference(const FusedHead<double>& arguments);

template <class T, class Visitor>
void visit(FusedHead<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("bias", a.bias);
  visitor.writes("probability", a.probability);
  visitor.writes("discriminator_terms", a.discriminator_terms);
  visitor.writes("d_discriminator", a.d_discriminator);
  visitor.writes("generator_terms", a.generator_terms);
  visitor.writes("d_generator", a.d_generator);
}

}  // namespace duel
