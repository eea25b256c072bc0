// An iteration as data: op calls in an order in which they could run one after another. Whoever computes something adds
// what it computes; nothing runs before the list is launched (engine/tasks/levels.h).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/tasks/task.h"

namespace duel {

class TaskList {
 public:
  /// Records the call. `label`: of its range. Throws std::invalid_argument as the op's validate().
  template <class Arguments>
  void add(const Op<Arguments>& op, const Arguments& arguments, std::string label) {
    tasks_.emplace_back(op, arguments, std::move(label), section_);
  }

  void add(Task task) { tasks_.push_back(std::move(task)); }

  /// Within the lifetime of what it returns, tasks belong to this part of the iteration, inside those already open.
  class Section {
   public:
    Section(TaskList& list, std::string name) : list_(list) { list_.section_.push_back(std::move(name)); }
    ~Section() { list_.section_.pop_back(); }
    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;

   private:
    TaskList& list_;
  };
  [[nodiscard]] Section section(std::string name) { return Section(*this, std::move(name)); }

  std::span<const Task> tasks() const { return tasks_; }

 private:
  std::vector<std::string> section_;
  std::vector<Task> tasks_;
};

}  // namespace duel
