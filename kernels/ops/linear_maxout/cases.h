// Cases and bounds of linear_maxout.
#pragma once

#include "kernels/ops/linear_maxout/linear_maxout.h"
#include "kernels/verify/linear_cases.h"

namespace duel::verify {

/// size.out units. Small whole numbers: their sums are exact in float, so the winner is the reference's in any order,
/// also of equal pieces, which are common here.
inline LinearMaxoutForward<double> maxout_forward_case(HostTensors& host, const LayerSize& size, int pieces) {
  LinearMaxoutForward<double> a{};
  a.pieces = pieces;
  a.input = host.integers(size.batch, size.in, -4, 4);
  a.weight = host.integers(size.out * pieces, size.in, -4, 4);
  a.bias = host.integers(size.out * pieces, -4, 4);
  a.linear = host.matrix(size.batch, size.out * pieces);
  a.output = host.matrix(size.batch, size.out);
  a.winner = host.bytes(size.batch, size.out);
  return a;
}

/// Any piece may have won.
inline LinearMaxoutBackward<double> maxout_backward_case(HostTensors& host, const LayerSize& size, int pieces,
                                                         WantedGradients wanted = {}) {
  const double limit = 1 / std::sqrt(static_cast<double>(size.in));
  const int rows = size.out * pieces;
  LinearMaxoutBackward<double> a{};
  a.pieces = pieces;
  a.input = host.uniform(size.batch, size.in, -1, 1);
  a.weight = host.uniform(rows, size.in, -limit, limit);
  const Matrix<std::uint8_t> winner = host.bytes(size.batch, size.out);
  for (std::size_t i = 0; i < winner.size(); ++i) winner.data[i] = static_cast<std::uint8_t>(winner.data[i] % pieces);
  a.winner = winner;
  a.d_output = host.uniform(size.batch, size.out, -1, 1);
  add_linear_gradients(a, host, {size.batch, size.in, rows}, wanted);
  return a;
}

/// Of whole numbers: everything is exact.
inline Bounds linear_maxout_forward_bounds(const LinearMaxoutForward<double>&) {
  return {};
}
Bounds linear_maxout_backward_bounds(const LinearMaxoutBackward<double>& a);

OpCases<LinearMaxoutForward<double>, LinearMaxoutForward<float>> linear_maxout_forward_cases();
OpCases<LinearMaxoutBackward<double>, LinearMaxoutBackward<float>> linear_maxout_backward_cases();

}  // namespace duel::verify
