// A recorded list as kernels in an order: each task by itself, or those that wait for nothing of each other together.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/tasks/task_list.h"

namespace duel {

/// One kernel.
struct Level {
  std::vector<std::size_t> tasks;  ///< places in the list: first the one that most must follow, the others in its order
  std::vector<std::string> section;
  std::string label;    ///< of its tasks
  const char* variant;  ///< of each of them
  std::function<void(StreamView)> launch;
};
using Levels = std::vector<Level>;

// Both throw std::invalid_argument as KernelSelection::select.

/// In the order of the list.
Levels one_by_one(const TaskList& list, const KernelSelection& kernels);

/// As few levels as a list scheduler finds: at each the task with the longest path of others that must follow it, and
/// with it whatever else waits for nothing and its kernel has room for, the longest paths first. Equal paths: in the
/// order of the list.
Levels pack(const TaskList& list, const KernelSelection& kernels);

/// Only kernels: fit for capture.
void enqueue(const Levels& levels, StreamView stream);

}  // namespace duel
