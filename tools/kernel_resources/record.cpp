#include "tools/kernel_resources/record.h"

#include <cmath>

namespace duel {
namespace {

KernelCode code_of(const KernelRow& row) {
  return {row.resources.source, row.resources.kernel, row.resources.architecture};
}

int resident_threads(const KernelRow& row) {
  if (!row.occupancy) return 0;
  return static_cast<int>(
      std::lround(row.occupancy->fraction * threads_per_multiprocessor(row.resources.architecture)));
}

std::vector<Quantity> quantities(const KernelRow& recorded, const KernelRow& built) {
  const KernelResources &r = recorded.resources, &b = built.resources;
  return {{"registers", r.registers, b.registers},
          {"bytes of spill stores", r.spill_stores, b.spill_stores},
          {"bytes of spill loads", r.spill_loads, b.spill_loads},
          {"bytes of stack", r.stack, b.stack},
          {"bytes of static shared memory", r.shared, b.shared},
          {"resident threads per multiprocessor", resident_threads(recorded), resident_threads(built), true}};
}

// The kernels of another release of nvcc: none may spill.
Comparison find_spills(const ResourceTable& recorded, const ResourceTable& built) {
  Comparison found;
  found.notes.push_back("recorded with nvcc " + recorded.toolkit + ", built with " + built.toolkit +
                        ": only spills are looked at");
  for (const KernelRow& row : built.rows) {
    ++found.compared;
    const int spilled = row.resources.spill_stores + row.resources.spill_loads;
    if (spilled > 0) found.failures.push_back(code_of(row).text() + ": spills " + std::to_string(spilled) + " bytes");
  }
  return found;
}

}  // namespace

ResourceTable with_occupancy(const std::string& toolkit, const std::vector<KernelResources>& kernels) {
  ResourceTable table{toolkit, {}};
  for (const KernelResources& k : kernels) {
    KernelRow row{k, std::nullopt};
    if (k.threads > 0) row.occupancy = occupancy(k.architecture, {k.threads, k.registers, k.shared});
    table.rows.push_back(std::move(row));
  }
  return table;
}

Comparison compare_with_record(const ResourceTable& recorded, const ResourceTable& built) {
  if (recorded.toolkit != built.toolkit) return find_spills(recorded, built);
  return compare_rows(recorded.rows, built.rows, code_of, quantities);
}

}  // namespace duel
