// Which tasks of a list must wait for which: read after write, write after read and write after write of the same
// memory.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/tasks/task_list.h"

namespace duel {

/// For each task the earlier ones that must be done before it starts, ascending. Those that follow from others are left
/// out where the memory between says so: a chain of writes is its last link.
std::vector<std::vector<std::size_t>> tasks_before(const TaskList& list);

}  // namespace duel
