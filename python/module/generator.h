// Generator: draws from files.
#pragma once

#include <pybind11/pybind11.h>

namespace duel::python {

namespace py = pybind11;

void bind_generator(py::module_& module);

}  // namespace duel::python
