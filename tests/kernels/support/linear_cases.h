// Cases and bounds that the tests of all linear layers share.
#pragma once

#include "kernels/linear/reference.h"
#include "tests/kernels/support/bounds.h"
#include "tests/kernels/support/host_tensors.h"
#include "tests/kernels/support/sizes.h"

namespace duel::test {

/// Inputs of a linear layer, and room for its outputs. Weights shrink with the number of inputs, as in training.
template <class Arguments>
void fill_linear_forward(Arguments& a, HostTensors& host, const LayerSize& size) {
  const double limit = 1 / std::sqrt(static_cast<double>(size.in));
  a.input = host.uniform(size.batch, size.in, -1, 1);
  a.weight = host.uniform(size.out, size.in, -limit, limit);
  a.bias = host.uniform(size.out, -limit, limit);
  a.output = host.matrix(size.batch, size.out);
}

/// Small whole numbers: sums of their products are exact in float, in any order.
template <class Arguments>
void fill_linear_forward_with_integers(Arguments& a, HostTensors& host, const LayerSize& size) {
  a.input = host.integers(size.batch, size.in, -4, 4);
  a.weight = host.integers(size.out, size.in, -4, 4);
  a.bias = host.integers(size.out, -4, 4);
  a.output = host.matrix(size.batch, size.out);
}

struct WantedGradients {
  bool d_input = true, d_weight_and_bias = true;
};

template <class Arguments>
void add_linear_gradients(Arguments& a, HostTensors& host, const LayerSize& size, WantedGradients wanted) {
  a.d_linear = host.matrix(size.batch, size.out);
  if (wanted.d_input) a.d_input = host.matrix(size.batch, size.in);
  if (!wanted.d_weight_and_bias) return;
  a.d_weight = host.matrix(size.out, size.in);
  a.d_bias = host.vector(size.out);
}

/// `output`, an input here, is between -1 and 1, as tanh gives it.
template <class Arguments>
void fill_linear_backward(Arguments& a, HostTensors& host, const LayerSize& size, WantedGradients wanted = {}) {
  const double limit = 1 / std::sqrt(static_cast<double>(size.in));
  a.input = host.uniform(size.batch, size.in, -1, 1);
  a.weight = host.uniform(size.out, size.in, -limit, limit);
  a.output = host.uniform(size.batch, size.out, -1, 1);
  a.d_output = host.uniform(size.batch, size.out, -1, 1);
  add_linear_gradients(a, host, size, wanted);
}

template <class Arguments>
void fill_linear_backward_with_integers(Arguments& a, HostTensors& host, const LayerSize& size) {
  a.input = host.integers(size.batch, size.in, -4, 4);
  a.weight = host.integers(size.out, size.in, -4, 4);
  a.output = host.integers(size.batch, size.out, -1, 1);
  a.d_output = host.integers(size.batch, size.out, -4, 4);
  add_linear_gradients(a, host, size, {});
}

/// |values| of a tensor, in memory of its own.
template <class V>
std::vector<double> absolute(const V& view) {
  return scaled_magnitude(1, view);
}

/// sum of |x| |W| + |b| for every output of a linear layer.
template <class Arguments>
std::vector<double> linear_magnitude(const Arguments& a) {
  const int batch = a.input.rows, in = a.input.columns, out = a.weight.rows;
  const auto input = absolute(a.input), weight = absolute(a.weight), bias = absolute(a.bias);
  std::vector<double> result(static_cast<std::size_t>(batch) * out);
  linear_reference({input.data(), batch, in}, {weight.data(), out, in}, {bias.data(), out},
                   {result.data(), batch, out});
  return result;
}

/// Bounds of d_linear and of the gradients that follow from it. `magnitude` [batch, out]: sums of the absolute terms of
/// d_linear; `error`: what d_linear may be off by, relative to that. It carries over into all sums.
template <class Arguments>
void set_gradient_bounds(Bounds& bounds, const Arguments& a, std::vector<double> magnitude, double error) {
  const int batch = a.input.rows, in = a.input.columns, out = a.weight.rows;
  const auto input = absolute(a.input), weight = absolute(a.weight);
  std::vector<double> d_input(input.size()), d_weight(weight.size()), d_bias(static_cast<std::size_t>(out));
  linear_backward_reference({input.data(), batch, in}, {weight.data(), out, in}, {magnitude.data(), batch, out},
                            {d_input.data(), batch, in}, {d_weight.data(), out, in}, {d_bias.data(), out});
  for (double& x : magnitude) x *= error;
  for (double& x : d_input) x *= error + sum_error(out);
  for (double& x : d_weight) x *= error + sum_error(batch);
  for (double& x : d_bias) x *= error + sum_error(batch);
  bounds.set("d_linear", std::move(magnitude));
  bounds.set("d_input", std::move(d_input));
  bounds.set("d_weight", std::move(d_weight));
  bounds.set("d_bias", std::move(d_bias));
}

}  // namespace duel::test
