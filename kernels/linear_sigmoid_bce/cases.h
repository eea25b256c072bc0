// Cases and bounds of linear_sigmoid_bce.
#pragma once

#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"
#include "kernels/verify/linear_cases.h"

namespace duel::verify {

/// What the head is told besides its tensors; as floats, exact in both precisions.
struct BceSettings {
  CrossEntropy form = CrossEntropy::clamped;
  int real_rows = 0;
  RowGroup<float> real{1.f, 1.f}, generated{0.f, 1.f};
};

template <class Arguments>
Arguments bce_scalars(const BceSettings& settings) {
  Arguments a{};
  a.form = settings.form;
  a.real_rows = settings.real_rows;
  a.real = {settings.real.label, settings.real.weight};
  a.generated = {settings.generated.label, settings.generated.weight};
  return a;
}

inline LinearSigmoidBceForward<double> bce_forward_case(HostTensors& host, int batch, int in,
                                                        const BceSettings& settings) {
  auto a = bce_scalars<LinearSigmoidBceForward<double>>(settings);
  const double limit = 2 / std::sqrt(static_cast<double>(in));
  a.input = host.uniform(batch, in, -1, 1);
  a.weight = host.uniform(in, -limit, limit);
  a.bias = host.uniform(1, -1, 1);
  a.logit = host.vector(batch);
  a.probability = host.vector(batch);
  a.statistics = host.vector(kHeadStatistics);
  return a;
}

inline LinearSigmoidBceBackward<double> bce_backward_case(HostTensors& host, int batch, int in,
                                                          const BceSettings& settings, WantedGradients wanted = {}) {
  auto a = bce_scalars<LinearSigmoidBceBackward<double>>(settings);
  a.input = host.uniform(batch, in, -1, 1);
  a.weight = host.uniform(in, -1, 1);
  a.probability = host.uniform(batch, 0, 1);
  a.d_logit = host.vector(batch);
  if (wanted.d_input) a.d_input = host.matrix(batch, in);
  if (wanted.d_weight_and_bias) {
    a.d_weight = host.vector(in);
    a.d_bias = host.vector(1);
  }
  return a;
}

/// What one row may be off by: its logit, its probability, its cross-entropy.
struct RowErrors {
  double logit, probability, cross_entropy;
};

inline RowErrors row_errors(const LinearSigmoidBceForward<double>& a, int row) {
  double magnitude = std::abs(a.bias.data[0]);
  for (int in = 0; in < a.input.columns; ++in) magnitude += std::abs(at(a.input, row, in) * a.weight.data[in]);
  const double p = a.probability.data[row], logit = a.logit.data[row];
  const double t = row < a.real_rows ? a.real.label : a.generated.label;
  RowErrors errors{};
  errors.logit = sum_error(a.input.columns) * magnitude;
  // The sigmoid's slope is 1/4 at most; an exponential, a sum and a division follow.
  errors.probability = errors.logit / 4 + 4 * kRounding;
  if (a.form == CrossEntropy::logits) {
    // The slope is p - t, at most 1; each of its three terms is rounded.
    errors.cross_entropy = errors.logit + 4 * kRounding * (std::abs(logit) + 1);
  } else if (std::abs(logit) > 105) {
    errors.cross_entropy = 4 * kRounding * 100;  // both logs are 0 or -100, whatever p is exactly
  } else {
    // BCELoss sees p alone: an error of p counts 1 / p in log p and 1 / (1 - p) in log (1 - p).
    errors.cross_entropy =
        errors.probability * (t / p + (1 - t) / (1 - p)) + 4 * kRounding * (std::abs(std::log(p * (1 - p))) + 1);
  }
  return errors;
}

inline Bounds bce_forward_bounds(const LinearSigmoidBceForward<double>& a) {
  const int batch = a.input.rows;
  std::vector<double> logit, probability, statistics(kHeadStatistics);
  double losses = 0;
  for (int row = 0; row < batch; ++row) {
    const RowErrors errors = row_errors(a, row);
    const RowGroup<double>& group = row < a.real_rows ? a.real : a.generated;
    logit.push_back(errors.logit);
    probability.push_back(errors.probability);
    statistics[kLoss] += std::abs(group.weight) * errors.cross_entropy;
    // A cross-entropy is below |a| + 1, or 100 where its log is clamped.
    losses += std::abs(group.weight) * std::min(std::abs(a.logit.data[row]) + 1, 100.0);
    const int group_rows = row < a.real_rows ? a.real_rows : batch - a.real_rows;
    statistics[row < a.real_rows ? kMeanReal : kMeanGenerated] += errors.probability / group_rows;
  }
  statistics[kLoss] += sum_error(batch) * losses;
  statistics[kMeanReal] += sum_error(batch) * a.statistics.data[kMeanReal];
  statistics[kMeanGenerated] += sum_error(batch) * a.statistics.data[kMeanGenerated];
  Bounds bounds;
  bounds.set("logit", std::move(logit));
  bounds.set("probability", std::move(probability));
  bounds.set("statistics", std::move(statistics));
  return bounds;
}

/// dL/da = weight (p - t), in the clamped form / max(p (1 - p), 1e-12) * p (1 - p): eight roundings at most, none of a
/// difference of rounded numbers (p and t are given, and 1 - p is exact from 1/2 on).
inline Bounds bce_backward_bounds(const LinearSigmoidBceBackward<double>& a) {
  const int batch = a.input.rows, in = a.input.columns;
  const double relative = 8 * kRounding;
  std::vector<double> d_input(a.input.size()), d_weight(in), d_bias(1);
  for (int row = 0; row < batch; ++row) {
    const double d = std::abs(a.d_logit.data[row]);
    d_bias[0] += (relative + sum_error(batch)) * d;
    for (int i = 0; i < in; ++i) {
      d_input[static_cast<std::size_t>(row) * in + i] = (relative + kRounding) * d * std::abs(a.weight.data[i]);
      d_weight[i] += (relative + sum_error(batch)) * d * std::abs(at(a.input, row, i));
    }
  }
  Bounds bounds;
  bounds.set("d_logit", scaled_magnitude(relative, a.d_logit));
  bounds.set("d_input", std::move(d_input));
  bounds.set("d_weight", std::move(d_weight));
  bounds.set("d_bias", std::move(d_bias));
  return bounds;
}

OpCases<LinearSigmoidBceForward<double>, LinearSigmoidBceForward<float>> linear_sigmoid_bce_forward_cases();
OpCases<LinearSigmoidBceBackward<double>, LinearSigmoidBceBackward<float>> linear_sigmoid_bce_backward_cases();

}  // namespace duel::verify
