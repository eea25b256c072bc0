#include <algorithm>

#include "kernels/linear/reference.h"
#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {
namespace {

double mean(const Vector<double>& values, int begin, int end) {
  double sum = 0;
  for (int i = begin; i < end; ++i) sum += values.data[i];
  return end > begin ? sum / (end - begin) : 0.0;
}

}  // namespace

void linear_sigmoid_bce_forward_reference(const LinearSigmoidBceForward<double>& a) {
  const int real_rows = a.loss.real_rows;
  double sum = 0;
  for (int row = 0; row < a.input.rows; ++row) {
    double score = a.bias.data[0];
    for (int in = 0; in < a.input.columns; ++in) score += at(a.input, row, in) * a.weight.data[in];
    a.score.data[row] = score;
    with_loss(a.loss.losses.kind, [&](auto loss) {
      a.judgement.data[row] = loss.judgement(score);
      sum += a.loss.term(loss, row, score, a.judgement.data[row]).value;
    });
  }
  a.statistics.data[kLoss] = sum;
  a.statistics.data[kMeanReal] = mean(a.judgement, 0, real_rows);
  a.statistics.data[kMeanGenerated] = mean(a.judgement, real_rows, a.input.rows);
}

void linear_sigmoid_bce_backward_reference(const LinearSigmoidBceBackward<double>& a) {
  if (a.d_weight) {
    std::fill_n(a.d_weight.data, a.d_weight.size(), 0.0);
    a.d_bias.data[0] = 0;
  }
  for (int row = 0; row < a.input.rows; ++row) {
    const double d_score = with_loss(a.loss.losses.kind, [&](auto loss) {
      return a.loss.term(loss, row, a.score.data[row], a.judgement.data[row]).gradient;
    });
    a.d_score.data[row] = d_score;
    if (a.d_weight) a.d_bias.data[0] += d_score;
    for (int in = 0; in < a.input.columns; ++in) {
      if (a.d_input) at(a.d_input, row, in) = d_score * a.weight.data[in];
      if (a.d_weight) a.d_weight.data[in] += d_score * at(a.input, row, in);
    }
  }
}

}  // namespace duel
