// Public. For variants of one's own: an op's contract is kernels/ops/<op>/<op>.h, the list of ops kernels/catalog.h;
// what kernels are built of is kernels/device/. Link duel::kernels, and hand .cu files to duel_compile_kernels().
// Variants are added to a KernelSelection, or stand in a kernel file.
#pragma once

#include "kernels/catalog.h"
#include "kernels/external/external_kernels.h"
#include "kernels/kernel_selection.h"
#include "kernels/op.h"
#include "kernels/runtime/buffer.h"
#include "kernels/runtime/launch.h"
