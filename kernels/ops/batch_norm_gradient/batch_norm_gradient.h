// The gradient of batch norm by channel and what it means for the layer below, an image per column: dL/da_below =
// f'(y_below) (gamma / sqrt(variance + eps)) (d - mean of d - x^ mean of d x^), of d = dL/d(gamma x^ + beta), means
// over a channel's pixels in all samples of a batch; dgamma = the sum of d x^, dbeta = the sum of d, over all batches,
// and their update if there is an optimizer. Source: S. Ioffe and C. Szegedy, Batch normalization (2015).
#pragma once

#include "kernels/activations/activations.h"
#include "kernels/levels/parameter.h"
#include "kernels/ops/batch_norm/channel_values.h"

namespace duel {

template <class T>
struct BatchNormGradient {
  Matrix<const T> d_linear;           ///< d [channels x pixels, samples], read
  int pixels = 1;                     ///< of a channel
  int split = 0;                      ///< samples of the first of two batches; 0: there is one
  int first_column = 0;               ///< of the samples that take part: 0, or split for the second batch alone
  Matrix<const T> normalized;         ///< x^ [channels x pixels, samples], read
  Vector<const T> inverse_deviation;  ///< [batches x channels], read
  TrainedParameter<T, 1> gamma;       ///< [channels]; its value is read
  TrainedParameter<T, 1> beta;        ///< [channels]; without an optimizer and gradients, of both, nothing is learned
  ParameterOptimizer optimizer;
  Activation below = Activation::leaky_relu;
  T slope;                 ///< >= 0, of leaky_relu
  Matrix<const T> output;  ///< y of the layer below [channels x pixels, samples], read; absent: no activation
  Matrix<T> d_below;       ///< in columns from first_column on [channels x pixels, samples], written; the columns
                           ///< before stay as they are; may be d_linear's memory
  Vector<T> workspace{};   ///< [batch_norm_gradient_workspace() or more], overwritten; means nothing outside; absent:
                           ///< a channel is the work of one block

  DUEL_HOST_DEVICE int channels() const { return gamma.value.rows; }
  DUEL_HOST_DEVICE int samples() const { return d_linear.columns; }
  DUEL_HOST_DEVICE int batches() const { return split > 0 ? 2 : 1; }
  DUEL_HOST_DEVICE int first_batch() const { return first_column > 0 ? 1 : 0; }  ///< that takes part
  DUEL_HOST_DEVICE bool learns() const { return optimizer.progress || gamma.gradient; }
};

/// Values with which blocks may share out a channel: two for each part of a batch that takes part, and gamma; 0 where
/// they would not.
template <class T>
std::size_t batch_norm_gradient_workspace(const BatchNormGradient<T>& a) {
  const int parts = ChannelParts(a).parts * (a.batches() - a.first_batch());
  return parts == 1 ? 0 : static_cast<std::size_t>(a.channels()) * (2 * parts + 1);
}

const Op<BatchNormGradient<float>>& batch_norm_gradient_op();

/// The same in double precision, on host memory; needs no workspace.
void batch_norm_gradient_reference(const BatchNormGradient<double>& arguments);

template <class T, class Visitor>
void visit(BatchNormGradient<T>& a, Visitor&& visitor) {
  visitor.reads("d_linear", a.d_linear);
  visitor.reads("normalized", a.normalized);
  visitor.reads("inverse_deviation", a.inverse_deviation);
  visit_parameter(a.gamma, a.optimizer, visitor, kGammaNames);
  visit_parameter(a.beta, a.optimizer, visitor, kBetaNames);
  visitor.reads("progress", a.optimizer.progress);
  visitor.reads("output", a.output);
  if (a.first_column > 0) {
    visitor.updates("d_below", a.d_below);
  } else {
    visitor.writes("d_below", a.d_below);
  }
  visitor.updates("workspace", a.workspace);
}

}  // namespace duel
