// The kernels of an iteration for people.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/training/planned_iteration.h"

namespace duel::app {

/// Where the tasks of an iteration run, by their places in its list.
struct TaskPlaces {
  std::vector<std::size_t> level;
  std::vector<std::string> name;  ///< "9", "10b": the level, from 1, and a letter where it has several tasks

  explicit TaskPlaces(const PlannedIteration& iteration);
};

/// "generator", "discriminator", or "" where it is the work of both or of neither.
const char* network_of(const Task& task);

/// The parts of a task's label: "forward layer 0", "100 -> 128", and of what it is: "generator 100 -> 128".
struct TaskLabel {
  std::string what, sizes, of;
};
TaskLabel label_of(const Task& task);

/// Of all tasks.
Work work_of(const TaskList& list);

/// "16 an iteration, 958.4 MFLOP, 75.1 MB".
std::string kernels_text(const PlannedIteration& iteration);

/// A line for each task: its work, the kernel, and what it waits for.
std::string iteration_text(const PlannedIteration& iteration);
/// The same for programs: {"kernel":"9a","task":"forward layer 0","network":"generator","sizes":"100 ->
/// 128","flops":..., "bytes":...,"variant":"...","waits_for":"9a d_linear, 13 weight (read)"}.
std::vector<nlohmann::ordered_json> iteration_rows(const PlannedIteration& iteration);

}  // namespace duel::app
