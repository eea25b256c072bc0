// An op call with its arguments, kept to be launched later: what it touches, and the kernel that a selection gives it.
#pragma once

#include <any>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/kernel_selection.h"
#include "kernels/levels/level.h"
#include "kernels/work.h"

namespace duel {

/// A tensor that a task reads, writes, or both, as its arguments' visit() says.
struct Access {
  const char* tensor;
  const std::byte* begin;
  const std::byte* end;
  bool reads, writes;
};

/// How a task runs on this device.
struct TaskKernel {
  const char* variant;
  std::function<void(StreamView)> launch = {};  ///< the task by itself
  const LevelVariant* level = nullptr;        ///< the kernel for tasks of several ops that has this one; null: none has
  std::function<bool(LevelParts&)> put = {};  ///< makes the task part of such a level; false: that has no room
};

class Task {
 public:
  /// `label`: what a person calls it. `section`: names of the ranges around it, from the outermost. Throws
  /// std::invalid_argument where the op does not take the arguments.
  template <class Arguments>
  Task(const Op<Arguments>& op, const Arguments& arguments, std::string label, std::vector<std::string> section);

  const std::string& label() const { return label_; }
  const char* op() const { return op_; }
  const Work& work() const { return work_; }
  const std::vector<std::string>& section() const { return section_; }
  /// Without absent tensors.
  const std::vector<Access>& accesses() const { return accesses_; }
  /// Those of the call; null where it is of another op.
  template <class Arguments>
  const Arguments* arguments() const {
    return std::any_cast<Arguments>(&arguments_);
  }
  /// Throws std::invalid_argument as KernelSelection::select.
  TaskKernel select(const KernelSelection& kernels) const { return select_(kernels); }

 private:
  const char* op_;
  std::string label_;
  std::vector<std::string> section_;
  std::vector<Access> accesses_;
  Work work_;
  std::any arguments_;
  std::function<TaskKernel(const KernelSelection&)> select_;
};

// ---- implementation ----

namespace detail {

/// Visits arguments for what they touch.
class AccessList {
 public:
  void reads(const char* tensor, const auto& view) { add(tensor, view, true, false); }
  void writes(const char* tensor, const auto& view) { add(tensor, view, false, true); }
  void updates(const char* tensor, const auto& view) { add(tensor, view, true, true); }

  std::vector<Access> accesses;

 private:
  void add(const char* tensor, const auto& view, bool reads, bool writes) {
    if (!view) return;
    const auto* begin = reinterpret_cast<const std::byte*>(view.data);
    accesses.push_back({tensor, begin, begin + view.bytes(), reads, writes});
  }
};

template <class Arguments>
TaskKernel task_kernel(const Op<Arguments>& op, const Arguments& arguments, const KernelSelection& kernels) {
  const Variant<Arguments> variant = kernels.select(op, arguments);
  TaskKernel kernel{.variant = variant.name};
  kernel.launch = [&op, variant, arguments](StreamView stream) { enqueue(op, variant, arguments, stream); };
  if constexpr (requires(LevelParts level) { level.put(arguments); }) {
    kernel.level = level_variant(variant.name);
    kernel.put = [arguments](LevelParts& level) { return level.put(arguments); };
  }
  return kernel;
}

}  // namespace detail

template <class Arguments>
Task::Task(const Op<Arguments>& op, const Arguments& arguments, std::string label, std::vector<std::string> section)
    : op_(op.name), label_(std::move(label)), section_(std::move(section)), arguments_(arguments) {
  op.validate(arguments);
  work_ = work_of(op, arguments);
  detail::AccessList list;
  Arguments visited = arguments;  // visit() takes what it could change
  visit(visited, list);
  accesses_ = std::move(list.accesses);
  select_ = [&op, arguments](const KernelSelection& kernels) { return detail::task_kernel(op, arguments, kernels); };
}

}  // namespace duel
