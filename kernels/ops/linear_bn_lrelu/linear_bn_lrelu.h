// y = lrelu(gamma * x̂ + beta), x̂ = (a - mean) / sqrt(variance + eps), a = x Wᵀ + b; and its gradients.
// Source: torch.nn.Linear, torch.nn.BatchNorm1d, torch.nn.LeakyReLU; S. Ioffe and C. Szegedy, Batch normalization
// (2015).
#pragma once

#include "kernels/batch_statistics.h"
#include "kernels/linear/contract.h"

namespace duel {

template <class T>
struct LinearBnLreluForward {
  Matrix<const T> input;   ///< x [batch, in], read
  Matrix<const T> weight;  ///< W [out, in], read
  Vector<const T> bias;    ///< b [out], read
  Vector<const T> gamma;   ///< [out], read
  Vector<const T> beta;    ///< [out], read
  T eps;                   ///< > 0
  /// Share of the batch in the new running averages (unbiased variance; of a single row, which has none, 0). 0, or
  /// running statistics: they stay as they are.
  T momentum;
  T slope;  ///< 0: ReLU
  BatchStatistics statistics = BatchStatistics::batch;
  Vector<T> running_mean;       ///< [out], read and written
  Vector<T> running_variance;   ///< [out], read and written
  Matrix<T> normalized;         ///< x̂ [batch, out], written; with batch statistics only
  Vector<T> inverse_deviation;  ///< 1 / sqrt(variance + eps) [out], written; with batch statistics only
  Matrix<T> output;             ///< y [batch, out], written
};

/// Gradients for batch statistics.
template <class T>
struct LinearBnLreluBackward {
  Matrix<const T> input;              ///< x [batch, in], read
  Matrix<const T> weight;             ///< W [out, in], read
  Vector<const T> gamma;              ///< [out], read
  Matrix<const T> normalized;         ///< x̂ [batch, out], read
  Vector<const T> inverse_deviation;  ///< [out], read
  Matrix<const T> output;             ///< y [batch, out], read: > 0 where the activation's argument is
  Matrix<const T> d_output;           ///< dL/dy [batch, out], read
  T slope;                            ///< >= 0
  Matrix<T> d_linear;                 ///< dL/da [batch, out], written: scratch
  Matrix<T> d_input;                  ///< dL/dx [batch, in], written; absent: not computed
  Matrix<T> d_weight;                 ///< dL/dW [out, in], written
  Vector<T> d_bias;                   ///< dL/db [out], written: zero up to rounding
  Vector<T> d_gamma;                  ///< dL/dgamma [out], written
  Vector<T> d_beta;                   ///< dL/dbeta [out], written
};

const Op<LinearBnLreluForward<float>>& linear_bn_lrelu_forward_op();
const Op<LinearBnLreluBackward<float>>& linear_bn_lrelu_backward_op();

/// The same in double precision, on host memory.
void linear_bn_lrelu_forward_reference(const LinearBnLreluForward<double>& arguments);
void linear_bn_lrelu_backward_reference(const LinearBnLreluBackward<double>& arguments);

/// Names every tensor of the arguments to a visitor: reads, writes or updates (reads and writes).
template <class T, class Visitor>
void visit(LinearBnLreluForward<T>& a, Visitor&& visitor) {
  visit_linear_forward(a, visitor);
  visitor.reads("gamma", a.gamma);
  visitor.reads("beta", a.beta);
  visitor.updates("running_mean", a.running_mean);
  visitor.updates("running_variance", a.running_variance);
  visitor.writes("normalized", a.normalized);
  visitor.writes("inverse_deviation", a.inverse_deviation);
}
template <class T, class Visitor>
void visit(LinearBnLreluBackward<T>& a, Visitor&& visitor) {
  visit_linear_backward(a, visitor);
  visitor.reads("gamma", a.gamma);
  visitor.reads("normalized", a.normalized);
  visitor.reads("inverse_deviation", a.inverse_deviation);
  visitor.writes("d_gamma", a.d_gamma);
  visitor.writes("d_beta", a.d_beta);
}

}  // namespace duel
