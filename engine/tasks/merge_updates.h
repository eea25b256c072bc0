// A rewrite of a recorded list: gradient and update of a parameter in one task, so that the gradient need not pass
// through memory.
#pragma once

#include "engine/tasks/task_list.h"

namespace duel {

/// What becomes of the gradients' memory.
enum class Gradients {
  used_up,  ///< not written where the update was merged
  kept,     ///< written in any case
};

/// Moves each update of a flat array into the tasks that compute its gradients. An update stays where it is if one of
/// these cannot update, or if a task between it and the update reads what would be updated too early, the gradient, or
/// changes the optimizer's progress. Parameters whose gradient nobody writes are padding.
TaskList merge_updates(const TaskList& list, Gradients gradients);

}  // namespace duel
