#include <algorithm>
#include <cmath>

#include "kernels/softmax_cross_entropy/softmax_cross_entropy.h"

namespace duel {
namespace {

// Comparisons that a NaN fails.
bool is_first_of_largest(const double* logits, int classes, int label) {
  for (int c = 0; c < classes; ++c) {
    if (c < label ? !(logits[c] < logits[label]) : !(logits[c] <= logits[label])) return false;
  }
  return true;
}

}  // namespace

void softmax_cross_entropy_reference(const SoftmaxCrossEntropy<double>& a) {
  const int rows = a.logits.rows, classes = a.logits.columns;
  double losses = 0, correct = 0;
  for (int row = 0; row < rows; ++row) {
    const std::size_t begin = static_cast<std::size_t>(row) * classes;
    const double* logits = a.logits.data + begin;
    const double largest = *std::max_element(logits, logits + classes);
    double sum = 0;
    for (int c = 0; c < classes; ++c) sum += std::exp(logits[c] - largest);
    for (int c = 0; c < classes; ++c) a.probabilities.data[begin + c] = std::exp(logits[c] - largest) / sum;
    if (!a.labels) continue;

    const int label = a.labels.data[row];
    losses += std::log(sum) - (logits[label] - largest);
    if (is_first_of_largest(logits, classes, label)) correct += 1;
    if (!a.d_logits) continue;
    for (int c = 0; c < classes; ++c) {
      a.d_logits.data[begin + c] = (a.probabilities.data[begin + c] - (c == label ? 1 : 0)) / rows;
    }
  }
  if (!a.labels) return;
  a.statistics.data[kMeanCrossEntropy] = losses / rows;
  a.statistics.data[kCorrectRows] = correct;
}

}  // namespace duel
