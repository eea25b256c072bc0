// Batch norm by channel with LeakyReLU, forward, an image per column: y = f(gamma x^ + beta), x^ = (x - mean) /
// sqrt(variance + eps), of a channel's pixels in all samples of a batch. Columns may hold two batches side by side,
// each with statistics of its own. Source: torch.nn.BatchNorm2d, torch.nn.LeakyReLU.
#pragma once

#include "kernels/batch_statistics.h"
#include "kernels/op.h"
#include "kernels/ops/batch_norm/channel_values.h"

namespace duel {

template <class T>
struct BatchNorm {
  Matrix<const T> input;        ///< x [channels x pixels, samples], a channel's pixels in neighbouring rows, read
  int pixels = 1;               ///< of a channel
  int split = 0;                ///< samples of the first of two batches; 0: there is one
  Vector<const T> gamma, beta;  ///< [channels], read
  BatchStatistics statistics = BatchStatistics::batch;
  T eps;                        ///< > 0
  T momentum;                   ///< share of a batch in the new running averages (unbiased variance)
  Vector<T> running_mean;       ///< [channels], read; written too with a batch's statistics, the first batch's first
  Vector<T> running_variance;   ///< the same
  T slope;                      ///< >= 0, of LeakyReLU; 1: the identity
  Matrix<T> normalized;         ///< x^ [channels x pixels, samples], written; may be the input's memory; absent with
                                ///< running statistics
  Vector<T> inverse_deviation;  ///< 1 / sqrt(variance + eps) [batches x channels], written; absent as normalized
  Matrix<T> output;             ///< y [channels x pixels, samples], written; may be the input's memory
  Vector<T> workspace{};        ///< [batch_norm_workspace() or more], overwritten; means nothing outside; absent: a
                                ///< channel is the work of one block

  DUEL_HOST_DEVICE int channels() const { return gamma.rows; }
  DUEL_HOST_DEVICE int samples() const { return output.columns; }
  DUEL_HOST_DEVICE int batches() const { return split > 0 ? 2 : 1; }
};

/// Values with which blocks may share out a channel: two for each part; 0 where they would not, or need none.
template <class T>
std::size_t batch_norm_workspace(const BatchNorm<T>& a) {
  const int parts = ChannelParts(a).parts * a.batches();
  if (parts == 1 || a.statistics == BatchStatistics::running) return 0;
  return std::size_t{2} * a.channels() * parts;
}

const Op<BatchNorm<float>>& batch_norm_op();

/// The same in double precision, on host memory; needs no workspace.
void batch_norm_reference(const BatchNorm<double>& arguments);

template <class T, class Visitor>
void visit(BatchNorm<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
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
  visitor.writes("output", a.output);
  visitor.updates("workspace", a.workspace);
}

}  // namespace duel
