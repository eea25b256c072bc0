// Which tasks of a list must wait for which: read after write, write after read and write after write of the same
// memory.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/tasks/task_list.h"

namespace duel {

/// Why a task waits for an earlier one.
enum class Hazard { read_after_write, write_after_read, write_after_write };

struct Wait {
  std::size_t earlier;  ///< place of the task in the list
  Hazard hazard;
  const char* tensor;  ///< the first that says so, as the waiting task calls it

  bool operator==(const Wait&) const = default;
};

/// For each task what it waits for: each earlier task once, ascending. Those that follow from others are left out where
/// the memory between says so: a chain of writes is its last link.
std::vector<std::vector<Wait>> waits_of(const TaskList& list);

/// The same without what follows from the others' waits, by whatever memory.
std::vector<std::vector<Wait>> direct_waits_of(const TaskList& list);

/// The earlier tasks of waits_of().
std::vector<std::vector<std::size_t>> tasks_before(const TaskList& list);

}  // namespace duel
