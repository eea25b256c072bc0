// The discriminator's head: the score x w + b of each row, how a loss of kernels/losses judges it, and that loss over a
// batch whose first rows are real images and whose other rows are generated ones; with gradients.
// Source: torch.nn.Linear; the losses name theirs.
#pragma once

#include "kernels/head_statistics.h"
#include "kernels/losses/losses.h"
#include "kernels/op.h"

namespace duel {

enum class LossOf { discriminator, generator };

/// One player's loss over a batch.
template <class T>
struct BatchLoss {
  PlayerLosses<T> losses;
  LossOf player = LossOf::discriminator;
  int real_rows = 0;  ///< rows 0 .. real_rows - 1 are real, the others generated; the generator's loss has no real ones

  template <class Loss>
  DUEL_DEVICE_INLINE LossTerm<T> term(Loss loss, int row, T score, T judgement) const {
    return player == LossOf::generator ? losses.generator(loss, score, judgement)
                                       : losses.discriminator(loss, score, judgement, row < real_rows);
  }
};

template <class T>
struct LinearSigmoidBceForward {
  Matrix<const T> input;   ///< x [batch, in], read
  Vector<const T> weight;  ///< w [in], read
  Vector<const T> bias;    ///< b [1], read
  BatchLoss<T> loss;
  Vector<T> score;       ///< [batch], written
  Vector<T> judgement;   ///< of the score, by the loss [batch], written
  Vector<T> statistics;  ///< [kHeadStatistics], written
};

template <class T>
struct LinearSigmoidBceBackward {
  Matrix<const T> input;      ///< x [batch, in], read
  Vector<const T> weight;     ///< w [in], read
  Vector<const T> score;      ///< [batch], read
  Vector<const T> judgement;  ///< [batch], read
  BatchLoss<T> loss;
  Vector<T> d_score;   ///< dL/dscore [batch], written
  Matrix<T> d_input;   ///< dL/dx [batch, in], written; absent: not computed
  Vector<T> d_weight;  ///< dL/dw [in], written; absent (with d_bias): not computed
  Vector<T> d_bias;    ///< dL/db [1], written
};

const Op<LinearSigmoidBceForward<float>>& linear_sigmoid_bce_forward_op();
const Op<LinearSigmoidBceBackward<float>>& linear_sigmoid_bce_backward_op();

/// The same in double precision, on host memory.
void linear_sigmoid_bce_forward_reference(const LinearSigmoidBceForward<double>& arguments);
void linear_sigmoid_bce_backward_reference(const LinearSigmoidBceBackward<double>& arguments);

/// Names every tensor of the arguments to a visitor: visitor.reads(name, view), visitor.writes(name, view).
template <class T, class Visitor>
void visit(LinearSigmoidBceForward<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("bias", a.bias);
  visitor.writes("score", a.score);
  visitor.writes("judgement", a.judgement);
  visitor.writes("statistics", a.statistics);
}
template <class T, class Visitor>
void visit(LinearSigmoidBceBackward<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("score", a.score);
  visitor.reads("judgement", a.judgement);
  visitor.writes("d_score", a.d_score);
  visitor.writes("d_input", a.d_input);
  visitor.writes("d_weight", a.d_weight);
  visitor.writes("d_bias", a.d_bias);
}

}  // namespace duel
