#include "engine/tasks/levels.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "engine/tasks/hazards.h"
#include "kernels/runtime/range.h"

namespace duel {
namespace {

std::vector<TaskKernel> select_all(const TaskList& list, const KernelSelection& kernels) {
  std::vector<TaskKernel> selected;
  for (const Task& task : list.tasks()) selected.push_back(task.select(kernels));
  return selected;
}

/// For each task how many tasks the longest chain has that begins with it.
std::vector<std::size_t> longest_paths(const std::vector<std::vector<std::size_t>>& before) {
  std::vector<std::size_t> paths(before.size(), 1);
  for (std::size_t task = before.size(); task-- > 0;) {
    for (const std::size_t earlier : before[task]) paths[earlier] = std::max(paths[earlier], paths[task] + 1);
  }
  return paths;
}

/// A level while tasks are put into it.
class Draft {
 public:
  bool is_empty() const { return tasks_.empty(); }

  /// Takes the task if the kernel has room for it; an empty draft takes any.
  bool take(std::size_t task, const TaskKernel& kernel) {
    if (is_empty()) {
      variant_ = kernel.level;
      variant_name_ = kernel.variant;
      launch_ = kernel.launch;
      if (variant_) kernel.put(level_);
    } else if (!variant_ || kernel.level != variant_ || !kernel.put(level_)) {
      return false;
    }
    tasks_.push_back(task);
    return true;
  }

  Level finish(const TaskList& list) {
    std::sort(tasks_.begin() + 1, tasks_.end());
    Level result{tasks_, list.tasks()[tasks_[0]].section(), {}, variant_name_, launch_};
    for (const std::size_t task : tasks_) {
      result.label += (result.label.empty() ? "" : "; ") + list.tasks()[task].label();
    }
    if (tasks_.size() > 1) {
      result.launch = [variant = variant_, level = level_](StreamView stream) { variant->launch(level, stream); };
    }
    return result;
  }

 private:
  std::vector<std::size_t> tasks_;
  const LevelVariant* variant_ = nullptr;
  const char* variant_name_ = nullptr;
  LevelParts level_;
  std::function<void(StreamView)> launch_;
};

}  // namespace

Levels one_by_one(const TaskList& list, const KernelSelection& kernels) {
  Levels levels;
  for (const Task& task : list.tasks()) {
    const TaskKernel kernel = task.select(kernels);
    levels.push_back({{levels.size()}, task.section(), task.label(), kernel.variant, kernel.launch});
  }
  return levels;
}

Levels pack(const TaskList& list, const KernelSelection& kernels) {
  const std::vector<TaskKernel> selected = select_all(list, kernels);
  const std::vector<std::vector<std::size_t>> before = tasks_before(list);
  const std::vector<std::size_t> paths = longest_paths(before);
  std::vector<std::size_t> waiting(selected.size());
  std::iota(waiting.begin(), waiting.end(), 0);
  std::stable_sort(waiting.begin(), waiting.end(), [&](std::size_t a, std::size_t b) { return paths[a] > paths[b]; });

  Levels levels;
  std::vector<bool> is_done(selected.size());
  while (!waiting.empty()) {
    const auto is_ready = [&](std::size_t task) {
      return std::all_of(before[task].begin(), before[task].end(),
                         [&](std::size_t earlier) { return is_done[earlier]; });
    };
    Draft draft;
    std::vector<std::size_t> still_waiting;
    for (const std::size_t task : waiting) {
      if (!is_ready(task) || !draft.take(task, selected[task])) still_waiting.push_back(task);
    }
    levels.push_back(draft.finish(list));
    for (const std::size_t task : levels.back().tasks) is_done[task] = true;
    waiting = std::move(still_waiting);
  }
  return levels;
}

void enqueue(const Levels& levels, StreamView stream) {
  // Ranges of a section stay open while levels of the same one follow.
  std::vector<std::unique_ptr<const Range>> open;
  std::vector<std::string> names;
  for (const Level& level : levels) {
    const auto common = std::mismatch(names.begin(), names.end(), level.section.begin(), level.section.end()).first;
    while (open.size() > static_cast<std::size_t>(common - names.begin())) open.pop_back();  // the innermost first
    for (std::size_t i = open.size(); i < level.section.size(); ++i) {
      open.push_back(std::make_unique<const Range>(level.section[i]));
    }
    names = level.section;
    const Range range(level.label);
    level.launch(stream);
  }
  while (!open.empty()) open.pop_back();
}

}  // namespace duel
