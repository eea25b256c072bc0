#include "engine/tasks/hazards.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

namespace duel {
namespace {

/// Memory between two neighbouring ends of tensors: what was done to it last.
struct Stretch {
  std::optional<std::size_t> writer;
  std::vector<std::size_t> readers;  // since then
};

/// Every address at which a tensor begins or ends, ascending.
std::vector<const std::byte*> ends_of_tensors(const TaskList& list) {
  std::vector<const std::byte*> ends;
  for (const Task& task : list.tasks()) {
    for (const Access& access : task.accesses()) ends.insert(ends.end(), {access.begin, access.end});
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

}  // namespace

std::vector<std::vector<std::size_t>> tasks_before(const TaskList& list) {
  const std::vector<const std::byte*> ends = ends_of_tensors(list);
  std::vector<Stretch> stretches(ends.size());
  const auto stretches_of = [&](const Access& access) {
    const auto index = [&](const std::byte* address) {
      return std::lower_bound(ends.begin(), ends.end(), address) - ends.begin();
    };
    return std::span(stretches).subspan(static_cast<std::size_t>(index(access.begin)),
                                        static_cast<std::size_t>(index(access.end) - index(access.begin)));
  };
  std::vector<std::vector<std::size_t>> before;
  for (const Task& task : list.tasks()) {
    const std::size_t here = before.size();
    std::set<std::size_t> wait_for;
    for (const Access& access : task.accesses()) {
      for (Stretch& stretch : stretches_of(access)) {
        if (stretch.writer) wait_for.insert(*stretch.writer);
        if (access.writes) {
          wait_for.insert(stretch.readers.begin(), stretch.readers.end());
          stretch = {here, {}};
        } else {
          stretch.readers.push_back(here);
        }
      }
    }
    wait_for.erase(here);  // which may touch memory more than once
    before.emplace_back(wait_for.begin(), wait_for.end());
  }
  return before;
}

}  // namespace duel
