#include "tools/kernel_resources/record.h"

#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace duel {
namespace {

using Key = std::tuple<std::string, std::string, int>;

Key key_of(const KernelRow& row) {
  return {row.resources.source, row.resources.kernel, row.resources.architecture};
}

std::string name_of(const KernelRow& row) {
  return "sm_" + std::to_string(row.resources.architecture) + " " + row.resources.source + " " + row.resources.kernel;
}

int resident_threads(const KernelRow& row) {
  if (!row.occupancy) return 0;
  return static_cast<int>(
      std::lround(row.occupancy->fraction * threads_per_multiprocessor(row.resources.architecture)));
}

struct Quantity {
  const char* name;
  int recorded, built;
  bool more_is_better = false;
};

std::vector<Quantity> quantities(const KernelRow& recorded, const KernelRow& built) {
  const KernelResources &r = recorded.resources, &b = built.resources;
  return {{"registers", r.registers, b.registers},
          {"bytes of spill stores", r.spill_stores, b.spill_stores},
          {"bytes of spill loads", r.spill_loads, b.spill_loads},
          {"bytes of stack", r.stack, b.stack},
          {"bytes of static shared memory", r.shared, b.shared},
          {"resident threads per multiprocessor", resident_threads(recorded), resident_threads(built), true}};
}

void compare_row(const KernelRow& recorded, const KernelRow& built, Comparison& found) {
  for (const Quantity& q : quantities(recorded, built)) {
    if (q.recorded == q.built) continue;
    const std::string change =
        name_of(built) + ": " + q.name + " " + std::to_string(q.recorded) + " -> " + std::to_string(q.built);
    const bool better = (q.built > q.recorded) == q.more_is_better;
    (better ? found.notes : found.failures).push_back(change + (better ? ", better: please record" : ", worse"));
  }
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
  Comparison found;
  const bool same_toolkit = recorded.toolkit == built.toolkit;
  if (!same_toolkit) {
    found.notes.push_back("recorded with nvcc " + recorded.toolkit + ", built with " + built.toolkit +
                          ": only spills are looked at");
  }
  std::map<Key, const KernelRow*> unseen;
  for (const KernelRow& row : recorded.rows) unseen[key_of(row)] = &row;
  std::set<std::pair<std::string, int>> built_sources;
  for (const KernelRow& row : built.rows) {
    ++found.compared;
    built_sources.emplace(row.resources.source, row.resources.architecture);
    const auto before = unseen.find(key_of(row));
    if (!same_toolkit) {
      const int spilled = row.resources.spill_stores + row.resources.spill_loads;
      if (spilled > 0) found.failures.push_back(name_of(row) + ": spills " + std::to_string(spilled) + " bytes");
    } else if (before == unseen.end()) {
      found.failures.push_back(name_of(row) + ": is not recorded");
    } else {
      compare_row(*before->second, row, found);
    }
    if (before != unseen.end()) unseen.erase(before);
  }
  for (const auto& [key, row] : unseen) {
    // A source that was not built at all may need a library that is not here.
    if (built_sources.contains({row->resources.source, row->resources.architecture})) {
      found.notes.push_back(name_of(*row) + ": is recorded and no longer there, please record");
    }
  }
  return found;
}

}  // namespace duel
