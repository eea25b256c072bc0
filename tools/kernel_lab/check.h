// `kernel_lab check`: real training steps with two variants of an op side by side, up to the first divergence.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "engine/configuration/config.h"
#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/options.h"

namespace duel::lab {

struct CheckOptions {
  LabOptions lab;
  std::string op;
  std::string first;   ///< trains on; empty: the one that would be preferred
  std::string second;  ///< runs beside it on copies of the same tensors
  std::int64_t iterations = 10;
  TrainingConfig training;  ///< networks, batch size, seed
};

/// Trains on random images and compares every call of the op: both variants with the double-precision reference of
/// exactly these inputs. Returns kFoundWrong at the first call where one is outside its bounds. Throws
/// std::invalid_argument for unknown names, an op that the step does not call, or a variant that does not support its
/// cases; CudaError.
int run_check(const CheckOptions& options, const Lab& lab, std::ostream& out);

void add_check(CLI::App& app, Command& command);

}  // namespace duel::lab
