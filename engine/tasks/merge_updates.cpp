#include "engine/tasks/merge_updates.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"
#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"

namespace duel {
namespace {

bool overlap(const Access& a, const Access& b) {
  return a.begin < b.end && b.begin < a.end;
}
template <class T, int kRank>
bool touches(const Access& access, const View<T, kRank>& view) {
  const auto* begin = reinterpret_cast<const std::byte*>(view.data);
  return view && access.begin < begin + view.bytes() && begin < access.end;
}

bool touches(const Task& task, const auto& view) {
  return std::ranges::any_of(task.accesses(), [&](const Access& access) { return touches(access, view); });
}
bool writes(const Task& task, const auto& view) {
  return std::ranges::any_of(task.accesses(),
                             [&](const Access& access) { return access.writes && touches(access, view); });
}

/// An update of a flat array by any optimizer.
struct Update {
  Vector<float> parameter, state[kMostOptimizerStates];
  Vector<const float> gradient;
  ParameterOptimizer optimizer;
};

std::optional<Update> update_of(const Task& task) {
  std::optional<Update> update;
  for_each_unit(Optimizers(), [&](auto unit) {
    using Unit = decltype(unit);
    const auto* flat = task.arguments<FlatUpdate<float, Unit>>();
    if (!flat) return;
    update.emplace();
    update->parameter = flat->parameter;
    std::copy_n(flat->state, flat->kStates, update->state);
    update->gradient = flat->gradient;
    static_cast<Unit&>(update->optimizer.settings) = flat->optimizer;
    update->optimizer.settings.kind = kind_of<Unit>;
    update->optimizer.progress = flat->progress;
    update->optimizer.limit = flat->limit;
  });
  return update;
}

/// Gives the optimizer to a task that has gradients of `update`'s parameters.
class Merger {
 public:
  Merger(const Update& update, Gradients gradients) : update_(update), gradients_(gradients) {}

  /// The task with its part of the update; none where it cannot have one.
  std::optional<Task> merged(const Task& task) const {
    if (auto with = of_weight(weight_gradient_op(), task)) return with;
    if (auto with = of_weight(convolution_weight_gradient_op(), task)) return with;
    if (auto with = of_norm(input_gradient_op(), task)) return with;
    return of_norm(batch_norm_gradient_op(), task);
  }

  /// Whether the update may come as early as the merged task, before `task`.
  bool may_pass(const Task& merged, const Task& task) const {
    const auto conflicts = [&](const Access& access) {
      return std::ranges::any_of(task.accesses(), [&](const Access& other) {
        return overlap(access, other) && (access.writes || other.writes);
      });
    };
    return std::ranges::none_of(merged.accesses(),
                                [&](const Access& access) { return is_of_update(access) && conflicts(access); });
  }

 private:
  template <class Arguments>
  std::optional<Task> of_weight(const Op<Arguments>& op, const Task& task) const {
    const auto* gradient = task.arguments<Arguments>();
    if (!gradient) return {};
    Arguments with = *gradient;
    if (!give(with.weight) || !give(with.bias)) return {};
    return with_optimizer(op, with, task);
  }

  template <class Arguments>
  std::optional<Task> of_norm(const Op<Arguments>& op, const Task& task) const {
    const auto* gradient = task.arguments<Arguments>();
    if (!gradient) return {};
    Arguments with = *gradient;
    if (!give(with.gamma) || !give(with.beta)) return {};
    return with_optimizer(op, with, task);
  }

  template <int kRank>
  bool give(TrainedParameter<float, kRank>& parameter) const {
    const auto offset = parameter.gradient.data - update_.gradient.data;
    if (offset < 0 || offset + static_cast<std::ptrdiff_t>(parameter.gradient.size()) > update_.gradient.rows) {
      return false;
    }
    const auto part = [&](const Vector<float>& array) {
      return View<float, kRank>{array.data + offset, parameter.gradient.rows, parameter.gradient.columns};
    };
    parameter.value = part(update_.parameter);
    for (int s = 0; s < kMostOptimizerStates; ++s) {
      if (update_.state[s]) parameter.state[s] = part(update_.state[s]);
    }
    if (gradients_ == Gradients::used_up) parameter.gradient = {};
    return true;
  }

  template <class Arguments>
  std::optional<Task> with_optimizer(const Op<Arguments>& op, Arguments& arguments, const Task& task) const {
    if (arguments.optimizer.progress) return {};
    arguments.optimizer = update_.optimizer;
    return Task(op, arguments, label_with_update(task.label()), task.section());
  }

  // "gradient layer 0 (...)" is "update layer 0 (...)" then.
  static std::string label_with_update(const std::string& label) {
    constexpr std::string_view kGradient = "gradient ";
    return label.starts_with(kGradient) ? "update " + label.substr(kGradient.size()) : label;
  }

  bool is_of_update(const Access& access) const {
    return touches(access, update_.parameter) || touches(access, update_.optimizer.progress) ||
           std::ranges::any_of(update_.state, [&](const auto& state) { return touches(access, state); });
  }

  const Update& update_;
  Gradients gradients_;
};

/// The tasks that compute the update's gradients, with their parts of it, by their places; none where that cannot be.
std::optional<std::map<std::size_t, Task>> merged_tasks(const TaskList& list, std::size_t at, const Update& update,
                                                        Gradients gradients) {
  const Merger merger(update, gradients);
  std::map<std::size_t, Task> merged;
  // Back to the update before, whose gradients lie in the same memory.
  for (std::size_t i = at; i-- > 0;) {
    const Task& task = list.tasks()[i];
    if (writes(task, update.parameter)) break;
    if (!touches(task, update.gradient)) continue;
    std::optional<Task> with_update = merger.merged(task);
    if (!with_update) return {};
    for (std::size_t later = i + 1; later < at; ++later) {
      if (!merger.may_pass(*with_update, list.tasks()[later])) return {};
    }
    merged.emplace(i, std::move(*with_update));
  }
  return merged;
}

}  // namespace

TaskList merge_updates(const TaskList& list, Gradients gradients) {
  std::map<std::size_t, Task> replaced;
  std::set<std::size_t> removed;
  for (std::size_t i = 0; i < list.tasks().size(); ++i) {
    const std::optional<Update> update = update_of(list.tasks()[i]);
    if (!update) continue;
    auto merged = merged_tasks(list, i, *update, gradients);
    if (!merged) continue;
    replaced.merge(*merged);
    removed.insert(i);
  }
  TaskList result;
  for (std::size_t i = 0; i < list.tasks().size(); ++i) {
    if (removed.contains(i)) continue;
    const auto found = replaced.find(i);
    result.add(found == replaced.end() ? list.tasks()[i] : found->second);
  }
  return result;
}

}  // namespace duel
