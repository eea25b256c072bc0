// `kernel_lab bench`: times variants that were verified first.
#pragma once

#include <cstddef>
#include <iosfwd>

#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/options.h"
#include "tools/kernel_lab/results.h"
#include "tools/kernel_lab/shapes.h"
#include "tools/kernel_lab/timing.h"

namespace duel::lab {

struct BenchOptions {
  LabOptions lab;
  Filter filter;
  OutputOptions output;
  TimingOptions timing;
  std::vector<AxisSizes> shapes;  ///< of one's own, instead of the cases; empty: none
  bool verifies = true;           ///< first
  bool all_cases = false;         ///< not only those of training; a named case is timed in any case
  bool cold = false;              ///< write twice the cache between launches
  std::size_t cache_bytes = 0;    ///< of the last level; 0: ask the device
};

/// Verifies and times what is asked for. Progress goes to `err`. Throws as choose() does;
/// std::invalid_argument where nothing matches; CudaError.
BenchResult measure_variants(const BenchOptions& options, const Lab& lab, std::ostream& err);

/// Measures and reports. Returns kFoundWrong where a variant was wrong. Throws as measure_variants() and Delivery do.
int run_bench(const BenchOptions& options, const Lab& lab, std::ostream& out, std::ostream& err);

void add_bench(CLI::App& app, Command& command);

}  // namespace duel::lab
