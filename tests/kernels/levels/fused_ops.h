// The ops of the fused step, one after another.
#pragma once

#include "kernels/ops/fused_forward/cases.h"
#include "kernels/ops/fused_gradient/cases.h"
#include "kernels/ops/fused_head/cases.h"
#include "kernels/ops/fused_inputs/cases.h"
#include "kernels/ops/fused_losses/cases.h"
#include "kernels/ops/fused_scale/cases.h"
#include "kernels/ops/fused_update/cases.h"
#include "kernels/verify/check_op.h"

namespace duel::test {

/// Calls visitor(op cases) for each.
template <class Visitor>
void for_each_fused_op(Visitor&& visitor) {
  visitor(verify::fused_inputs_cases());
  visitor(verify::fused_forward_cases());
  visitor(verify::fused_head_cases());
  visitor(verify::fused_losses_cases());
  visitor(verify::fused_scale_cases());
  visitor(verify::fused_gradient_cases());
  visitor(verify::fused_update_cases());
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
