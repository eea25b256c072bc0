// Every op of an iteration on its cases: sizes around tiles and warps, tensors that begin anywhere, optional tensors.
#include "kernels/kernel_selection.h"
#include "tests/kernels/levels/level_ops.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

TEST_CASE("level ops: every case that is no shape of training") {
  for_each_level_op([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (one.of_training) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.misalignment = one.misalignment}) == "");
    }
  });
}

TEST_CASE("level ops: the shapes of training, in any order of blocks") {
  for_each_level_op([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (!one.of_training) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.seed = 5}) == "");
    }
  });
}

TEST_CASE("level ops: every schedule on every number of threads") {
  for_each_level_op([](const auto& op) {
    const auto cases = op.cases();
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (cases[i].of_training || i % 3 != 0) continue;
      INFO(op.op.name << ", " << cases[i].name);
      CHECK(check_case(op, cases[i], {.executions = HowMany::all}) == "");
    }
  });
}

TEST_CASE("level ops: variants of lower precision stand last, and nothing prefers them") {
  int lower = 0;
  for_each_level_op([&](const auto& op) {
    CAPTURE(op.op.name);
    bool is_behind = false;
    for (const auto& variant : op.op.variants) {
      const bool is_lower = variant.precision != Precision::fp32;
      CHECK((is_lower || !is_behind));
      is_behind = is_lower;
      lower += is_lower;
    }
    CHECK(KernelSelection().select(op.op, op.cases().front().arguments).precision == Precision::fp32);
  });
  CHECK(lower == 7 * 3);
}

TEST_CASE("level ops: wrong arguments are refused by name") {
  const auto vector = shape<float>(5);
  const auto matrix = shape<float>(5, 3);
  const TrainedParameter<float, 1> parameter{vector, {vector, vector}, vector};
  const ParameterOptimizer adam{{}, shape<const OptimizerProgress>(1)};

  BatchInputs<float> inputs{};
  inputs.clock = shape<const TrainingClock>(1);
  inputs.latents = shape<float>(6, 4), inputs.drawn_labels = shape<std::uint8_t>(4), inputs.classes = 3;
  inputs.images = shape<const std::uint8_t>(9, 3), inputs.real_count = 4, inputs.output = shape<float>(3, 8);
  inputs.labels = shape<const std::uint8_t>(9), inputs.output_labels = shape<std::uint8_t>(4);
  CHECK(check_shapes(batch_inputs_op(), inputs,
                     {.defining = {"images", "latents"},
                      .optional = {"drawn_labels"},
                      .free = {"latents", "images"},
                      .roomy = {"output"}}) == "batch_inputs accepts wrong output\n");  // any number of columns
  inputs.latents = {}, inputs.drawn_labels = {};
  batch_inputs_op().validate(inputs);

  LinearForward<float> forward{};
  forward.input = shape<const float>(3, 4), forward.weight = shape<const float>(5, 3), forward.bias = vector;
  forward.slope = 0.2f, forward.first_column = 2, forward.output = shape<float>(5, 6);
  forward.head_weight = vector, forward.unit_gradient = shape<float>(5, 4);
  const auto without_norm = [](const std::string& report) {  // batch norm's tensors are ignored: they are absent here
    return report.find("accepts wrong bias") == std::string::npos &&
           report.find("accepts wrong output") == std::string::npos &&
           report.find("accepts wrong unit_gradient") == std::string::npos &&
           report.find("does not say") == std::string::npos;
  };
  CHECK(
      without_norm(check_shapes(linear_forward_op(), forward,
                                {.defining = {"input", "weight"}, .optional = {"head_weight"}, .roomy = {"output"}})));
  forward.head_weight = {}, forward.unit_gradient = {};
  forward.first_column = 0, forward.output = shape<float>(5, 4), forward.eps = 0.8f, forward.momentum = 0.1f;
  forward.gamma = vector, forward.beta = vector, forward.running_mean = vector, forward.running_variance = vector;
  forward.normalized = shape<float>(5, 4), forward.inverse_deviation = vector;
  for (const char* spoiled : {"gamma", "beta", "running_mean", "running_variance", "normalized", "inverse_deviation"}) {
    const std::string report =
        check_shapes(linear_forward_op(), forward, {.defining = {"input", "weight"}, .optional = {"gamma"}});
    CHECK(report.find("accepts wrong " + std::string(spoiled)) == std::string::npos);
  }
  forward.statistics = BatchStatistics::running;
  CHECK(check_refusal(linear_forward_op(), forward, "normalized") == "");
  forward.normalized = {};
  CHECK(check_refusal(linear_forward_op(), forward, "inverse_deviation") == "");
  forward.inverse_deviation = {};
  for (const char* spoiled : {"gamma", "beta", "running_mean", "running_variance"}) {
    const std::string report =
        check_shapes(linear_forward_op(), forward, {.defining = {"input", "weight"}, .optional = {"gamma"}});
    CHECK(report.find("accepts wrong " + std::string(spoiled)) == std::string::npos);
  }

  DiscriminatorHead<float> head{};
  head.input = shape<const float>(3, 5), head.weight = shape<const float>(3), head.bias = shape<const float>(1);
  head.real_columns = 2, head.score = head.judgement = head.discriminator_terms = head.d_discriminator = vector;
  head.generator_terms = head.d_generator = shape<float>(3);
  CHECK(check_shapes(discriminator_head_op(), head,
                     {.defining = {"input", "judgement"}, .optional = {"score"}, .roomy = {"input"}}) == "");

  MeanLosses<float> losses{};
  losses.judgement = losses.discriminator_terms = shape<const float>(5), losses.real_columns = 2;
  losses.generator_terms = shape<const float>(3);
  losses.discriminator_statistics = losses.generator_statistics = shape<float>(kHeadStatistics);
  losses.discriminator = losses.generator = shape<OptimizerProgress>(1);
  losses.clock = shape<const TrainingClock>(1);
  CHECK(check_shapes(mean_losses_op(), losses,
                     {.defining = {"judgement"},
                      .optional = {"discriminator_terms", "generator_terms"},
                      .roomy = {"discriminator_terms"}}) == "");

  LinearTangent<float> tangent{};
  tangent.input = shape<const float>(3, 6), tangent.weight = shape<const float>(5, 3), tangent.slope = 0.2f;
  tangent.first_column = 2, tangent.output = shape<float>(5, 6);
  CHECK(check_shapes(linear_tangent_op(), tangent, {.defining = {"input", "weight"}}) == "");

  ScaleColumns<float> scale{matrix, shape<const float>(3), matrix};
  CHECK(check_shapes(scale_columns_op(), scale, {.defining = {"gradient"}}) == "");

  InputGradient<float> gradient{};
  gradient.weight = shape<const float>(7, 5), gradient.first_column = 2, gradient.d_linear = shape<const float>(7, 6);
  gradient.factor = shape<const float>(4), gradient.slope = 0.2f;
  gradient.output = shape<const float>(5, 6), gradient.normalized = shape<const float>(5, 4);
  gradient.inverse_deviation = vector, gradient.gamma = gradient.beta = parameter, gradient.optimizer = adam;
  gradient.d_below = shape<float>(5, 4);
  CHECK(check_shapes(input_gradient_op(), gradient,
                     {.defining = {"weight", "d_below"},
                      .optional = {"factor", "normalized", "gamma_gradient", "beta_gradient", "progress"},
                      .roomy = {"weight", "d_linear", "output"}}) == "");

  WeightGradient<float> update{};
  update.d_linear = shape<const float>(5, 4), update.input = shape<const float>(3, 4);
  update.weight = {matrix, {matrix, matrix}, matrix}, update.bias = parameter, update.optimizer = adam;
  CHECK(check_shapes(weight_gradient_op(), update,
                     {.defining = {"d_linear", "input", "weight"},
                      .optional = {"weight_gradient", "bias_gradient", "progress"}}) == "");
}

