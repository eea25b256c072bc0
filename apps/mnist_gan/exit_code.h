// How the program ends, and which exception means which end.
#pragma once

#include <stdexcept>
#include <system_error>

#include "engine/io/data_error.h"
#include "kernels/runtime/error.h"

namespace duel::app {

enum class ExitCode {
  ok = 0,
  internal = 1,
  usage = 2,       ///< command line or configuration
  data = 3,        ///< dataset or checkpoint
  cuda = 4,        ///< device or driver
  non_finite = 5,  ///< training diverged
  disk = 6,
  interrupted = 130,  ///< SIGINT, after saving
  terminated = 143,   ///< SIGTERM, after saving
};

/// A command line, environment variable or configuration file that cannot be obeyed.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A loss or a weight that is not finite.
class NonFiniteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <class Error>
bool is(const std::exception& error) {
  return dynamic_cast<const Error*>(&error) != nullptr;
}

inline ExitCode exit_code_of(const std::exception& error) {
  if (is<UsageError>(error) || is<std::invalid_argument>(error)) return ExitCode::usage;
  if (is<DataError>(error)) return ExitCode::data;
  if (is<CudaError>(error)) return ExitCode::cuda;
  if (is<NonFiniteError>(error)) return ExitCode::non_finite;
  if (is<std::system_error>(error)) return ExitCode::disk;
  return ExitCode::internal;
}

}  // namespace duel::app
