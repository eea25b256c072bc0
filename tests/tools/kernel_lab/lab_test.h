// What the tests of kernel_lab share: running it, and a lab with a kernel that is wrong.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "kernels/ops/linear_forward/linear_forward.h"
#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/lab.h"

namespace duel::lab {

struct Ran {
  int code;
  std::string out, err;
};

inline Ran run_kernel_lab(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const int code = run_command_line(arguments, out, err);
  return {code, out.str(), err.str()};
}

/// The op of that name.
inline const LabOp& op_named(const Lab& lab, const std::string& name) {
  return **std::find_if(lab.ops.begin(), lab.ops.end(), [&](const auto& op) { return op->name() == name; });
}

/// linear_forward has a variant first_element_lost: the right result, but 0 in the first element.
inline Lab lab_with_wrong_variant() {
  Lab lab = open_lab({});
  lab.kernels.add(linear_forward_op(), {"first_element_lost", "writes 0 where y[0, 0] belongs", supports_any_device,
                                        [](const LinearForward<float>& a, StreamView stream) {
                                          KernelSelection().run(linear_forward_op(), a, stream);
                                          check(cudaMemsetAsync(a.output.data, 0, sizeof(float), stream.get()));
                                        }});
  return lab;
}

}  // namespace duel::lab
