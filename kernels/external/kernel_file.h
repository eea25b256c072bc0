// What a kernel file, a .cu file outside the tree, includes besides the contracts of its ops (kernels/<op>/<op>.h).
#pragma once

#include "kernels/kernel_selection.h"
#include "kernels/runtime/launch.h"

/// Defined by every kernel file: gives `kernels` the variants of the file, as many as it likes, of any ops, by
///   kernels.add(duel::flat_update_op<duel::Adam>(), {"name", "the idea", duel::supports_any_device, launch_function});
extern "C" void duel_add_kernels(duel::KernelSelection& kernels);
