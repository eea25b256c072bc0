// What each variant's kernels move, counted without a GPU by a checked build (preset cpu-race), and a gate that
// compares the counts with recorded ones.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/simt/kernel_traffic.h"
#include "tools/kernel_lab/lab_op.h"

namespace duel::lab {

/// One of the numbers that are recorded for a kernel.
struct Counter {
  std::string_view name;
  std::uint64_t (*of)(const simt::KernelTraffic&);
};
inline constexpr std::size_t kCounterCount = 27;
extern const std::array<Counter, kCounterCount> kCounters;

/// The counts of one kernel of one variant on one case, all its launches added up.
struct KernelCounts {
  std::string op, variant, shapes, kernel, launch;  ///< launch: "grid x block"
  std::array<std::uint64_t, kCounterCount> value{};

  /// Throws std::out_of_range for a name that kCounters lacks.
  std::uint64_t operator[](std::string_view counter) const;
  bool operator==(const KernelCounts&) const = default;
};

/// A variant on one case: its kernels, and the least that any could move.
struct CountedCase {
  std::vector<KernelCounts> kernels;
  double least_bytes_read = 0, least_bytes_written = 0;  ///< every tensor that the op reads, or writes, once
};

/// Which variants to count: those of one op, or one variant; empty: all.
struct CountersSelection {
  std::string op, variant;
};

/// Counts every variant that GPUs can run, on the cases of training. Throws std::logic_error in a build without
/// instrumentation, std::invalid_argument where the selection names nothing, CudaError where a kernel fails.
std::vector<CountedCase> count_traffic(const KernelSelection& kernels, const CountersSelection& selection);

// ---- recorded counts: a CSV file, one line for each kernel ----

struct RecordedCounts {
  std::string compiler;  ///< whose code was counted: another one may move the same values otherwise
  std::vector<KernelCounts> kernels;
};

/// The compiler of this build.
std::string compiler_name();

void write_recorded(std::ostream& out, const RecordedCounts& counts);
/// Throws DataError-like std::runtime_error that names file and line where the file is missing or malformed.
RecordedCounts read_recorded(const std::filesystem::path& file);

/// Compares counts with recorded ones: a line for every counter that differs, every kernel that is new and every
/// recorded kernel of a counted op that is gone. Empty where all is as recorded.
std::vector<std::string> compare_with_recorded(const std::vector<KernelCounts>& counted,
                                               const RecordedCounts& recorded);

// ---- the command ----

enum class CountersFormat { table, csv, json };

struct CountersOptions {
  CountersSelection selection;
  CountersFormat format = CountersFormat::table;
  std::filesystem::path recorded = "kernels/traffic.csv";
  bool check = false;   ///< compare with the recorded counts instead of printing
  bool record = false;  ///< write them; needs a selection of everything
};

/// `kernel_lab counters`. Returns the exit status: 0, or 1 where --check found a difference.
int counters_command(const KernelSelection& kernels, const CountersOptions& options, std::ostream& out);

}  // namespace duel::lab
