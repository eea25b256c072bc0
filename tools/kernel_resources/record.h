// The table of kernels with their occupancy, as CSV. kernels/resources.csv keeps one; compare_with_record() is the
// gate.
#pragma once

#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "tools/kernel_resources/compare_rows.h"
#include "tools/kernel_resources/occupancy.h"
#include "tools/kernel_resources/ptxas_text.h"

namespace duel {

struct KernelRow {
  KernelResources resources;
  std::optional<Occupancy> occupancy;  ///< none for a kernel without __launch_bounds__
};

struct ResourceTable {
  std::string toolkit;          ///< nvcc's version
  std::vector<KernelRow> rows;  ///< by source, kernel and architecture
};

/// Adds each kernel's occupancy, without dynamic shared memory. Throws as occupancy().
ResourceTable with_occupancy(const std::string& toolkit, const std::vector<KernelResources>& kernels);

/// Writes "# nvcc VERSION", the names of the columns and a line per kernel and architecture.
void write_csv(const ResourceTable& table, std::ostream& csv);

/// Reads what write_csv() wrote; `file` names it in errors. Throws std::runtime_error with file and line.
ResourceTable read_csv(std::istream& csv, const std::string& file);

/// Compares a build with the record, for the architectures that were built: registers, spills, stack, shared memory and
/// resident threads. The kernels of another release of nvcc use other registers: then spills alone are failures.
Comparison compare_with_record(const ResourceTable& recorded, const ResourceTable& built);

}  // namespace duel
