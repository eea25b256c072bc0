// `kernel_lab verify`: every variant against the double-precision reference.
#pragma once

#include <cstdint>
#include <iosfwd>

#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/options.h"

namespace duel::lab {

struct VerifyRunOptions {
  LabOptions lab;
  Filter filter;
  OutputOptions output;
  std::uint64_t seed = 1;  ///< of the first round of values and schedules
  int seeds = 1;           ///< rounds, with one seed more each
  verify::HowMany schedules = verify::HowMany::some;
  bool with_training_shapes = true;
};

/// Returns kFoundWrong where a variant failed or nothing was verified, 128 + number where a signal ended it early,
/// after the report of what was done. Throws as choose() and Delivery do.
int run_verify(const VerifyRunOptions& options, const Lab& lab, std::ostream& out, std::ostream& err);

void add_verify(CLI::App& app, Command& command);

}  // namespace duel::lab
