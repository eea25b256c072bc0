// The kernel lab: variants verified and timed.
#pragma once

#include <pybind11/pybind11.h>

namespace duel::python {

namespace py = pybind11;

void bind_kernels(py::module_& module);

}  // namespace duel::python
