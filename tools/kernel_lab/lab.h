// What the subcommands of kernel_lab share: the device, the ops, and which of them somebody asked for.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "kernels/runtime/device.h"
#include "tools/kernel_lab/lab_op.h"

namespace duel::lab {

/// What a subcommand returns; exceptions have their own codes (command_line.h).
inline constexpr int kAllWell = 0;
inline constexpr int kFoundWrong = 1;

struct LabOptions {
  std::string device = "auto";            ///< auto, cpu, cuda or cuda:N
  int threads = 0;                        ///< worker threads of the CPU device, 0 = all cores
  double time_limit = 60;                 ///< seconds for a block of a kernel on the CPU device, 0 = none
  std::vector<std::string> kernel_files;  ///< from outside the tree (kernels/external)
};

struct Lab {
  LabOptions options;  ///< that it was opened with
  DeviceChoice device;
  KernelSelection kernels;
  std::vector<std::unique_ptr<LabOp>> ops = lab_ops();
};

/// Selects the device, lists the ops and adds the variants of the kernel files; says on standard error what is
/// compiled. Throws as select_device() and add_external_kernels() do.
Lab open_lab(const LabOptions& options);

/// Whether this is the CPU device of a checked build (preset cpu-race).
bool is_checked_build();
/// "cpu: <description>", and ", checked" for a checked build.
std::string device_text(const Lab& lab);

/// After a fault that leaves the device unusable for this process: on a GPU any fault does, on the CPU device one after
/// which memory or locks cannot be trusted.
bool is_device_lost();

/// In double quotes, as a shell takes it back.
std::string quoted(const std::string& text);
/// The options that name the kernel files: " --with "mine.cu"", for each one.
std::string with_files(const LabOptions& options);
/// The command line that verifies the variant on the case, empty: on all; `more`: further options.
std::string verify_command(const LabOptions& options, const std::string& op, const std::string& variant,
                           const std::string& case_name, const std::string& more = "");
/// Lines that tell how to see a failure again: here, and where this build does not watch every access, in one that
/// does.
std::string replay_text(const std::string& command);

/// Which ops, variants and cases somebody asked for; empty: all.
struct Filter {
  std::vector<std::string> ops, variants;  ///< exact names
  std::string case_text;                   ///< a case's name, or a part of the names of several
};

/// What is asked for of one op.
struct Choice {
  const LabOp* op;
  std::vector<VariantInfo> variants;
  std::vector<std::size_t> cases;  ///< numbers in op->cases()
};

/// The ops of which at least one variant and one case is asked for; where nobody names ops or variants but there are
/// kernel files, the ops that those add to. Throws std::invalid_argument for the name of an op or variant that is not
/// there, with those that are.
std::vector<Choice> choose(const Lab& lab, const Filter& filter);

/// The names of the choice's variants that support the case on this device.
std::vector<std::string> supporting_variants(const Choice& choice, const KernelSelection& kernels, std::size_t number);
/// The name of the first variant that supports the case on this device, as training would take it; empty if none does.
std::string preferred_variant(const LabOp& op, const KernelSelection& kernels, std::size_t number);

}  // namespace duel::lab
