#include "app/advice/remedy.h"

#include <new>
#include <vector>

#include "app/advice/advice.h"
#include "app/advice/divergence.h"
#include "app/errors/exit_code.h"
#include "app/run_folder/checkpoint_folder.h"
#include "app/settings/setting.h"
#include "files/text.h"
#include "kernels/runtime/error.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

bool is_lack_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) return true;
  const auto* const cuda = dynamic_cast<const CudaError*>(&error);
  return cuda && cuda->code() == cudaErrorMemoryAllocation;
}

bool is_cpu_device() {
#ifdef DUEL_CPU_DEVICE
  return true;
#else
  return false;
#endif
}

bool has_checkpoint(const fs::path& run) {
  try {
    return !CheckpointFolder(run / "checkpoints").iterations().empty();
  } catch (const std::system_error&) {  // none that could be read
    return false;
  }
}

/// As far as there is something to go on from.
std::string then_go_on(const TrainOptions& options, const fs::path& run) {
  const std::string command = resume_command(*options.program, run);
  return command.empty() ? " Then train again: the run has no checkpoint yet."
                         : " Then `" + command + "` goes on from the last checkpoint.";
}

std::string device_remedy(const std::string& kernels, const TrainOptions& options, const fs::path& run) {
  if (!is_cpu_device()) {
    return kernels + (kernels.empty() ? "" : " ") + "See whether the device works (`nvidia-smi`)." +
           then_go_on(options, run);
  }
  if (!kernels.empty()) return kernels + then_go_on(options, run);
  return "Mend what the message names; where that is nothing of yours, please report the error, with log.txt and "
         "config.toml." +
         then_go_on(options, run);
}

}  // namespace

std::string resume_command(const TrainingProgram& program, const fs::path& run, bool is_out_of_time) {
  if (!has_checkpoint(run)) return "";
  return program.name + " train --resume " + shell_word(run.string()) + (is_out_of_time ? " --minutes 0" : "");
}

std::string kernel_remedy(const KernelOptions& kernels, const std::string& message) {
  std::vector<std::string> suspects;
  for (const std::string& choice : kernels.chosen) {
    if (message.find(choice) != std::string::npos) suspects.push_back(choice);
  }
  if (suspects.empty()) suspects = kernels.chosen;
  if (suspects.empty()) return "";
  std::string command = "kernel_lab verify";
  for (const fs::path& file : kernels.files) command += " --with " + shell_word(file.string());
  for (const std::string& choice : suspects) {
    const std::size_t equals = choice.find('=');
    command += " --op " + shell_word(choice.substr(0, equals)) + " --variant " + shell_word(choice.substr(equals + 1));
  }
  std::string text = "Kernels that were chosen ran. See first whether they are right: `" + command + "`";
  if (is_cpu_device()) {
    text += ", and with every access checked: `tools/build.sh cpu-race kernel_lab && build/cpu-race/tools/kernel_lab/" +
            command + "`";
  }
  return text + ".";
}

std::string collapse_remedy(const TrainOptions& options, bool was_well) {
  const TrainingConfig& training = options.training;
  std::vector<std::string> ideas;
  const auto written = [&](const std::string& name) {
    return find_setting(TrainOptions::settings(), name)->get(options);
  };
  if (training.networks.generator_norm == NetworkNorm::batch && training.networks.batch_norm_eps > 1e-3f) {
    ideas.push_back("`--batch-norm-eps 1e-5` (" + written("batch-norm-eps") + " hardly normalises)");
  }
  if (training.loss != loss_kind<CrossEntropy>()) ideas.push_back("`" + cross_entropy_flags(training) + "`");
  if (training.real_label == 1 && facts_of(training.loss).takes_label) ideas.push_back("`--real-label 0.9`");
  const LearningRate rate = learning_rate_of(training.optimizer);
  const std::string rate_name = hyphenated(rate.name);
  if (rate.value > 0) ideas.push_back("a smaller `--" + rate_name + "` than " + written(rate_name));
  ideas.push_back("another `--seed`");
  const std::string text = "What often helps in a new run: " + joined(ideas) + ".";
  if (!was_well) return text + " No look had found the generator well: it may also need more iterations.";
  if (options.on_collapse == OnCollapse::rollback) return text;
  return text + " With `--on-collapse rollback` a run returns by itself to the last state that looked well.";
}

std::string failure_remedy(const std::exception& error, const TrainOptions& options, const fs::path& run) {
  const std::string kernels = kernel_remedy(options.kernels, error.what());
  switch (exit_code_of(error)) {
    case ExitCode::non_finite:
      return (kernels.empty() ? "Try "
                              : kernels + " If not, mend them." + then_go_on(options, run) + " If they are, try ") +
             remedy_of_divergence(options) + ".";
    case ExitCode::cuda:
      return is_lack_of_memory(error)
                 ? "Make room" + std::string(TrainOptions::kCommand.memory_advice) + "." + then_go_on(options, run)
                 : device_remedy(kernels, options, run);
    case ExitCode::disk:
      return "Mend what the message names, such as a full disk." + then_go_on(options, run);
    case ExitCode::usage:
    case ExitCode::data:
      return "Mend what the message names." + then_go_on(options, run);
    default:
      return kernels + (kernels.empty() ? "" : " ") + "Please report this error, with log.txt and config.toml.";
  }
}

}  // namespace duel::app
