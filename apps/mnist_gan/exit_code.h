// How the program ends, and which exception means which end.
#pragma once

#include <exception>
#include <stdexcept>

namespace duel::app {

enum class ExitCode {
  ok = 0,
  internal = 1,
  usage = 2,       ///< command line or configuration
  data = 3,        ///< dataset or checkpoint
  cuda = 4,        ///< device or driver
  non_finite = 5,  ///< training diverged
  disk = 6,
  collapsed = 7,      ///< the generator has, and --on-collapse asked to stop; after saving
  hung_up = 129,      ///< SIGHUP, after saving
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

/// The code that stands for the kind of `error`.
ExitCode exit_code_of(const std::exception& error);

}  // namespace duel::app
