#include "kernels/linear_sigmoid_bce/cases.h"

#include <initializer_list>

#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Forward = LinearSigmoidBceForward<float>;
using Backward = LinearSigmoidBceBackward<float>;

struct HeadSize {
  int batch, in;

  std::string text() const { return std::to_string(batch) + " x " + std::to_string(in); }
};

// The discriminator's step, the generator's, and their last, small batch of an epoch.
constexpr HeadSize kTraining[] = {{128, 256}, {64, 256}, {32, 256}};

template <class Arguments>
BceSettings settings_of(const Arguments& a) {
  return {a.form, a.real_rows, a.real, a.generated};
}

// The first row's logit is far below zero, the last one's far above: their probabilities are 0 and 1.
LinearSigmoidBceForward<double> make_forward(HostTensors& host, const Forward& shapes) {
  auto a = bce_forward_case(host, shapes.input.rows, shapes.input.columns, settings_of(shapes));
  if (a.input.rows < 3) return a;
  std::vector<double> input(a.input.data, a.input.data + a.input.size());
  const int in = a.input.columns;
  for (int i = 0; i < in; ++i) {
    const double far = a.weight.data[i] < 0 ? -200 : 200;
    input[i] = -far;
    input[input.size() - in + i] = far;
  }
  a.input = {host.vector(input).data, a.input.rows, in};
  return a;
}

LinearSigmoidBceBackward<double> make_backward(HostTensors& host, const Backward& shapes) {
  auto a =
      bce_backward_case(host, shapes.input.rows, shapes.input.columns, settings_of(shapes), wanted_gradients(shapes));
  if (a.probability.rows < 3) return a;
  std::vector<double> probability(a.probability.data, a.probability.data + a.probability.rows);
  probability.front() = 0;
  probability.back() = 1;
  a.probability = host.vector(probability);
  return a;
}

// Half of the rows are real, every group's mean counts half.
BceSettings discriminator_step(CrossEntropy form, int batch) {
  const int real_rows = batch / 2;
  return {form,
          real_rows,
          {1.f, 0.5f / static_cast<float>(real_rows ? real_rows : 1)},
          {0.f, 0.5f / static_cast<float>(batch - real_rows)}};
}

Forward forward_shapes(const HeadSize& size, CrossEntropy form) {
  auto a = bce_scalars<Forward>(discriminator_step(form, size.batch));
  a.input = shape<const float>(size.batch, size.in);
  a.weight = shape<const float>(size.in);
  a.bias = shape<const float>(1);
  a.logit = a.probability = shape<float>(size.batch);
  a.statistics = shape<float>(kHeadStatistics);
  return a;
}

Backward backward_shapes(const HeadSize& size, CrossEntropy form, WantedGradients wanted = {}) {
  auto a = bce_scalars<Backward>(discriminator_step(form, size.batch));
  a.input = shape<const float>(size.batch, size.in);
  a.weight = shape<const float>(size.in);
  a.probability = shape<const float>(size.batch);
  a.d_logit = shape<float>(size.batch);
  if (wanted.d_input) a.d_input = shape<float>(size.batch, size.in);
  if (wanted.d_weight_and_bias) {
    a.d_weight = shape<float>(size.in);
    a.d_bias = shape<float>(1);
  }
  return a;
}

template <class Arguments, class OfSize>
std::vector<Case<Arguments>> head_cases(OfSize arguments) {
  std::vector<Case<Arguments>> cases;
  for (const HeadSize& size : kTraining) {
    cases.push_back({.name = size.text(), .arguments = arguments(size, CrossEntropy::clamped), .of_training = true});
  }
  int number = 0;
  for (const LayerSize& size : few_edge_layers()) {
    const HeadSize head{size.batch, size.in};
    const bool logits = ++number % 2 == 0;
    cases.push_back({head.text() + (logits ? ", logits" : ""),
                     arguments(head, logits ? CrossEntropy::logits : CrossEntropy::clamped)});
  }
  for (const int misalignment : {1, 2, 3}) {
    for (const HeadSize& size : {HeadSize{64, 256}, HeadSize{33, 65}}) {
      cases.push_back({size.text() + ", " + std::to_string(misalignment) + " elements off",
                       arguments(size, CrossEntropy::logits), misalignment});
    }
  }
  return cases;
}

std::vector<Case<Forward>> forward_cases() {
  return head_cases<Forward>([](const HeadSize& size, CrossEntropy form) { return forward_shapes(size, form); });
}

std::vector<Case<Backward>> backward_cases() {
  auto cases =
      head_cases<Backward>([](const HeadSize& size, CrossEntropy form) { return backward_shapes(size, form); });
  const HeadSize size{64, 40};
  cases.push_back({size.text() + ", without d_input", backward_shapes(size, CrossEntropy::logits, {.d_input = false})});
  cases.push_back(
      {size.text() + ", d_input alone", backward_shapes(size, CrossEntropy::logits, {.d_weight_and_bias = false})});
  return cases;
}

double forward_operations(const Forward& a) {
  return 2.0 * a.input.rows * a.input.columns;
}
double backward_operations(const Backward& a) {
  return 1.0 * a.input.rows * a.input.columns * ((a.d_input ? 1 : 0) + (a.d_weight ? 2 : 0));
}

}  // namespace

OpCases<LinearSigmoidBceForward<double>, Forward> linear_sigmoid_bce_forward_cases() {
  return {linear_sigmoid_bce_forward_op(),
          linear_sigmoid_bce_forward_reference,
          make_forward,
          [](const auto&, const LinearSigmoidBceForward<double>& after) { return bce_forward_bounds(after); },
          forward_operations,
          forward_cases};
}

OpCases<LinearSigmoidBceBackward<double>, Backward> linear_sigmoid_bce_backward_cases() {
  return {linear_sigmoid_bce_backward_op(),
          linear_sigmoid_bce_backward_reference,
          make_backward,
          [](const auto&, const LinearSigmoidBceBackward<double>& after) { return bce_backward_bounds(after); },
          backward_operations,
          backward_cases};
}

}  // namespace duel::verify