TEST_CASE("level ops: wrong numbers are refused by name") {
  const auto first_arguments = [](const auto& op) { return op.cases().back().arguments; };
  auto forward = first_arguments(linear_forward_cases());
  forward.first_column = -1;
  CHECK(check_refusal(linear_forward_op(), forward, "first_column") == "");
  auto tangent = first_arguments(linear_tangent_cases());
  tangent.first_column = -1;
  CHECK(check_refusal(linear_tangent_op(), tangent, "first_column") == "");
  tangent.first_column = 0, tangent.slope = -1;
  CHECK(check_refusal(linear_tangent_op(), tangent, "slope") == "");
  auto gradient = input_gradient_cases().shapes.arguments({4, 3, 5});
  gradient.below_column = -1;
  CHECK(check_refusal(input_gradient_op(), gradient, "below_column") == "");
  auto update = first_arguments(weight_gradient_cases());
  update.without_bias = update.input.columns + 1;
  CHECK(check_refusal(weight_gradient_op(), update, "without_bias") == "");
  update.without_bias = 0;
  update.optimizer.settings.Adam::beta1 = 1;
  CHECK(check_refusal(weight_gradient_op(), update, "beta") == "");
  update.optimizer.settings.Adam::beta1 = 0.5;
  update.optimizer.settings.Adam::eps = 0;
  CHECK(check_refusal(weight_gradient_op(), update, "eps") == "");
  update.optimizer.settings.Adam::eps = 1e-8;
  update.optimizer.limit = 0;
  CHECK(check_refusal(weight_gradient_op(), update, "limit") == "");
  auto head = first_arguments(discriminator_head_cases());
  head.real_columns = head.columns() + 1;
  CHECK(check_refusal(discriminator_head_op(), head, "real_columns") == "");
  auto inputs = first_arguments(batch_inputs_cases());
  inputs.offset = inputs.images.rows;
  CHECK(check_refusal(batch_inputs_op(), inputs, "offset") == "");
}

}  // namespace
}  // namespace duel::test
