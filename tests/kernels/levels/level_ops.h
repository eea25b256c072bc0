// The ops of an iteration, one after another.
#pragma once

#include "kernels/ops/batch_inputs/cases.h"
#include "kernels/ops/discriminator_head/cases.h"
#include "kernels/ops/input_gradient/cases.h"
#include "kernels/ops/linear_forward/cases.h"
#include "kernels/ops/linear_tangent/cases.h"
#include "kernels/ops/mean_losses/cases.h"
#include "kernels/ops/scale_columns/cases.h"
#include "kernels/ops/weight_gradient/cases.h"
#include "kernels/verify/check_op.h"

namespace duel::test {

/// Calls visitor(op cases) for each.
template <class Visitor>
void for_each_level_op(Visitor&& visitor) {
  visitor(verify::batch_inputs_cases());
  visitor(verify::linear_forward_cases());
  visitor(verify::discriminator_head_cases());
  visitor(verify::mean_losses_cases());
  visitor(verify::linear_tangent_cases());
  visitor(verify::scale_columns_cases());
  visitor(verify::input_gradient_cases());
  visitor(verify::weight_gradient_cases());
}

/// Every variant on a case of an op; what is wrong, or nothing.
template <class Cases, class OneCase>
std::string check_case(const Cases& op, const OneCase& one, const verify::CheckOptions& options) {
  verify::HostTensors host(options.seed), copies(options.seed);
  const auto before = op.make(copies, one.arguments);
  return verify::check_op<typename Cases::HostArguments>(
      op.op, op.reference, op.make(host, one.arguments), one.arguments,
      [&](const auto& after, Precision precision) { return op.bounds_for(precision, before, after); }, options);
}

}  // namespace duel::test
