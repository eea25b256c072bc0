// Every case that the kernel lab has of an op, on every variant.
#pragma once

#include <string>

#include "kernels/verify/check_op.h"
#include "kernels/verify/op_cases.h"

namespace duel::test {

/// What is wrong with the first case that fails; empty if none does. `seed`: of the values.
template <class Host, class Device>
std::string check_cases(const verify::OpCases<Host, Device>& op, std::uint64_t seed,
                        verify::HowMany executions = verify::HowMany::some) {
  for (const verify::Case<Device>& one : op.cases()) {
    verify::HostTensors host_before(seed), host(seed);
    const Host before = op.make(host_before, one.arguments);
    const auto bounds_of = [&](const Host& after) { return op.bounds(before, after); };
    const std::string report =
        verify::check_op<Host, Device>(op.op, op.reference, op.make(host, one.arguments), one.arguments, bounds_of,
                                       {one.misalignment, executions, seed});
    if (!report.empty()) return "case " + one.name + ":\n" + report;
  }
  return "";
}

}  // namespace duel::test
