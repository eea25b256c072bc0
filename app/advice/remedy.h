// What to do after a run that has not ended well. Commands stand between backticks.
#pragma once

#include <exception>
#include <filesystem>
#include <string>

#include "app/settings/training_program.h"

namespace duel::app {

/// "PROGRAM train --resume RUN", with what makes it go on where the run's own goal would end it at once:
/// `is_out_of_time`, the run was ended by --minutes. "" where the run has no checkpoint.
std::string resume_command(const TrainingProgram& program, const std::filesystem::path& run,
                           bool is_out_of_time = false);

/// How to see whether kernels that somebody chose are right; "" where nobody chose any. Of several, those that the
/// `message` of an error names, if it does.
std::string kernel_remedy(const KernelOptions& kernels, const std::string& message);

/// What to do about an error that ended the run in that folder: what its message does not say.
std::string failure_remedy(const std::exception& error, const TrainOptions& options, const std::filesystem::path& run);

/// What the trials of docs/quality.md found to help against a collapse, as far as the run has not done it already.
/// `was_well`: a look has found the generator well.
std::string collapse_remedy(const TrainOptions& options, bool was_well);

/// An error with its remedy after it, still one of its kind.
template <class Error>
class WithRemedy : public Error {
 public:
  WithRemedy(const Error& error, const std::string& remedy)
      : Error(error), text_(std::string(error.what()) + "\n  " + remedy) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

}  // namespace duel::app
