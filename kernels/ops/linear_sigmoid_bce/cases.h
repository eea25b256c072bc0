// Cases and bounds of linear_sigmoid_bce.
#pragma once

#include "kernels/losses/cases.h"
#include "kernels/losses/error.h"
#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"
#include "kernels/verify/linear_cases.h"

namespace duel::verify {

inline BatchLoss<double> in_double(const BatchLoss<float>& loss) {
  return {in_double(loss.losses), loss.player, loss.real_rows};
}

inline LinearSigmoidBceForward<double> bce_forward_case(HostTensors& host, int batch, int in,
                                                        const BatchLoss<float>& loss) {
  LinearSigmoidBceForward<double> a{};
  const double limit = 2 / std::sqrt(static_cast<double>(in));
  a.loss = in_double(loss);
  a.input = host.uniform(batch, in, -1, 1);
  a.weight = host.uniform(in, -limit, limit);
  a.bias = host.uniform(1, -1, 1);
  a.score = host.vector(batch);
  a.judgement = host.vector(batch);
  a.statistics = host.vector(kHeadStatistics);
  return a;
}

/// The judgements of given scores.
inline Vector<const double> judgements(HostTensors& host, LossKind kind, const Vector<const double>& scores) {
  std::vector<double> values(scores.data, scores.data + scores.rows);
  with_loss(kind, [&](auto loss) {
    for (double& value : values) value = static_cast<float>(loss.judgement(value));
  });
  return host.vector(values);
}

inline LinearSigmoidBceBackward<double> bce_backward_case(HostTensors& host, int batch, int in,
                                                          const BatchLoss<float>& loss, WantedGradients wanted = {}) {
  LinearSigmoidBceBackward<double> a{};
  a.loss = in_double(loss);
  a.input = host.uniform(batch, in, -1, 1);
  a.weight = host.uniform(in, -1, 1);
  a.score = host.uniform(batch, -4, 4);
  a.judgement = judgements(host, loss.losses.kind, a.score);
  a.d_score = host.vector(batch);
  if (wanted.d_input) a.d_input = host.matrix(batch, in);
  if (wanted.d_weight_and_bias) {
    a.d_weight = host.vector(in);
    a.d_bias = host.vector(1);
  }
  return a;
}

/// What a row's term may be off by.
inline LossTerm<double> term_error(const BatchLoss<double>& loss, const JudgedSample& sample, int row) {
  return loss.player == LossOf::generator ? generator_error(loss.losses, sample)
                                          : discriminator_error(loss.losses, sample, row < loss.real_rows);
}

inline Bounds bce_forward_bounds(const LinearSigmoidBceForward<double>& a) {
  const int batch = a.input.rows, real_rows = a.loss.real_rows;
  std::vector<double> scores, judgements, statistics(kHeadStatistics);
  double losses = 0, sizes[2]{};  // of the terms; of the judgements of each group
  for (int row = 0; row < batch; ++row) {
    double magnitude = std::abs(a.bias.data[0]);
    for (int in = 0; in < a.input.columns; ++in) magnitude += std::abs(at(a.input, row, in) * a.weight.data[in]);
    const JudgedSample sample = judged(a.loss.losses.kind, a.score.data[row], sum_error(a.input.columns) * magnitude);
    scores.push_back(sample.score_error);
    judgements.push_back(sample.written_judgement_error());
    statistics[kLoss] += term_error(a.loss, sample, row).value;
    losses += std::abs(with_loss(
        a.loss.losses.kind, [&](auto loss) { return a.loss.term(loss, row, sample.score, sample.judgement).value; }));
    const bool is_real = row < real_rows;
    const int group_rows = is_real ? real_rows : batch - real_rows;
    statistics[is_real ? kMeanReal : kMeanGenerated] += sample.judgement_error / group_rows;
    sizes[is_real] += std::abs(sample.judgement) / group_rows;
  }
  statistics[kLoss] += sum_error(batch) * losses;
  statistics[kMeanReal] += sum_error(batch) * sizes[true];
  statistics[kMeanGenerated] += sum_error(batch) * sizes[false];
  Bounds bounds;
  bounds.set("score", std::move(scores));
  bounds.set("judgement", std::move(judgements));
  bounds.set("statistics", std::move(statistics));
  return bounds;
}

/// Score and judgement are given: the only errors are those of dL/dscore itself.
inline Bounds bce_backward_bounds(const LinearSigmoidBceBackward<double>& a) {
  const int batch = a.input.rows, in = a.input.columns;
  std::vector<double> d_score, d_input(a.input.size()), d_weight(in), d_bias(1);
  for (int row = 0; row < batch; ++row) {
    const double error = term_error(a.loss, {a.score.data[row], a.judgement.data[row], 0, 0}, row).gradient;
    const double d = std::abs(a.d_score.data[row]), sums = error + sum_error(batch) * d;
    d_score.push_back(error);
    d_bias[0] += sums;
    for (int i = 0; i < in; ++i) {
      d_input[static_cast<std::size_t>(row) * in + i] = (error + kRounding * d) * std::abs(a.weight.data[i]);
      d_weight[i] += sums * std::abs(at(a.input, row, i));
    }
  }
  Bounds bounds;
  bounds.set("d_score", std::move(d_score));
  bounds.set("d_input", std::move(d_input));
  bounds.set("d_weight", std::move(d_weight));
  bounds.set("d_bias", std::move(d_bias));
  return bounds;
}

OpCases<LinearSigmoidBceForward<double>, LinearSigmoidBceForward<float>> linear_sigmoid_bce_forward_cases();
OpCases<LinearSigmoidBceBackward<double>, LinearSigmoidBceBackward<float>> linear_sigmoid_bce_backward_cases();

}  // namespace duel::verify
