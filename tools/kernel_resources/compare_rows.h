// The gate of a record: numbers of kernels against those of a build.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace duel {

struct Comparison {
  std::vector<std::string> failures;  ///< worse than recorded, or not recorded
  std::vector<std::string> notes;     ///< better than recorded, or no longer in a source that was built
  int compared = 0;                   ///< kernels, once for each architecture
};

/// Which kernel's code.
struct KernelCode {
  std::string source, kernel;
  int architecture = 0;
  auto operator<=>(const KernelCode&) const = default;
  std::string text() const { return "sm_" + std::to_string(architecture) + " " + source + " " + kernel; }
};

/// A number of a kernel, before and now.
struct Quantity {
  const char* name;
  int recorded, built;
  bool more_is_better = false;
};

inline void compare_quantity(const KernelCode& code, const Quantity& q, Comparison& found) {
  if (q.recorded == q.built) return;
  const std::string change =
      code.text() + ": " + q.name + " " + std::to_string(q.recorded) + " -> " + std::to_string(q.built);
  const bool better = (q.built > q.recorded) == q.more_is_better;
  (better ? found.notes : found.failures).push_back(change + (better ? ", better: please record" : ", worse"));
}

/// code_of(row): its KernelCode. quantities(recorded, built): what is compared of the same kernel.
template <class Row, class CodeOf, class Quantities>
Comparison compare_rows(const std::vector<Row>& recorded, const std::vector<Row>& built, const CodeOf& code_of,
                        const Quantities& quantities) {
  Comparison found;
  std::map<KernelCode, const Row*> unseen;
  for (const Row& row : recorded) unseen[code_of(row)] = &row;
  std::set<std::pair<std::string, int>> built_sources;
  for (const Row& row : built) {
    ++found.compared;
    const KernelCode code = code_of(row);
    built_sources.emplace(code.source, code.architecture);
    const auto before = unseen.find(code);
    if (before == unseen.end()) {
      found.failures.push_back(code.text() + ": is not recorded");
      continue;
    }
    for (const Quantity& q : quantities(*before->second, row)) compare_quantity(code, q, found);
    unseen.erase(before);
  }
  for (const auto& [code, row] : unseen) {
    // A source that was not built at all may need a library that is not here.
    if (built_sources.contains({code.source, code.architecture})) {
      found.notes.push_back(code.text() + ": is recorded and no longer there, please record");
    }
  }
  return found;
}

}  // namespace duel
