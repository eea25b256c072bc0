#include <algorithm>
#include <cmath>

#include "kernels/linear/reference.h"
#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {
namespace {

// std::max(x, bound) and not std::max(bound, x): a NaN in x must come out.
double cross_entropy(CrossEntropy form, double logit, double p, double label) {
  if (form == CrossEntropy::logits) {
    return std::max(logit, 0.0) - logit * label + std::log1p(std::exp(-std::abs(logit)));
  }
  return -(label * std::max(std::log(p), -100.0) + (1 - label) * std::max(std::log(1 - p), -100.0));
}

double d_cross_entropy(CrossEntropy form, double p, double label) {
  if (form == CrossEntropy::logits) return p - label;
  const double d_sigmoid = p * (1 - p);
  return (p - label) / std::max(d_sigmoid, 1e-12) * d_sigmoid;
}

double mean(const Vector<double>& values, int begin, int end) {
  double sum = 0;
  for (int i = begin; i < end; ++i) sum += values.data[i];
  return end > begin ? sum / (end - begin) : 0.0;
}

}  // namespace

void linear_sigmoid_bce_forward_reference(const LinearSigmoidBceForward<double>& a) {
  double loss = 0;
  for (int row = 0; row < a.input.rows; ++row) {
    double logit = a.bias.data[0];
    for (int in = 0; in < a.input.columns; ++in) logit += at(a.input, row, in) * a.weight.data[in];
    const double p = 1.0 / (1.0 + std::exp(-logit));
    const RowGroup<double>& group = row < a.real_rows ? a.real : a.generated;
    loss += group.weight * cross_entropy(a.form, logit, p, group.label);
    a.logit.data[row] = logit;
    a.probability.data[row] = p;
  }
  a.statistics.data[kLoss] = loss;
  a.statistics.data[kMeanReal] = mean(a.probability, 0, a.real_rows);
  a.statistics.data[kMeanGenerated] = mean(a.probability, a.real_rows, a.input.rows);
}

void linear_sigmoid_bce_backward_reference(const LinearSigmoidBceBackward<double>& a) {
  if (a.d_weight) {
    std::fill_n(a.d_weight.data, a.d_weight.size(), 0.0);
    a.d_bias.data[0] = 0;
  }
  for (int row = 0; row < a.input.rows; ++row) {
    const RowGroup<double>& group = row < a.real_rows ? a.real : a.generated;
    const double d_logit = group.weight * d_cross_entropy(a.form, a.probability.data[row], group.label);
    a.d_logit.data[row] = d_logit;
    if (a.d_weight) a.d_bias.data[0] += d_logit;
    for (int in = 0; in < a.input.columns; ++in) {
      if (a.d_input) at(a.d_input, row, in) = d_logit * a.weight.data[in];
      if (a.d_weight) a.d_weight.data[in] += d_logit * at(a.input, row, in);
    }
  }
}

}  // namespace duel
