#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "kernels/reference.h"

namespace duel {
namespace {

// Comparisons that a NaN fails.
bool is_first_of_largest(const std::vector<double>& logits, std::size_t label) {
  for (std::size_t c = 0; c < logits.size(); ++c) {
    if (c < label ? !(logits[c] < logits[label]) : !(logits[c] <= logits[label])) return false;
  }
  return true;
}

}  // namespace

void softmax_cross_entropy_reference(const SoftmaxCrossEntropy<double>& a) {
  const int classes = a.logits.rows, samples = a.logits.columns;
  double losses = 0, correct = 0;
  for (int sample = 0; sample < samples; ++sample) {
    std::vector<double> logits;
    for (int c = 0; c < classes; ++c) logits.push_back(at(a.logits, c, sample));
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const double logit : logits) sum += std::exp(logit - largest);
    for (int c = 0; c < classes; ++c) at(a.probabilities, c, sample) = std::exp(logits[c] - largest) / sum;
    if (!a.labels) continue;

    const int label = a.labels.data[sample];
    losses += std::log(sum) - (logits[label] - largest);
    if (is_first_of_largest(logits, label)) correct += 1;
    if (!a.d_logits) continue;
    for (int c = 0; c < classes; ++c) {
      at(a.d_logits, c, sample) = (at(a.probabilities, c, sample) - (c == label ? 1 : 0)) / samples;
    }
  }
  if (!a.labels) return;
  a.statistics.data[kMeanCrossEntropy] = losses / samples;
  a.statistics.data[kCorrectSamples] = correct;
}

}  // namespace duel
