// fused_forward in terms of the plain ops, for its reference and its bounds.
#pragma once

#include "kernels/levels/reference.h"
#include "kernels/ops/fused_forward/fused_forward.h"
#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"

namespace duel {

/// The plain op's arguments, with a sample per row. Vectors are shared with the fused arguments.
struct PlainForward {
  HostMatrix input, output, normalized;
  LinearBnLreluForward<double> arguments;

  explicit PlainForward(const FusedForward<double>& a)
      : input(transposed(a.input)),
        output(transposed(a.output, a.first_column, a.input.columns)),
        normalized(a.normalized ? transposed(a.normalized) : HostMatrix()) {
    arguments = {.input = input.view(),
                 .weight = a.weight,
                 .bias = a.bias,
                 .gamma = a.gamma,
                 .beta = a.beta,
                 .eps = a.eps,
                 .momentum = a.momentum,
                 .slope = a.slope,
                 .statistics = a.statistics,
                 .running_mean = a.running_mean,
                 .running_variance = a.running_variance,
                 .normalized = normalized.view(),
                 .inverse_deviation = a.inverse_deviation,
                 .output = output.view()};
  }
};

}  // namespace duel
