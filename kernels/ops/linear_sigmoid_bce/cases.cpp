#include "kernels/ops/linear_sigmoid_bce/cases.h"

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

// The first row's score is far below zero, the last one's far above: probabilities are 0 and 1.
LinearSigmoidBceForward<double> make_forward(HostTensors& host, const Forward& shapes) {
  auto a = bce_forward_case(host, shapes.input.rows, shapes.input.columns, shapes.loss);
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
  auto a = bce_backward_case(host, shapes.input.rows, shapes.input.columns, shapes.loss, wanted_gradients(shapes));
  if (a.score.rows < 3) return a;
  std::vector<double> score(a.score.data, a.score.data + a.score.rows);
  score.front() = -200;
  score.back() = 200;
  a.score = host.vector(score);
  a.judgement = judgements(host, shapes.loss.losses.kind, a.score);
  return a;
}

// Half of the rows are real, every group's mean counts about half.
BatchLoss<float> discriminator_step(PlayerLosses<float> losses, int batch) {
  losses.discriminator_weight = 1.f / static_cast<float>(batch);
  return {losses, LossOf::discriminator, batch / 2};
}
BatchLoss<float> generator_step(PlayerLosses<float> losses, int batch) {
  losses.generator_weight = 1.f / static_cast<float>(batch);
  return {losses, LossOf::generator};
}

Forward forward_shapes(const HeadSize& size, const BatchLoss<float>& loss) {
  Forward a{};
  a.loss = loss;
  a.input = shape<const float>(size.batch, size.in);
  a.weight = shape<const float>(size.in);
  a.bias = shape<const float>(1);
  a.score = a.judgement = shape<float>(size.batch);
  a.statistics = shape<float>(kHeadStatistics);
  return a;
}

Backward backward_shapes(const HeadSize& size, const BatchLoss<float>& loss, WantedGradients wanted = {}) {
  Backward a{};
  a.loss = loss;
  a.input = shape<const float>(size.batch, size.in);
  a.weight = shape<const float>(size.in);
  a.score = a.judgement = shape<const float>(size.batch);
  a.d_score = shape<float>(size.batch);
  if (wanted.d_input) a.d_input = shape<float>(size.batch, size.in);
  if (wanted.d_weight_and_bias) {
    a.d_weight = shape<float>(size.in);
    a.d_bias = shape<float>(1);
  }
  return a;
}

constexpr PlayerLosses<float> kPublished{.kind = loss_kind<ClampedCrossEntropy>()};

template <class Arguments, class OfSize>
std::vector<Case<Arguments>> head_cases(OfSize arguments) {
  std::vector<Case<Arguments>> cases;
  for (const HeadSize& size : kTraining) {
    cases.push_back({.name = size.text(),
                     .arguments = arguments(size, discriminator_step(kPublished, size.batch)),
                     .of_training = true});
  }
  for (const auto& [losses, name] : cases_of_losses()) {
    for (const LayerSize& size : few_edge_layers()) {
      const HeadSize head{size.batch, size.in};
      cases.push_back({head.text() + ", " + name, arguments(head, discriminator_step(losses, size.batch))});
    }
    const HeadSize size{33, 65};
    cases.push_back({size.text() + ", generator's, " + name, arguments(size, generator_step(losses, size.batch))});
  }
  for (const int misalignment : {1, 2, 3}) {
    for (const HeadSize& size : {HeadSize{64, 256}, HeadSize{33, 65}}) {
      cases.push_back({size.text() + ", " + std::to_string(misalignment) + " elements off",
                       arguments(size, discriminator_step(kPublished, size.batch)), misalignment});
    }
  }
  return cases;
}

std::vector<Case<Forward>> forward_cases() {
  return head_cases<Forward>(forward_shapes);
}

std::vector<Case<Backward>> backward_cases() {
  auto cases = head_cases<Backward>(
      [](const HeadSize& size, const BatchLoss<float>& loss) { return backward_shapes(size, loss); });
  const HeadSize size{64, 40};
  const auto loss = discriminator_step(kPublished, size.batch);
  cases.push_back({size.text() + ", without d_input", backward_shapes(size, loss, {.d_input = false})});
  cases.push_back({size.text() + ", d_input alone", backward_shapes(size, loss, {.d_weight_and_bias = false})});
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
