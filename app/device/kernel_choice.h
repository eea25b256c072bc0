// Which kernels a command runs: those that somebody named, then those that tuning found.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/settings/options.h"
#include "kernels/kernel_selection.h"

namespace duel::app {

/// Adds the variants of the kernel files and lets `selection` run the named variants. Returns a line for each file:
/// path, hash and variants. Says on standard error what is compiled. Throws KernelFileError, and UsageError that lists
/// what there is, with a suggestion.
std::vector<std::string> choose_kernels(KernelSelection& selection, const KernelOptions& options);

/// Lets `selection` prefer what `kernel_lab tune` found on the device in use, unless the options say not to. Returns
/// warnings for people. Throws CudaError.
std::vector<std::string> use_tuned_kernels(KernelSelection& selection, const KernelOptions& options);

/// Throws UsageError where somebody named a variant of an op that is not among the `uses` of an iteration: the choice
/// would do nothing.
void require_used(const KernelOptions& options, const std::vector<KernelUse>& uses, StepKind step);

/// Runs `work`; where a named variant does not support a case of it, that is a UsageError.
template <class Work>
auto with_chosen_kernels(const KernelOptions& options, const Work& work) {
  try {
    return work();
  } catch (const std::invalid_argument& error) {
    const std::string what = error.what();
    for (const std::string& choice : options.chosen) {
      if (what.starts_with(choice + ":")) throw SettingError("kernel", " " + what);
    }
    throw;
  }
}

}  // namespace duel::app
