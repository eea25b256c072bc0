#include "engine/tasks/hazards.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
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

std::vector<std::vector<Wait>> waits_of(const TaskList& list) {
  const std::vector<const std::byte*> ends = ends_of_tensors(list);
  std::vector<Stretch> stretches(ends.size());
  const auto stretches_of = [&](const Access& access) {
    const auto index = [&](const std::byte* address) {
      return std::lower_bound(ends.begin(), ends.end(), address) - ends.begin();
    };
    return std::span(stretches).subspan(static_cast<std::size_t>(index(access.begin)),
                                        static_cast<std::size_t>(index(access.end) - index(access.begin)));
  };
  std::vector<std::vector<Wait>> waits;
  for (const Task& task : list.tasks()) {
    const std::size_t here = waits.size();
    std::map<std::size_t, Wait> wait_for;
    for (const Access& access : task.accesses()) {
      for (Stretch& stretch : stretches_of(access)) {
        const auto wait = [&](std::size_t earlier, Hazard hazard) {
          wait_for.insert({earlier, {earlier, hazard, access.tensor}});
        };
        if (stretch.writer) wait(*stretch.writer, access.reads ? Hazard::read_after_write : Hazard::write_after_write);
        if (access.writes) {
          for (const std::size_t reader : stretch.readers) wait(reader, Hazard::write_after_read);
          stretch = {here, {}};
        } else {
          stretch.readers.push_back(here);
        }
      }
    }
    wait_for.erase(here);  // which may touch memory more than once
    waits.emplace_back();
    for (const auto& [earlier, wait] : wait_for) waits.back().push_back(wait);
  }
  return waits;
}

std::vector<std::vector<Wait>> direct_waits_of(const TaskList& list) {
  std::vector<std::vector<Wait>> waits = waits_of(list);
  std::vector<std::vector<bool>> reached;  // by each task, the tasks that it waits for directly or not
  for (std::vector<Wait>& of_task : waits) {
    std::vector<bool> here(waits.size());
    std::vector<Wait> direct;
    for (auto wait = of_task.rbegin(); wait != of_task.rend(); ++wait) {  // from the latest, which may reach the others
      if (here[wait->earlier]) continue;
      direct.insert(direct.begin(), *wait);
      here[wait->earlier] = true;
      std::transform(here.begin(), here.end(), reached[wait->earlier].begin(), here.begin(), std::logical_or<>());
    }
    of_task = std::move(direct);
    reached.push_back(std::move(here));
  }
  return waits;
}

std::vector<std::vector<std::size_t>> tasks_before(const TaskList& list) {
  std::vector<std::vector<std::size_t>> before;
  for (const std::vector<Wait>& waits : waits_of(list)) {
    before.emplace_back();
    for (const Wait& wait : waits) before.back().push_back(wait.earlier);
  }
  return before;
}

}  // namespace duel
