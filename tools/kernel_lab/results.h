// What a benchmark found, as `kernel_lab bench` writes it to a JSON file and `kernel_lab compare` reads it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/measure/statistics.h"
#include "kernels/runtime/device.h"
#include "tools/kernel_lab/lab_op.h"

namespace duel::lab {

/// What times depend on beside the kernels.
struct BenchConditions {
  std::string device;  ///< "cpu" or "cuda:N"
  bool is_cpu = false;
  std::string description;      ///< model, multiprocessors or threads, memory
  int driver = 0, runtime = 0;  ///< versions of CUDA
  std::string compiler{}, build_type{};
  bool checked = false;       ///< a checked build of the CPU device
  bool cold = false;          ///< the cache was emptied before each launch
  double noise = 0;           ///< wanted, of the medians
  double seconds = 0;         ///< most for each row
  double copy_bandwidth = 0;  ///< bytes per second, read and written
  std::string date{};         ///< UTC, "2026-01-31T12:00:00Z"
};

/// The conditions of this build and device, at this time.
BenchConditions conditions_here(const DeviceChoice& device);

struct BenchRow {
  std::string op, variant, case_name, shapes;
  std::vector<std::pair<std::string, int>> sizes{};  ///< by axis, of a shape that somebody chose
  std::string wrong{};                               ///< what verifying said; then nothing was timed
  Summary time{};                                    ///< microseconds
  Summary ratio_to_first{};  ///< of the times of each round to those of the case's first timed row
  bool is_settled = false;   ///< the noise came down to what was wanted
  Work work{};

  double bytes_per_second() const { return 1e6 * work.bytes.all() / time.median; }
  double operations_per_second() const { return 1e6 * work.flops.all() / time.median; }
};

struct BenchResult {
  BenchConditions conditions;
  std::vector<BenchRow> rows;
};

std::string to_json(const BenchResult& result);

/// Throws DataError for a file that cannot be read or is no result of a benchmark: the file, the place in it, what was
/// expected, what was found, how to mend it.
BenchResult read_bench_result(const std::filesystem::path& file);

}  // namespace duel::lab
