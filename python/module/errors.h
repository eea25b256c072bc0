// Exceptions of C++ as those of Python, with their messages.
#pragma once

#include <pybind11/pybind11.h>

namespace duel::python {

namespace py = pybind11;

void bind_errors(py::module_& module);

}  // namespace duel::python
