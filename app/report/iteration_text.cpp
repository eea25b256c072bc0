#include "app/report/iteration_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/measure/table.h"
#include "engine/tasks/hazards.h"

namespace duel::app {
namespace {

constexpr std::size_t kTextWidth = 100;

std::string millions(double value) {
  return number_text(value / 1e6, 2);
}

// "9a d_linear", "13 weight (read)": 13 must have read it.
std::string text_of(const Wait& wait, const TaskPlaces& places) {
  std::string text = places.name[wait.earlier] + " " + wait.tensor;
  if (wait.hazard == Hazard::write_after_read) text += " (read)";
  if (wait.hazard == Hazard::write_after_write) text += " (written)";
  return text;
}

// "forward layer 0, G 100 -> 128".
std::string task_text(const Task& task) {
  const TaskLabel label = label_of(task);
  const std::string network = network_of(task);
  std::string text = label.what;
  if (!network.empty() && text.find(network) == std::string::npos) text += network == "generator" ? ", G" : ", D";
  return label.sizes.empty() ? text : text + " " + label.sizes;
}

/// act(task, its place, level, what it waits for), level by level.
template <class Act>
void for_each_task(const PlannedIteration& iteration, const Act& act) {
  const TaskPlaces places(iteration);
  const auto waits = direct_waits_of(iteration.list);
  for (const Level& level : iteration.levels) {
    for (const std::size_t task : level.tasks) {
      std::string waits_text;
      for (const Wait& wait : waits[task]) {
        waits_text += (waits_text.empty() ? "" : ", ") + text_of(wait, places);
      }
      act(iteration.list.tasks()[task], places.name[task], level, waits_text);
    }
  }
}

}  // namespace

TaskPlaces::TaskPlaces(const PlannedIteration& iteration)
    : level(iteration.list.tasks().size()), name(iteration.list.tasks().size()) {
  for (std::size_t l = 0; l < iteration.levels.size(); ++l) {
    const std::vector<std::size_t>& tasks = iteration.levels[l].tasks;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      level[tasks[i]] = l;
      name[tasks[i]] = std::to_string(l + 1);
      if (tasks.size() > 1) name[tasks[i]] += static_cast<char>('a' + i);  // a level holds few tasks (LevelParts)
    }
  }
}

const char* network_of(const Task& task) {
  for (const char* const network : {"generator", "discriminator"}) {
    const bool is_inside = std::count(task.section().begin(), task.section().end(), network) > 0;
    if (is_inside || task.label().find(network) != std::string::npos) return network;
  }
  return "";
}

TaskLabel label_of(const Task& task) {
  const std::string& label = task.label();
  const std::size_t at = label.find(" (");
  const std::string network = network_of(task);
  if (at == std::string::npos) return {label, "", network};
  const std::string in_brackets = label.substr(at + 2, label.size() - at - 3);  // op and sizes
  const std::string sizes = in_brackets.substr(in_brackets.find(' ') + 1);
  return {label.substr(0, at), sizes, network + (network.empty() ? "" : " ") + sizes};
}

Work work_of(const TaskList& list) {
  Work sum;
  for (const Task& task : list.tasks()) {
    sum.flops.products += task.work().flops.products;
    sum.flops.others += task.work().flops.others;
    sum.bytes.read += task.work().bytes.read;
    sum.bytes.written += task.work().bytes.written;
  }
  return sum;
}

std::string kernels_text(const PlannedIteration& iteration) {
  const Work work = work_of(iteration.list);
  return std::to_string(iteration.levels.size()) + " an iteration, " + number_text(work.flops.all() / 1e6, 1) +
         " MFLOP, " + number_text(work.bytes.all() / 1e6, 1) + " MB";
}

std::string iteration_text(const PlannedIteration& iteration) {
  Table table({{"kernel"},
               {"task"},
               {"MFLOP", Column::Kind::number},
               {"MB", Column::Kind::number},
               {"variant"},
               {"waits for"}});
  for_each_task(iteration,
                [&](const Task& task, const std::string& place, const Level& level, const std::string& waits_for) {
                  table.add({place, task_text(task), millions(task.work().flops.all()),
                             millions(task.work().bytes.all()), level.variant, waits_for});
                });
  return table.text(kTextWidth) +
         "Waits for the task that writes the tensor before; (read), (written): that reads or writes the memory\n"
         "before this task writes it. What follows from other waits is left out. MB: its tensors, once.\n";
}

std::vector<nlohmann::ordered_json> iteration_rows(const PlannedIteration& iteration) {
  std::vector<nlohmann::ordered_json> rows;
  for_each_task(iteration,
                [&](const Task& task, const std::string& place, const Level& level, const std::string& waits_for) {
                  const TaskLabel label = label_of(task);
                  rows.push_back({{"kernel", place},
                                  {"task", label.what},
                                  {"network", network_of(task)},
                                  {"sizes", label.sizes},
                                  {"flops", task.work().flops.all()},
                                  {"bytes", task.work().bytes.all()},
                                  {"variant", level.variant},
                                  {"waits_for", waits_for}});
                });
  return rows;
}

}  // namespace duel::app
