// Recorded traffic: a CSV file with a line for each counted kernel, and the comparison with it.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "tools/kernel_lab/traffic_counts.h"

namespace duel::lab {

struct RecordedTraffic {
  std::string compiler;  ///< whose code was counted: another one's may access memory otherwise
  std::vector<CountedKernel> kernels;
};

/// The compiler of this build, with its version.
std::string compiler_name();

constexpr const char* kRecordedBeginning = "# compiler: ";

/// A comment with the compiler, after kRecordedBeginning, a header, then op, variant, case, kernel, launch and
/// kCounters of each kernel.
void write_recorded(std::ostream& out, const RecordedTraffic& recorded);

/// Throws DataError that names file and line where it is missing or no such file.
RecordedTraffic read_recorded(const std::filesystem::path& file);

/// What is recorded of `counted` ops, and of those that are no longer among `all`.
RecordedTraffic of_ops(RecordedTraffic recorded, const std::vector<std::string>& counted,
                       const std::vector<std::string>& all);

/// Of each variant the case alone on which its kernels make the fewest requests to memory.
RecordedTraffic smallest_cases(RecordedTraffic recorded);

/// The record after some ops alone have been counted anew, by the same compiler: their kernels in place of those that
/// it had of them, all in the order of `ops`. Other ops' go.
RecordedTraffic with_counted(const RecordedTraffic& before, const std::vector<CountedKernel>& counted,
                             const std::vector<std::string>& ops);

/// One line for each counter that differs, each kernel that is not recorded, and each recorded kernel that is gone:
/// where `everything` was counted all of them are looked for, else those of the counted variants and cases.
std::vector<std::string> compare_with_recorded(const std::vector<CountedKernel>& counted,
                                               const RecordedTraffic& recorded, bool everything);

}  // namespace duel::lab
