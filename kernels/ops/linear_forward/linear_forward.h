// A linear layer with what follows it, forward, on columns: y = f(W x + b), one sample per column. f is an activation,
// or batch norm and LeakyReLU. Under a discriminator's head it also leaves the gradient of the head's score with
// respect to W x + b, w f'(y), which needs neither score nor loss. Source: torch.nn.Linear, torch.nn.BatchNorm1d,
// torch.nn.LeakyReLU, torch.nn.Tanh, torch.nn.Sigmoid.
#pragma once

#include "kernels/activations/activations.h"
#include "kernels/batch_statistics.h"
#include "kernels/op.h"

namespace duel {

template <class T>
struct LinearForward {
  Matrix<const T> input;   ///< x [in, batch], read
  Matrix<const T> weight;  ///< W [out, in], read
  Vector<const T> bias;    ///< b [out], read
  Activation activation = Activation::leaky_relu;
  T slope;                      ///< >= 0, of leaky_relu
  Vector<const T> gamma, beta;  ///< [out], read; absent: no batch norm, and nothing of what follows
  BatchStatistics statistics = BatchStatistics::batch;
  T eps;                        ///< > 0
  T momentum;                   ///< share of the batch in the new running averages (unbiased variance)
  Vector<T> running_mean;       ///< [out], read; written too with the batch's statistics
  Vector<T> running_variance;   ///< the same
  Matrix<T> normalized;         ///< (W x + b - mean) / sqrt(variance + eps) [out, batch], written; absent with running
  Vector<T> inverse_deviation;  ///< 1 / sqrt(variance + eps) [out], written; absent with running statistics
  int first_column = 0;         ///< of output that is written; the columns before and after stay as they are
  Matrix<T> output;             ///< y in columns first_column ... [out, first_column + batch or more], written
  Vector<const T> head_weight;  ///< w of a head on top [out], read; absent: none
  Matrix<T> unit_gradient;      ///< w f'(y) [out, batch], written; with head_weight, and without batch norm
};

const Op<LinearForward<float>>& linear_forward_op();

/// The same in double precision, on host memory.
void linear_forward_reference(const LinearForward<double>& arguments);

/// Names every tensor of the arguments to a visitor: reads, writes or updates (reads and writes).
template <class T, class Visitor>
void visit(LinearForward<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("bias", a.bias);
  visitor.reads("gamma", a.gamma);
  visitor.reads("beta", a.beta);
  if (a.statistics == BatchStatistics::batch) {
    visitor.updates("running_mean", a.running_mean);
    visitor.updates("running_variance", a.running_variance);
  } else {
    visitor.reads("running_mean", a.running_mean);
    visitor.reads("running_variance", a.running_variance);
  }
  visitor.writes("normalized", a.normalized);
  visitor.writes("inverse_deviation", a.inverse_deviation);
  visitor.updates("output", a.output);
  visitor.reads("head_weight", a.head_weight);
  visitor.writes("unit_gradient", a.unit_gradient);
}

}  // namespace duel
