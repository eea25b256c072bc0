// `kernel_lab compare`: two results of `kernel_lab bench` side by side.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/options.h"
#include "tools/kernel_lab/results.h"

namespace duel::lab {

struct CompareOptions {
  std::filesystem::path before, after;
  OutputOptions output;
  double threshold = 0.01;      ///< smaller relative changes are never called faster or slower
  bool fail_on_slower = false;  ///< kFoundWrong where something got slower or wrong
};

enum class Change {
  none,  ///< within the noise
  faster,
  slower,
  wrong,    ///< was timed, is wrong now
  right,    ///< was wrong, is timed now
  missing,  ///< in the first result only
  added     ///< in the second result only
};

/// Faster or slower only where the ranges between the quartiles are apart, and the medians differ by more than both
/// spreads and the threshold.
Change judge(const Summary& before, const Summary& after, double threshold);

/// Throws as read_bench_result() and Delivery do.
int run_compare(const CompareOptions& options, std::ostream& out);

void add_compare(CLI::App& app, Command& command);

}  // namespace duel::lab
