// A classifier's head, one sample per column: probabilities of the classes, the mean cross-entropy of a batch with its
// labels, and the gradient.
//   p = exp(a) / sum exp(a) in each column;  L = mean over samples of -log p[label];  dL/da = (p - 1[label]) / samples
// One op and not two: the gradient is known as soon as the probabilities are. Exact for logits of any size.
// Source: torch.nn.CrossEntropyLoss.
#pragma once

#include <cstdint>

#include "kernels/op.h"

namespace duel {

/// What is reported of a batch, in one device vector.
enum ClassificationStatistic {
  kMeanCrossEntropy = 0,
  kCorrectSamples = 1,  ///< samples whose label has the largest logit; of equal ones the first class counts
  kClassificationStatistics = 2
};

template <class T>
struct SoftmaxCrossEntropy {
  Matrix<const T> logits;             ///< a [classes, samples], read
  Vector<const std::uint8_t> labels;  ///< [samples], read, each below `classes`; absent: probabilities alone
  Matrix<T> probabilities;            ///< p [classes, samples], written
  Matrix<T> d_logits;                 ///< dL/da [classes, samples], written; absent: not computed
  Vector<T> statistics;               ///< [kClassificationStatistics], written; absent exactly where labels are
};

const Op<SoftmaxCrossEntropy<float>>& softmax_cross_entropy_op();

/// The same in double precision, on host memory.
void softmax_cross_entropy_reference(const SoftmaxCrossEntropy<double>& arguments);

/// Names every tensor of the arguments to a visitor: visitor.reads(name, view), visitor.writes(name, view).
template <class T, class Visitor>
void visit(SoftmaxCrossEntropy<T>& a, Visitor&& visitor) {
  visitor.reads("logits", a.logits);
  visitor.reads("labels", a.labels);
  visitor.writes("probabilities", a.probabilities);
  visitor.writes("d_logits", a.d_logits);
  visitor.writes("statistics", a.statistics);
}

}  // namespace duel
