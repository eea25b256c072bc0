// Measures training iterations of one batch size and width.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/bench/bench_result.h"
#include "app/settings/bench_options.h"
#include "kernels/kernel_selection.h"

namespace duel::app {

/// A preset's training with that step and batch, the fused step in that precision, and all hidden widths multiplied.
/// Throws UsageError where a layer would become too wide.
TrainingConfig bench_config(TrainingConfig config, const BenchShape& shape, Precision precision = Precision::fp32);

/// Adds to `result` a measurement for each of the steps, whose rounds take turns, or why there is none. Then measures
/// what the device can do, since others may use it too: result.ceilings rise to the most seen, and with them those of
/// all measurements. `say` gets a few words about what is going on. Throws CudaError, and UsageError for kernels that
/// cannot be.
void measure_shape(const BenchOptions& options, const KernelSelection& kernels, const std::vector<StepKind>& steps,
                   int batch_size, int width, const std::function<void(const std::string&)>& say, BenchResult& result);

}  // namespace duel::app
