// Trainer, and the statistics of its iterations.
#pragma once

#include <pybind11/pybind11.h>

namespace duel::python {

namespace py = pybind11;

void bind_training(py::module_& module);

}  // namespace duel::python
