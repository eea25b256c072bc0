#include "kernels/ops/weight_gradient/cases.h"

#include "kernels/levels/bounds.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Update = WeightGradient<float>;

Update shapes_of(const LayerSize& size, bool with_gradients, OptimizerKind kind) {
  Optimizer optimizer;
  optimizer.kind = kind;
  const auto weight = shape<float>(size.out, size.in);
  const auto bias = shape<float>(size.out);
  return {.d_linear = shape<const float>(size.out, size.batch),
          .input = shape<const float>(size.in, size.batch),
          .weight = parameter_shape(weight, optimizer, with_gradients),
          .bias = parameter_shape(bias, optimizer, with_gradients),
          .optimizer = {optimizer, shape<const OptimizerProgress>(1)}};
}

// Nothing but the gradients.
Update without_update(Update shapes) {
  shapes.weight = {{}, {}, shapes.weight.value};
  shapes.bias = {{}, {}, shapes.bias.value};
  shapes.optimizer.progress = {};
  return shapes;
}

WeightGradient<double> make(HostTensors& host, const Update& shapes) {
  const int out = shapes.d_linear.rows, in = shapes.input.rows, batch = shapes.input.columns;
  const double limit = 1 / std::sqrt(static_cast<double>(in));
  WeightGradient<double> a{};
  a.d_linear = host.uniform(out, batch, -1e-3, 1e-3);
  a.input = host.uniform(in, batch, -1, 1);
  a.weight = parameter_case(host, shapes.weight, shapes.optimizer.settings, -limit, limit);
  a.bias = parameter_case(host, shapes.bias, shapes.optimizer.settings, -limit, limit);
  a.optimizer = optimizer_case(host, shapes.optimizer);
  a.without_bias = shapes.without_bias;
  return a;
}

Bounds bounds_in(const WeightGradient<double>& before, const WeightGradient<double>& a, Precision precision) {
  const int out = a.d_linear.rows, in = a.input.rows, batch = a.input.columns;
  const auto weights = static_cast<std::size_t>(out) * in;
  GradientError weight{std::vector<double>(weights), std::vector<double>(weights)};
  GradientError bias{std::vector<double>(out), std::vector<double>(out)};
  const double operand = operand_error(precision, batch);
  for (int o = 0; o < out; ++o) {
    for (int s = 0; s < batch; ++s) {
      const double d = at(a.d_linear, o, s);
      if (s < batch - a.without_bias) {
        bias.gradient[o] += d;
        bias.error[o] += sum_error(batch) * std::abs(d);
      }
      for (int i = 0; i < in; ++i) {
        const double x = at(a.input, i, s);
        weight.gradient[static_cast<std::size_t>(o) * in + i] += d * x;
        weight.error[static_cast<std::size_t>(o) * in + i] +=
            sum_error(batch) * std::abs(d * x) +
            operand * operand_magnitude(precision, d) * operand_magnitude(precision, x);
      }
    }
  }
  Bounds bounds;
  set_parameter_bounds(bounds, kWeightNames, before.weight, a.optimizer, weight);
  set_parameter_bounds(bounds, kBiasNames, before.bias, a.optimizer, bias);
  return bounds;
}

Bounds bounds_of(const WeightGradient<double>& before, const WeightGradient<double>& after) {
  return bounds_in(before, after, Precision::fp32);
}

std::vector<Case<Update>> cases() {
  std::vector<Case<Update>> result;
  const auto add = [&](const LayerSize& size, bool with_gradients, const std::string& note = "",
                       bool of_training = false, int misalignment = 0, OptimizerKind kind = {}) {
    result.push_back({size.text() + note, shapes_of(size, with_gradients, kind), misalignment, of_training});
  };
  for (const LayerSize& size : {LayerSize{64, 100, 128},
                                {64, 128, 256},
                                {64, 256, 512},
                                {64, 512, 1024},
                                {64, 1024, 784},
                                {128, 784, 512},
                                {128, 512, 256},
                                {128, 256, 1}}) {
    add(size, false, "", true);
  }
  const auto add_gradients_alone = [&](const LayerSize& size, bool of_training = false) {
    result.push_back({size.text() + ", gradients alone", without_update(shapes_of(size, true, {})), 0, of_training});
  };
  for (const LayerSize& size : {LayerSize{64, 100, 128}, {64, 512, 1024}, {128, 784, 512}}) {
    add_gradients_alone(size, true);
  }
  for (const LayerSize& size : edge_layers()) {
    add(size, true, ", gradients kept");
    add_gradients_alone(size);
  }
  for_each_unit(Optimizers(), [&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    add({33, 37, 29}, true, std::string(", ") + Unit::kName, false, 0, kind_of<Unit>);
    add({33, 37, 29}, true, std::string(", limited, ") + Unit::kName, false, 0, kind_of<Unit>);
    result.back().arguments.optimizer.limit = 0.1f;  // of weights up to 0.16
  });
  for (const int without_bias : {1, 29, 33}) {
    for (Update shapes : {shapes_of({33, 37, 29}, true, {}), without_update(shapes_of({33, 37, 29}, true, {}))}) {
      shapes.without_bias = without_bias;
      result.push_back({"33 x 37 -> 29, " + std::to_string(without_bias) + " without bias" +
                            (shapes.optimizer.progress ? "" : ", gradients alone"),
                        shapes});
    }
  }
  for (const int misalignment : {1, 2, 3}) {
    add({64, 100, 40}, true, ", " + std::to_string(misalignment) + " elements off", false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<WeightGradient<double>, Update> weight_gradient_cases() {
  return {weight_gradient_op(),
          weight_gradient_reference,
          make,
          bounds_of,
          cases,
          bounds_in,
          {{{"batch", 64}, {"in", 512}, {"out", 1024}}, [](const std::vector<int>& n) {
             return without_update(shapes_of({n[0], n[1], n[2]}, true, {}));
           }}};
}

}  // namespace duel::verify
