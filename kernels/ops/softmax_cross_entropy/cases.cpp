#include "kernels/ops/softmax_cross_entropy/cases.h"

#include <algorithm>
#include <string>
#include <utility>

#include "kernels/reference.h"

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

// Sample 0 has one probability near 1; in sample 1 all classes are equal.
SoftmaxCrossEntropy<double> make(HostTensors& host, const Head& shapes) {
  const int classes = shapes.logits.rows, samples = shapes.logits.columns;
  auto a = softmax_case(host, samples, classes, outputs_of(shapes));
  if (samples < 3) return a;
  std::vector<double> logits(a.logits.data, a.logits.data + a.logits.size());
  const auto far = host.uniform(classes, -200, 200);
  for (int c = 0; c < classes; ++c) {
    const std::size_t begin = static_cast<std::size_t>(c) * samples;
    logits[begin] = far.data[c];
    logits[begin + 1] = 1.5;
  }
  a.logits = {host.vector(logits).data, classes, samples};
  return a;
}

Head shapes_of(int samples, int classes, HeadOutputs outputs) {
  Head a{};
  a.logits = shape<const float>(classes, samples);
  a.probabilities = shape<float>(classes, samples);
  if (outputs == HeadOutputs::probabilities) return a;
  a.labels = shape<const std::uint8_t>(samples);
  a.statistics = shape<float>(kClassificationStatistics);
  if (outputs == HeadOutputs::gradient) a.d_logits = shape<float>(classes, samples);
  return a;
}

std::vector<Case<Head>> cases() {
  std::vector<Case<Head>> result;
  const auto add = [&](int samples, int classes, HeadOutputs outputs, int misalignment = 0, bool of_training = false) {
    std::string name = std::to_string(samples) + " x " + std::to_string(classes);
    if (outputs == HeadOutputs::probabilities) name += ", probabilities";
    if (outputs == HeadOutputs::loss) name += ", loss";
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, shapes_of(samples, classes, outputs), misalignment, of_training});
  };
  add(128, 10, HeadOutputs::gradient, 0, true);
  for (const int classes : {1, 2, 10, 31, 32, 33, 129, 256}) {
    for (const int samples : {1, 3, 65}) add(samples, classes, HeadOutputs::gradient);
    add(129, classes, HeadOutputs::probabilities);
  }
  add(513, 10, HeadOutputs::gradient);
  add(513, 10, HeadOutputs::loss);
  add(513, 40, HeadOutputs::probabilities);
  for (const int misalignment : {1, 2, 3}) add(33, 10, HeadOutputs::gradient, misalignment);
  return result;
}

}  // namespace

SoftmaxCrossEntropy<double> softmax_case(HostTensors& host, int samples, int classes, HeadOutputs outputs) {
  SoftmaxCrossEntropy<double> a{};
  a.logits = host.uniform(classes, samples, -6, 6);
  a.probabilities = host.matrix(classes, samples);
  if (outputs == HeadOutputs::probabilities) return a;
  const auto labels = host.integers(samples, 0, classes - 1);
  a.labels = host.vector(std::vector<std::uint8_t>(labels.data, labels.data + samples));
  a.statistics = host.vector(kClassificationStatistics);
  if (outputs == HeadOutputs::gradient) a.d_logits = host.matrix(classes, samples);
  return a;
}

Bounds softmax_cross_entropy_bounds(const SoftmaxCrossEntropy<double>& a) {
  const int classes = a.logits.rows, samples = a.logits.columns;
  std::vector<double> probabilities(a.logits.size()), d_logits(a.d_logits ? a.logits.size() : 0);
  double losses = 0, loss_errors = 0;
  for (int sample = 0; sample < samples; ++sample) {
    double largest = at(a.logits, 0, sample);
    for (int c = 1; c < classes; ++c) largest = std::max(largest, at(a.logits, c, sample));
    const auto error_of = [&](int c) {
      return exponential_error(at(a.probabilities, c, sample), at(a.logits, c, sample), largest);
    };
    double of_sum = sum_error(classes), sum = 0;
    for (int c = 0; c < classes; ++c) {
      of_sum += error_of(c);
      sum += std::exp(at(a.logits, c, sample) - largest);
    }
    for (int c = 0; c < classes; ++c) {
      const std::size_t i = static_cast<std::size_t>(c) * samples + sample;
      const double p = at(a.probabilities, c, sample);
      probabilities[i] = error_of(c) + p * of_sum + kFlushed;
      const double difference = std::abs(p - (a.labels && c == a.labels.data[sample] ? 1 : 0));
      if (a.d_logits) d_logits[i] = (probabilities[i] + 2 * kRounding * difference) / samples;
    }
    if (!a.labels) continue;
    const double margin = largest - at(a.logits, a.labels.data[sample], sample), loss = std::log(sum) + margin;
    losses += loss;
    loss_errors += of_sum + kRounding * (2 * std::log(sum) + margin + loss);
  }
  Bounds bounds;
  bounds.set("probabilities", std::move(probabilities));
  bounds.set("d_logits", std::move(d_logits));
  bounds.set("statistics", {(loss_errors + sum_error(samples) * losses) / samples, 0});  // a count is exact
  return bounds;
}

OpCases<SoftmaxCrossEntropy<double>, Head> softmax_cross_entropy_cases() {
  return {softmax_cross_entropy_op(),
          softmax_cross_entropy_reference,
          make,
          [](const auto&, const SoftmaxCrossEntropy<double>& after) { return softmax_cross_entropy_bounds(after); },
          cases,
          nullptr,
          {{{"samples", 128}, {"classes", 10}},
           [](const std::vector<int>& n) { return shapes_of(n[0], n[1], HeadOutputs::gradient); }}};
}

}  // namespace duel::verify
