// Images, tensors and pictures in files.
#pragma once

#include <pybind11/pybind11.h>

namespace duel::python {

namespace py = pybind11;

void bind_files(py::module_& module);

}  // namespace duel::python
