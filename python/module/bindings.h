// What the parts of the module add to it.
#pragma once

#include <pybind11/pybind11.h>

namespace duel::python {

namespace py = pybind11;

void bind_errors(py::module_& module);
void bind_arrays(py::module_& module);
void bind_device(py::module_& module);
void bind_device_arrays(py::module_& module);
void bind_settings(py::module_& module);
void bind_files(py::module_& module);
void bind_training(py::module_& module);
void bind_generator(py::module_& module);
void bind_quality(py::module_& module);
void bind_kernels(py::module_& module);

}  // namespace duel::python
