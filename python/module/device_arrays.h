// Arrays in the device's memory for other libraries, without a copy: NumPy on the CPU device, PyTorch and others.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <vector>

#include "engine/networks/device_tensor.h"

namespace duel::python {

namespace py = pybind11;

/// The tensors by name. Each keeps `owner`, whose memory they are and whose calls `busy` marks, alive.
py::dict device_arrays(std::vector<DeviceTensor> tensors, const py::object& owner, std::atomic<bool>& busy);

}  // namespace duel::python
