#include "kernels/softmax_cross_entropy/cases.h"

#include <algorithm>
#include <string>
#include <utility>

namespace duel::verify {
namespace {

using Head = SoftmaxCrossEntropy<float>;

HeadOutputs outputs_of(const auto& a) {
  if (!a.labels) return HeadOutputs::probabilities;
  return a.d_logits ? HeadOutputs::gradient : HeadOutputs::loss;
}

// Of p = exp(logit - largest) / sum, without the sum's: an exponent's rounding is as large as the exponent. Numbers
// below the smallest normal one may be flushed to 0.
double exponential_error(double p, double logit, double largest) {
  return p == 0 ? 0 : p * kRounding * (std::abs(logit - largest) + 5);
}
constexpr double kFlushed = 0x1p-125;

// Row 0 has one probability near 1; in row 1 all classes are equal.
SoftmaxCrossEntropy<double> make(HostTensors& host, const Head& shapes) {
  const int rows = shapes.logits.rows, classes = shapes.logits.columns;
  auto a = softmax_case(host, rows, classes, outputs_of(shapes));
  if (rows < 3) return a;
  std::vector<double> logits(a.logits.data, a.logits.data + a.logits.size());
  const auto far = host.uniform(classes, -200, 200);
  for (int c = 0; c < classes; ++c) {
    logits[c] = far.data[c];
    logits[classes + c] = 1.5;
  }
  a.logits = {host.vector(logits).data, rows, classes};
  return a;
}

Head shapes_of(int rows, int classes, HeadOutputs outputs) {
  Head a{};
  a.logits = shape<const float>(rows, classes);
  a.probabilities = shape<float>(rows, classes);
  if (outputs == HeadOutputs::probabilities) return a;
  a.labels = shape<const std::uint8_t>(rows);
  a.statistics = shape<float>(kClassificationStatistics);
  if (outputs == HeadOutputs::gradient) a.d_logits = shape<float>(rows, classes);
  return a;
}

std::vector<Case<Head>> cases() {
  std::vector<Case<Head>> result;
  const auto add = [&](int rows, int classes, HeadOutputs outputs, int misalignment = 0, bool of_training = false) {
    std::string name = std::to_string(rows) + " x " + std::to_string(classes);
    if (outputs == HeadOutputs::probabilities) name += ", probabilities";
    if (outputs == HeadOutputs::loss) name += ", loss";
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, shapes_of(rows, classes, outputs), misalignment, of_training});
  };
  add(128, 10, HeadOutputs::gradient, 0, true);
  for (const int classes : {1, 2, 10, 31, 32, 33, 129, 256}) {
    for (const int rows : {1, 3, 65}) add(rows, classes, HeadOutputs::gradient);
    add(129, classes, HeadOutputs::probabilities);
  }
  add(513, 10, HeadOutputs::gradient);
  add(513, 10, HeadOutputs::loss);
  add(513, 40, HeadOutputs::probabilities);
  for (const int misalignment : {1, 2, 3}) add(33, 10, HeadOutputs::gradient, misalignment);
  return result;
}

}  // namespace

SoftmaxCrossEntropy<double> softmax_case(HostTensors& host, int rows, int classes, HeadOutputs outputs) {
  SoftmaxCrossEntropy<double> a{};
  a.logits = host.uniform(rows, classes, -6, 6);
  a.probabilities = host.matrix(rows, classes);
  if (outputs == HeadOutputs::probabilities) return a;
  const auto labels = host.integers(rows, 0, classes - 1);
  a.labels = host.vector(std::vector<std::uint8_t>(labels.data, labels.data + rows));
  a.statistics = host.vector(kClassificationStatistics);
  if (outputs == HeadOutputs::gradient) a.d_logits = host.matrix(rows, classes);
  return a;
}

Bounds softmax_cross_entropy_bounds(const SoftmaxCrossEntropy<double>& a) {
  const int rows = a.logits.rows, classes = a.logits.columns;
  std::vector<double> probabilities(a.logits.size()), d_logits(a.d_logits ? a.logits.size() : 0);
  double losses = 0, loss_errors = 0;
  for (int row = 0; row < rows; ++row) {
    const std::size_t begin = static_cast<std::size_t>(row) * classes;
    const double *logits = a.logits.data + begin, *p = a.probabilities.data + begin;
    const double largest = *std::max_element(logits, logits + classes);
    double of_sum = sum_error(classes), sum = 0;
    for (int c = 0; c < classes; ++c) {
      of_sum += exponential_error(p[c], logits[c], largest);
      sum += std::exp(logits[c] - largest);
    }
    for (int c = 0; c < classes; ++c) {
      const double error = exponential_error(p[c], logits[c], largest) + p[c] * of_sum + kFlushed;
      probabilities[begin + c] = error;
      const double difference = std::abs(p[c] - (a.labels && c == a.labels.data[row] ? 1 : 0));
      if (a.d_logits) d_logits[begin + c] = (error + 2 * kRounding * difference) / rows;
    }
    if (!a.labels) continue;
    const double margin = largest - logits[a.labels.data[row]], loss = std::log(sum) + margin;
    losses += loss;
    loss_errors += of_sum + kRounding * (2 * std::log(sum) + margin + loss);
  }
  Bounds bounds;
  bounds.set("probabilities", std::move(probabilities));
  bounds.set("d_logits", std::move(d_logits));
  bounds.set("statistics", {(loss_errors + sum_error(rows) * losses) / rows, 0});  // a count is exact
  return bounds;
}

OpCases<SoftmaxCrossEntropy<double>, Head> softmax_cross_entropy_cases() {
  // A comparison, an exponential (about 10), a sum, a quotient and the gradient for each class.
  return {softmax_cross_entropy_op(),
          softmax_cross_entropy_reference,
          make,
          [](const auto&, const SoftmaxCrossEntropy<double>& after) { return softmax_cross_entropy_bounds(after); },
          [](const Head& a) { return 15.0 * a.logits.rows * a.logits.columns; },
          cases};
}

}  // namespace duel::verify
