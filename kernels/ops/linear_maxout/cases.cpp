#include "kernels/ops/linear_maxout/cases.h"

namespace duel::verify {
namespace {

using Forward = LinearMaxoutForward<float>;
using Backward = LinearMaxoutBackward<float>;

// The 2014 paper's discriminator on a batch of real and generated images.
constexpr LayerSize kTraining[] = {{200, 784, 240}, {200, 240, 240}};
constexpr int kPieces = 5;

LayerSize unit_size(const auto& a) {
  return {a.input.rows, a.input.columns, a.weight.rows / a.pieces};
}

Forward forward_shapes(const LayerSize& size, int pieces) {
  Forward a{};
  shape_linear_forward(a, {size.batch, size.in, size.out * pieces});
  a.pieces = pieces;
  a.linear = a.output;
  a.output = shape<float>(size.batch, size.out);
  a.winner = shape<std::uint8_t>(size.batch, size.out);
  return a;
}

Backward backward_shapes(const LayerSize& size, int pieces, WantedGradients wanted = {}) {
  const int rows = size.out * pieces;
  Backward a{};
  a.input = shape<const float>(size.batch, size.in);
  a.weight = shape<const float>(rows, size.in);
  a.pieces = pieces;
  a.winner = shape<const std::uint8_t>(size.batch, size.out);
  a.d_output = shape<const float>(size.batch, size.out);
  a.d_linear = shape<float>(size.batch, rows);
  if (wanted.d_input) a.d_input = shape<float>(size.batch, size.in);
  if (!wanted.d_weight_and_bias) return a;
  a.d_weight = shape<float>(rows, size.in);
  a.d_bias = shape<float>(rows);
  return a;
}

/// Layers of the paper's number of pieces, and a few of others.
template <class Arguments, class OfSize>
std::vector<Case<Arguments>> cases_of(OfSize arguments) {
  auto cases = layer_cases<Arguments>(kTraining, [&](const LayerSize& size) { return arguments(size, kPieces); });
  for (const int pieces : {1, 2, 3, 7, 64, kMostPieces}) {
    const LayerSize size{33, 20, 3};
    cases.push_back({size.text() + ", pieces " + std::to_string(pieces), arguments(size, pieces)});
  }
  return cases;
}

std::vector<Case<Forward>> forward_cases() {
  return cases_of<Forward>(forward_shapes);
}
std::vector<Case<Backward>> backward_cases() {
  auto cases = cases_of<Backward>([](const LayerSize& size, int pieces) { return backward_shapes(size, pieces); });
  const LayerSize size{33, 65, 31};
  cases.push_back({size.text() + ", without d_input", backward_shapes(size, kPieces, {.d_input = false})});
  cases.push_back({size.text() + ", d_input alone", backward_shapes(size, kPieces, {.d_weight_and_bias = false})});
  return cases;
}

}  // namespace

// d_linear holds values of d_output as they are.
Bounds linear_maxout_backward_bounds(const LinearMaxoutBackward<double>& a) {
  Bounds bounds;
  set_gradient_bounds(bounds, a, absolute(a.d_linear), 0);
  return bounds;
}

OpCases<LinearMaxoutForward<double>, Forward> linear_maxout_forward_cases() {
  return {linear_maxout_forward_op(),
          linear_maxout_forward_reference,
          [](HostTensors& host, const Forward& a) { return maxout_forward_case(host, unit_size(a), a.pieces); },
          [](const auto&, const auto& after) { return linear_maxout_forward_bounds(after); },
          product_operations<Forward>,
          forward_cases};
}

OpCases<LinearMaxoutBackward<double>, Backward> linear_maxout_backward_cases() {
  return {linear_maxout_backward_op(),
          linear_maxout_backward_reference,
          [](HostTensors& host, const Backward& a) {
            return maxout_backward_case(host, unit_size(a), a.pieces, wanted_gradients(a));
          },
          [](const auto&, const auto& after) { return linear_maxout_backward_bounds(after); },
          gradient_operations<Backward>,
          backward_cases};
}

}  // namespace duel::verify
