// Every hazard that is derived from a recorded iteration matters, and they are all there are: tasks in another order
// that keeps them give the same bits, and an order that breaks one of them does not; on the checked device, without
// streams that wait, it is reported.
#include <algorithm>
#include <cstring>
#include <random>
#include <type_traits>

#include "engine/tasks/hazards.h"
#include "engine/tasks/levels.h"
#include "engine/training/training_step.h"
#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"
#include "kernels/ops/convolution/convolution.h"
#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"
#include "kernels/ops/discriminator_head/discriminator_head.h"
#include "kernels/ops/dropout/dropout.h"
#include "kernels/ops/gradient_penalty/gradient_penalty.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/linear_forward/linear_forward.h"
#include "kernels/runtime/buffer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#ifdef DUEL_CHECKED
#include "kernels/simt/simt.h"
#endif

namespace duel::test {
namespace {

using Order = std::vector<std::size_t>;

/// An iteration with its memory, after others: what a task finds is neither 0 nor what it is to become. The average of
/// the weights moves in it.
class Iteration {
 public:
  explicit Iteration(const TrainingConfig& config)
      : config_(config),
        layouts_(config.networks),
        images_(striped_images(config.networks, 3 * config.batch_size * config.discriminator_steps)),
        dataset_(images_.pixels, stream_),
        labels_(images_.labels, stream_),
        arena_(planned_bytes()),
        all_{arena_.take<std::byte>(0).data, static_cast<int>(arena_.bytes())},
        memory_(TrainingMemory::take(arena_, config_, layouts_)),
        step_({kernels_, config_, layouts_, memory_, dataset_.matrix(images_.count, config.networks.pixels()),
               labels_.vector()}),
        shape_(plan_epoch(config, images_.count).full) {
    check(cudaMemset(all_.data, 0, all_.bytes()));
    initialize(memory_.generator, layouts_.generator, Player::generator, 1, stream_);
    initialize(memory_.discriminator, layouts_.discriminator, Player::discriminator, 1, stream_);
    for (int i = 1; i < kAverageInterval; ++i) step_.enqueue(shape_, Inputs::drawn, stream_);
    begin_ = download(all_, stream_.view());
    list_ = step_.record(shape_, Inputs::drawn);
    for (const Task& task : list_.tasks()) kernel_.push_back(task.select(kernels_));
  }

  const TaskList& list() const { return list_; }
  Levels levels() const { return step_.schedule(list_); }

  /// All memory after the tasks in that order.
  std::vector<std::byte> after(const Order& order) const {
    restore();
    for (const std::size_t task : order) kernel_[task].launch(stream_);
    return download(all_, stream_.view());
  }
  std::vector<std::byte> after(const Levels& levels) const {
    restore();
    enqueue(levels, stream_);
    return download(all_, stream_.view());
  }

#ifdef DUEL_CHECKED
  /// What the device says when the tasks before `later` have run, but `later` and `earlier` are in streams that do not
  /// wait for each other.
  std::string report_without(std::size_t earlier, std::size_t later) const {
    restore();
    std::string report;
    {
      const Stream other;
      try {
        for (std::size_t task = 0; task < later; ++task) {
          if (task != earlier) kernel_[task].launch(stream_);
        }
        stream_.synchronize();
        kernel_[earlier].launch(stream_);
        kernel_[later].launch(other);
        stream_.synchronize();
        other.synchronize();
      } catch (const CudaError& error) {
        report = error.what();
      }
    }
    simt::clear_fault();
    return report;
  }
#endif

 private:
  std::size_t planned_bytes() const {
    ArenaPlan plan;
    TrainingMemory::take(plan, config_, layouts_);
    return plan.bytes();
  }
  void restore() const {
    check(cudaMemcpyAsync(all_.data, begin_.data(), begin_.size(), cudaMemcpyHostToDevice, stream_.view().get()));
    stream_.synchronize();
  }

