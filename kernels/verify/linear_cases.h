// Cases and bounds that the tests of all linear layers share.
#pragma once

#include <span>

#include "kernels/linear/reference.h"
#include "kernels/verify/bounds.h"
#include "kernels/verify/host_tensors.h"
#include "kernels/verify/op_cases.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {

/// Which gradients of a layer are asked for.
struct WantedGradients {
  bool d_input = true, d_weight_and_bias = true;
};
/// As far as the arguments of a backward pass have room for them.
template <class Arguments>
WantedGradients wanted_gradients(const Arguments& a) {
  return {static_cast<bool>(a.d_input), static_cast<bool>(a.d_weight)};
}

/// The size of a layer by its forward or backward arguments.
template <class Arguments>
LayerSize layer_size(const Arguments& a) {
  return {a.input.rows, a.input.columns, a.weight.rows};
}

/// Multiplications and additions of x Wᵀ.
template <class Arguments>
double product_operations(const Arguments& a) {
  return 2.0 * a.input.rows * a.input.columns * a.weight.rows;
}
/// Of the products that the arguments of a backward pass ask for.
template <class Arguments>
double gradient_operations(const Arguments& a) {
  return product_operations(a) * ((a.d_input ? 1 : 0) + (a.d_weight ? 1 : 0));
}

/// `arguments` by the size of a layer, for the sizes at which kernels go wrong and those of training.
template <class Arguments, class OfSize>
std::vector<Case<Arguments>> layer_cases(std::span<const LayerSize> training, OfSize arguments) {
  std::vector<Case<Arguments>> cases;
  for (const LayerSize& size : training) {
    cases.push_back({.name = size.text(), .arguments = arguments(size), .of_training = true});
  }
  for (const LayerSize& size : few_edge_layers()) cases.push_back({size.text(), arguments(size)});
  for (const int misalignment : {1, 2, 3}) {
    for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
      cases.push_back(
          {size.text() + ", " + std::to_string(misalignment) + " elements off", arguments(size), misalignment});
    }
  }
  return cases;
}

/// Shapes of a layer's tensors, for a Case.
template <class Arguments>
void shape_linear_forward(Arguments& a, const LayerSize& size) {
  a.input = shape<const float>(size.batch, size.in);
  a.weight = shape<const float>(size.out, size.in);
  a.bias = shape<const float>(size.out);
  a.output = shape<float>(size.batch, size.out);
}
template <class Arguments>
void shape_linear_backward(Arguments& a, const LayerSize& size, WantedGradients wanted = {}) {
  a.input = shape<const float>(size.batch, size.in);
  a.weight = shape<const float>(size.out, size.in);
  a.output = a.d_output = shape<const float>(size.batch, size.out);
  a.d_linear = shape<float>(size.batch, size.out);
  if (wanted.d_input) a.d_input = shape<float>(size.batch, size.in);
  if (!wanted.d_weight_and_bias) return;
  a.d_weight = shape<float>(size.out, size.in);
  a.d_bias = shape<float>(size.out);
}

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

/// sum of |x| |W| for every output of a linear layer, as far as a precision tells their factors from 0.
template <class Arguments>
std::vector<double> product_magnitude(const Arguments& a, Precision precision) {
  const auto magnitudes = [&](const auto& view) {
    std::vector<double> result;
    for (std::size_t i = 0; i < view.size(); ++i) result.push_back(operand_magnitude(precision, view.data[i]));
    return result;
  };
  const int batch = a.input.rows, in = a.input.columns, out = a.weight.rows;
  const auto input = magnitudes(a.input), weight = magnitudes(a.weight);
  const std::vector<double> no_bias(static_cast<std::size_t>(out));
  std::vector<double> result(static_cast<std::size_t>(batch) * out);
  linear_reference({input.data(), batch, in}, {weight.data(), out, in}, {no_bias.data(), out},
                   {result.data(), batch, out});
  return result;
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

/// Cases for every linear layer: the sizes of training, sizes around tiles and warps, tensors that begin anywhere.
/// `scalars`: the arguments without their tensors.
template <class Arguments>
std::vector<Case<Arguments>> linear_forward_cases(std::span<const LayerSize> training, const Arguments& scalars) {
  return layer_cases<Arguments>(training, [&](const LayerSize& size) {
    Arguments a = scalars;
    shape_linear_forward(a, size);
    return a;
  });
}

/// The same, and gradients that nobody asks for.
template <class Arguments>
std::vector<Case<Arguments>> linear_backward_cases(std::span<const LayerSize> training, const Arguments& scalars) {
  const auto arguments = [&](const LayerSize& size, WantedGradients wanted) {
    Arguments a = scalars;
    shape_linear_backward(a, size, wanted);
    return a;
  };
  auto cases = layer_cases<Arguments>(training, [&](const LayerSize& size) { return arguments(size, {}); });
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
    cases.push_back({size.text() + ", without d_input", arguments(size, {.d_input = false})});
    cases.push_back({size.text() + ", d_input alone", arguments(size, {.d_weight_and_bias = false})});
  }
  return cases;
}

/// What the lab must know of an op y = f(x Wᵀ + b). `cases`: linear_forward_cases() of its sizes.
template <class Host, class Device>
OpCases<Host, Device> activated_forward(const Op<Device>& op, void (*reference)(const Host&),
                                        Bounds (*bounds)(const Host& before, const Host& after),
                                        std::vector<Case<Device>> (*cases)()) {
  const auto make = [](HostTensors& host, const Device& shapes) {
    Host a{};
    if constexpr (requires { a.slope; }) a.slope = shapes.slope;
    fill_linear_forward(a, host, layer_size(shapes));
    return a;
  };
  return {op, reference, make, bounds, product_operations<Device>, cases};
}
template <class Host, class Device>
OpCases<Host, Device> activated_backward(const Op<Device>& op, void (*reference)(const Host&),
                                         Bounds (*bounds)(const Host& before, const Host& after),
                                         std::vector<Case<Device>> (*cases)()) {
  const auto make = [](HostTensors& host, const Device& shapes) {
    Host a{};
    if constexpr (requires { a.slope; }) a.slope = shapes.slope;
    fill_linear_backward(a, host, layer_size(shapes), wanted_gradients(shapes));
    return a;
  };
  return {op, reference, make, bounds, gradient_operations<Device>, cases};
}

}  // namespace duel::verify
