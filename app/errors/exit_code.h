// How the program ends, and which exception means which end.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace duel::app {

enum class ExitCode {
  ok = 0,
  internal = 1,
  usage = 2,       ///< command line or configuration
  data = 3,        ///< dataset or checkpoint
  cuda = 4,        ///< device or driver, or too little memory or too few threads
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

/// A setting's value that cannot be obeyed, whether a flag, a variable or a file gave it.
class SettingError : public UsageError {
 public:
  /// `problem`: what follows the setting's name, such as ": expected 1 or more, found 0".
  SettingError(const std::string& name, const std::string& problem)
      : UsageError("--" + name + problem), name_(name), problem_(problem) {}

  const std::string& name() const { return name_; }  ///< "batch-size"
  const std::string& problem() const { return problem_; }

 private:
  std::string name_, problem_;
};

/// A loss or a weight that is not finite.
class NonFiniteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The code that stands for the kind of `error`.
ExitCode exit_code_of(const std::exception& error);

}  // namespace duel::app
