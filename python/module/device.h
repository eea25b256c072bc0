// The device on which the module computes.
#pragma once

#include <pybind11/pybind11.h>

#include "kernels/runtime/device.h"

namespace duel::python {

namespace py = pybind11;

/// What duel.select_device() chose; where nobody has called that, the best there is. Throws CudaError.
const DeviceChoice& device();

void bind_device(py::module_& module);

}  // namespace duel::python
