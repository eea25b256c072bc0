// The device on which the module computes.
#pragma once

#include "kernels/runtime/device.h"

namespace duel::python {

/// What duel.select_device() chose; where nobody has called that, the best there is. Throws CudaError.
const DeviceChoice& device();

}  // namespace duel::python
