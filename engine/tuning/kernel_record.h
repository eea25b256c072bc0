// Which kernels a training runs, as its run folder and its checkpoints remember them.
#pragma once

#include <span>
#include <string>

#include "kernels/kernel_selection.h"

namespace duel {

/// The model of the device in use, as the driver names it. Throws CudaError.
std::string device_model();

enum class RecordForm { one_line, line_for_each_use };

/// JSON: {"device": MODEL, "kernels": [{"op", "shapes", "variant", "because"}, ...]}, where "because" is chosen, tuned
/// or preferred and "shapes" is as shapes_text() has it. Throws CudaError.
std::string kernel_record(std::span<const KernelUse> uses, RecordForm form);

}  // namespace duel