  TrainingConfig config_;
  Layouts layouts_;
  Stream stream_;
  ImageSet images_;
  DeviceBuffer<std::uint8_t> dataset_, labels_;
  Arena arena_;
  Vector<std::byte> all_;
  TrainingMemory memory_;
  KernelSelection kernels_;
  TrainingStep step_;
  IterationShape shape_;
  std::vector<std::byte> begin_;
  TaskList list_;
  std::vector<TaskKernel> kernel_;
};

/// An order that keeps the waits, each next task being the first of `wanted` that may run.
Order order_by(const Order& wanted, const std::vector<std::vector<Wait>>& waits) {
  Order order, waiting = wanted;
  std::vector<bool> is_done(waits.size());
  while (!waiting.empty()) {
    const auto next = std::ranges::find_if(waiting, [&](std::size_t task) {
      return std::ranges::all_of(waits[task], [&](const Wait& wait) { return is_done[wait.earlier]; });
    });
    is_done[*next] = true;
    order.push_back(*next);
    waiting.erase(next);
  }
  return order;
}

Order as_recorded(std::size_t count) {
  Order order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  return order;
}

std::vector<TrainingConfig> configs() {
  std::vector<TrainingConfig> configs = {tiny_config(), paper_config()};
  configs[1].networks.generator_widths = {7, 6}, configs[1].networks.discriminator_widths = {5, 4};
  configs[1].batch_size = 6;
  configs.push_back(configs[0]);
  configs.back().discriminator_steps = 2;
  configs.back().ema_decay = 0.9;
  configs.push_back(configs[0]);
  configs.back().order = UpdateOrder::discriminator_first;
  configs.push_back(configs[0]);
  configs.back().penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  configs.back().networks.discriminator_widths = {20, 15};
  configs.back().optimizer.Adam::learning_rate = 0.05;  // else the points lie where D has the gradients of before
  configs.push_back(configs.back());
  configs.back().networks.classes = 3;
  configs.push_back(configs[1]);
  configs.back().networks.classes = 2;
  configs.push_back(dcgan_config());
  configs.back().networks.image_size = 4;
  configs.back().networks.generator_widths = {3, 2}, configs.back().networks.discriminator_widths = {2, 3};
  configs.back().batch_size = 4;
  configs.push_back(configs.back());
  configs.back().networks.discriminator_norm = NetworkNorm::none, configs.back().networks.hidden_keep = 1;
  configs.back().penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  configs.back().optimizer.Adam::learning_rate = 0.05;
  configs.push_back(configs.back());
  configs.back().networks.classes = 2;
  configs.push_back(configs[1]);
  configs.back().penalty_weights[penalty_kind<UnitNormPenalty>()] = 1;  // more drives the units out of their range
  configs.push_back(configs[0]);
  configs.back().networks.discriminator_norm = NetworkNorm::spectral;
  configs.push_back(configs.back());
  configs.back().networks.classes = 3, configs.back().networks.class_input = ClassInput::embedding;
  configs.push_back(configs[0]);
  configs.back().networks.classes = 3, configs.back().networks.class_input = ClassInput::embedding;
  configs.push_back(configs[0]);
  configs.back().step = StepKind::plain;
  return configs;
}

TEST_CASE("hazards: tasks in any order that keeps them compute the same bits, by themselves and as levels") {
  for (const TrainingConfig& config : configs()) {
    const Iteration iteration(config);
    const std::size_t count = iteration.list().tasks().size();
    const auto waits = direct_waits_of(iteration.list());
    const auto expected = iteration.after(as_recorded(count));
    CHECK((iteration.after(iteration.levels()) == expected));
    std::mt19937 random(5);
    for (int round = 0; round < 6; ++round) {
      Order wanted = as_recorded(count);
      if (round == 0) std::ranges::reverse(wanted);
      if (round > 0) std::ranges::shuffle(wanted, random);
      CHECK((iteration.after(order_by(wanted, waits)) == expected));
    }
  }
}

/// Which columns of the images, and of D's layers, a task touches, where it touches either.
constexpr int kReal = 1, kGenerated = 2, kPoints = 4, kAll = 7;
int columns_of(const Task& task) {
  const auto* head = task.arguments<DiscriminatorHead<float>>();
  const auto begins_behind_real = [&]<class... Arguments>(std::type_identity<Arguments>...) {
    return ((task.arguments<Arguments>() && task.arguments<Arguments>()->first_column > 0) || ...);
  };
  if (task.arguments<BatchInputs<float>>()) return kReal;
  if (task.arguments<PenaltyTerms<float>>()) return kPoints;
  if (const auto* dropout = task.arguments<Dropout<float>>();
      dropout && 3 * dropout->first_column == 2 * dropout->output.columns) {
    return kPoints;
  }
  if (task.label().starts_with("points ") || task.label().starts_with("tangent ")) return kPoints;
  if (begins_behind_real(std::type_identity<LinearForward<float>>(), std::type_identity<InputGradient<float>>(),
                         std::type_identity<Convolution<float>>(),
                         std::type_identity<ConvolutionInputGradient<float>>(),
                         std::type_identity<BatchNormGradient<float>>(), std::type_identity<Dropout<float>>())) {
    return kGenerated;
  }
  return head && head->input.columns > head->columns() ? kReal | kGenerated : kAll;
}
/// visit() names the whole matrix, so that these wait for each other without need.
bool touch_other_columns(const Task& a, const Task& b) {
  return (columns_of(a) & columns_of(b)) == 0;
}

TEST_CASE("hazards: an order that breaks a single one computes something else") {
  for (const TrainingConfig& config : configs()) {
    const Iteration iteration(config);
    const std::size_t count = iteration.list().tasks().size();
    const auto waits = direct_waits_of(iteration.list());
    const auto expected = iteration.after(as_recorded(count));
    std::size_t tried = 0, same = 0;
    std::string without_effect;
    for (std::size_t later = 0; later < count; ++later) {
      for (std::size_t i = 0; i < waits[later].size(); ++i) {
        auto broken = waits;
        const Wait wait = waits[later][i];
        broken[later].erase(broken[later].begin() + static_cast<std::ptrdiff_t>(i));
        broken[wait.earlier].push_back({later, wait.hazard, wait.tensor});
        ++tried;
        if (iteration.after(order_by(as_recorded(count), broken)) != expected) continue;
        const std::span<const Task> tasks = iteration.list().tasks();
        if (touch_other_columns(tasks[wait.earlier], tasks[later])) continue;
        ++same;
        without_effect += tasks[wait.earlier].label() + " -> " + tasks[later].label() + ": " + wait.tensor + "\n";
      }
    }
    CAPTURE(tried, without_effect);
    CHECK(tried >= count - 1);
    CHECK(same == 0);
  }
}

#ifdef DUEL_CHECKED
/// Each fills it anew: in either order they compute the same, but not at the same time.
bool share_workspace(const Task& a, const Task& b) {
  for (const Access& access : a.accesses()) {
    for (const Access& other : b.accesses()) {
      const bool are_workspaces = access.tensor == std::string("workspace") && other.tensor == std::string("workspace");
      if (are_workspaces && access.begin < other.end && other.begin < access.end) return true;
    }
  }
  return false;
}

TEST_CASE("hazards: the checked device reports each of them where streams do not wait, and nothing where they do") {
  for (const TrainingConfig& config : configs()) {
    const Iteration iteration(config);
    const auto before = tasks_before(iteration.list());
    CHECK_NOTHROW(iteration.after(iteration.levels()));
    const std::span<const Task> tasks = iteration.list().tasks();
    std::string unseen;
    for (std::size_t later = 0; later < before.size(); ++later) {
      for (const std::size_t earlier : before[later]) {
        const bool is_seen = contains(iteration.report_without(earlier, later), "unsynchronised use across streams");
        const bool is_needed =
            !touch_other_columns(tasks[earlier], tasks[later]) || share_workspace(tasks[earlier], tasks[later]);
        if (is_seen != is_needed) unseen += tasks[earlier].label() + " -> " + tasks[later].label() + "\n";
      }
    }
    CHECK(unseen == "");
  }
}
#endif

}  // namespace
}  // namespace duel::test
