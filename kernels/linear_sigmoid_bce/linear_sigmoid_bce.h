// The discriminator's head: p = sigmoid(x w + b) for each row, and the weighted binary cross-entropy of a batch whose
// first rows are real images and whose other rows are generated ones; with gradients.
// Source: torch.nn.Linear, torch.nn.Sigmoid, torch.nn.BCELoss (and BCEWithLogitsLoss).
#pragma once

#include "kernels/head_statistics.h"
#include "kernels/op.h"

namespace duel {

/// clamped: BCELoss on p, each log clamped at -100, backward denominator p (1 - p) at least 1e-12.
/// logits: max(a, 0) - a t + log(1 + exp(-|a|)), exact for any a.
enum class CrossEntropy { clamped, logits };

/// The label of a group of rows and the weight of each row's cross-entropy in the loss. A negative weight
/// with label 0 is the minimax loss of the generator.
template <class T>
struct RowGroup {
  T label;
  T weight;
};

template <class T>
struct LinearSigmoidBceForward {
  Matrix<const T> input;   ///< x [batch, in], read
  Vector<const T> weight;  ///< w [in], read
  Vector<const T> bias;    ///< b [1], read
  CrossEntropy form = CrossEntropy::clamped;
  int real_rows = 0;  ///< rows 0 .. real_rows - 1 are `real`, the others `generated`
  RowGroup<T> real, generated;
  Vector<T> logit;        ///< a [batch], written
  Vector<T> probability;  ///< p [batch], written
  Vector<T> statistics;   ///< [kHeadStatistics], written
};

template <class T>
struct LinearSigmoidBceBackward {
  Matrix<const T> input;        ///< x [batch, in], read
  Vector<const T> weight;       ///< w [in], read
  Vector<const T> probability;  ///< p [batch], read
  CrossEntropy form = CrossEntropy::clamped;
  int real_rows = 0;
  RowGroup<T> real, generated;
  Vector<T> d_logit;   ///< dL/da [batch], written
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
  visitor.writes("logit", a.logit);
  visitor.writes("probability", a.probability);
  visitor.writes("statistics", a.statistics);
}
template <class T, class Visitor>
void visit(LinearSigmoidBceBackward<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("probability", a.probability);
  visitor.writes("d_logit", a.d_logit);
  visitor.writes("d_input", a.d_input);
  visitor.writes("d_weight", a.d_weight);
  visitor.writes("d_bias", a.d_bias);
}

}  // namespace duel
