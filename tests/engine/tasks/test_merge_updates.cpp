// When a gradient and its update become one task.
#include "engine/tasks/merge_updates.h"

#include "engine/tasks/levels.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/moving_average/moving_average.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;

constexpr int kIn = 3, kOut = 2, kBatch = 4, kWeights = kIn * kOut, kParameters = kWeights + kOut + 2 * kIn;

/// A layer above batch norm, whose arrays hold W, b, gamma and beta one after the other. Nothing is launched.
struct Layer {
  float parameters[kParameters], gradients[kParameters], states[2][kParameters], values[64];
  OptimizerProgress progress{};
  TrainingClock clock{};

  WeightGradient<float> gradient() {
    WeightGradient<float> a{.d_linear = {values, kOut, kBatch}, .input = {values + 16, kIn, kBatch}};
    a.weight.gradient = {gradients, kOut, kIn};
    a.bias.gradient = {gradients + kWeights, kOut};
    return a;
  }
  InputGradient<float> gradient_below() {
    InputGradient<float> a{.weight = {parameters, kOut, kIn}, .d_linear = {values, kOut, kBatch}, .slope = 0.2f};
    a.output = {values + 16, kIn, kBatch}, a.normalized = {values + 28, kIn, kBatch};
    a.inverse_deviation = {values + 40, kIn}, a.d_below = {values + 44, kIn, kBatch};
    const int gamma = kWeights + kOut, beta = gamma + kIn;
    a.gamma.value = {parameters + gamma, kIn}, a.gamma.gradient = {gradients + gamma, kIn};
    a.beta.value = {parameters + beta, kIn}, a.beta.gradient = {gradients + beta, kIn};
    return a;
  }
  FlatUpdate<float, Adam> update() {
    FlatUpdate<float, Adam> a{};
    a.parameter = {parameters, kParameters}, a.gradient = {gradients, kParameters};
    for (int s = 0; s < 2; ++s) a.state[s] = {states[s], kParameters};
    a.optimizer.learning_rate = 0.125;
    a.progress = {&progress, 1};
    a.limit = 0.25f;
    return a;
  }
  MovingAverage<float> average(const float* of, int count) {
    return {.value = {of, count}, .average = {values + 56, count}, .decay = 0.5, .interval = 1, .clock = {&clock, 1}};
  }
};

std::vector<std::string> labels(const TaskList& list) {
  std::vector<std::string> result;
  for (const Task& task : list.tasks()) result.push_back(task.label());
  return result;
}
using Labels = std::vector<std::string>;

TEST_CASE("merge: gradients take their parts of the update, which then is gone") {
  Layer layer;
  TaskList list;
  {
    const auto section = list.section("player");
    list.add(input_gradient_op(), layer.gradient_below(), "backward layer 1");
    list.add(weight_gradient_op(), layer.gradient(), "gradient layer 1");
  }
  list.add(flat_update_op<Adam>(), layer.update(), "update");
  const TaskList merged = merge_updates(list, Gradients::used_up);
  CHECK(labels(merged) == Labels{"backward layer 1", "update layer 1"});
  CHECK(merged.tasks()[1].section() == std::vector<std::string>{"player"});
  const auto* update = merged.tasks()[1].arguments<WeightGradient<float>>();
  REQUIRE(update);
  CHECK(update->weight.value.data == layer.parameters);
  CHECK(update->weight.value.columns == kIn);
  CHECK(update->weight.state[1].data == layer.states[1]);
  CHECK(update->bias.value.data == layer.parameters + kWeights);
  CHECK(update->bias.state[0].data == layer.states[0] + kWeights);
  CHECK(!update->weight.gradient);
  CHECK(!update->bias.gradient);
  CHECK(update->optimizer.settings.Adam::learning_rate == 0.125);
  CHECK(update->optimizer.settings.kind == kind_of<Adam>);
  CHECK(update->optimizer.limit == 0.25f);
  CHECK(update->optimizer.progress.data == &layer.progress);
  const auto* below = merged.tasks()[0].arguments<InputGradient<float>>();
  REQUIRE(below);
  CHECK(below->gamma.state[0].data == layer.states[0] + kWeights + kOut);
  CHECK(below->beta.value.data == layer.parameters + kWeights + kOut + kIn);
  CHECK(!below->beta.gradient);
}

TEST_CASE("merge: gradients that are asked for are written, too") {
  Layer layer;
  TaskList list;
  list.add(weight_gradient_op(), layer.gradient(), "gradient layer 1");
  list.add(flat_update_op<Adam>(), layer.update(), "update");
  const TaskList merged = merge_updates(list, Gradients::kept);
  REQUIRE(labels(merged) == Labels{"update layer 1"});
  CHECK(merged.tasks()[0].arguments<WeightGradient<float>>()->weight.gradient.data == layer.gradients);
}

TEST_CASE("merge: an update that would come too early stays where it is") {
  Layer layer;
  TaskList list;
  list.add(weight_gradient_op(), layer.gradient(), "gradient layer 1");
  const auto stays = [&](const Labels& expected) {
    list.add(flat_update_op<Adam>(), layer.update(), "update");
    CHECK(labels(merge_updates(list, Gradients::used_up)) == expected);
  };
  SECTION("before a task that reads the parameters") {
    list.add(moving_average_op(), layer.average(layer.parameters + 1, 2), "reads weights");
    stays({"gradient layer 1", "reads weights", "update"});
  }
  SECTION("before a gradient that goes through the weight") {
    list.add(input_gradient_op(), layer.gradient_below(), "backward layer 1");
    stays({"gradient layer 1", "backward layer 1", "update"});
  }
  SECTION("before a task that reads the gradient") {
    list.add(moving_average_op(), layer.average(layer.gradients, 2), "reads gradients");
    stays({"gradient layer 1", "reads gradients", "update"});
  }
  SECTION("before a task that writes a state") {
    MovingAverage<float> writes = layer.average(layer.values, 2);
    writes.average = {layer.states[1], 2};
    list.add(moving_average_op(), writes, "writes a state");
    stays({"gradient layer 1", "writes a state", "update"});
  }
}

TEST_CASE("merge: two updates of the same parameters have their gradients each") {
  Layer layer;
  TaskList list;
  for (int i = 0; i < 2; ++i) {
    list.add(weight_gradient_op(), layer.gradient(), "gradient layer 1");
    list.add(flat_update_op<Adam>(), layer.update(), "update");
  }
  const TaskList merged = merge_updates(list, Gradients::used_up);
  CHECK(labels(merged) == Labels{"update layer 1", "update layer 1"});
  CHECK(labels(merge_updates(merged, Gradients::used_up)) == labels(merged));
  CHECK(pack(merged, {}).size() == 2);
}

}  // namespace
