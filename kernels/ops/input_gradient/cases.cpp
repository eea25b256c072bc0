#include "kernels/ops/input_gradient/cases.h"

#include "kernels/levels/bounds.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Gradient = InputGradient<float>;

struct Settings {
  Activation below = Activation::leaky_relu;
  bool batch_norm = false;
  int first_column = 0;
  bool with_factor = false, with_gradients = false;
  float slope = 0.2f;
  OptimizerKind optimizer{};
  int below_column = 0, columns_after = 0;
  bool updates = true;
  int other_inputs = 0;
};

// size.in: features of the layer below, size.out those of the layer.
Gradient shapes_of(const LayerSize& size, const Settings& settings) {
  Gradient a{};
  a.below = settings.below;
  a.slope = settings.slope;
  a.first_column = settings.first_column;
  a.weight = shape<const float>(size.out, size.in + settings.other_inputs);
  a.d_linear = shape<const float>(size.out, settings.first_column + size.batch + settings.columns_after);
  if (settings.with_factor) a.factor = shape<const float>(size.batch);
  a.output = shape<const float>(size.in, settings.first_column + size.batch + settings.columns_after);
  a.below_column = settings.below_column;
  a.d_below = shape<float>(size.in, settings.below_column + size.batch);
  if (!settings.batch_norm) return a;
  a.normalized = shape<const float>(size.in, size.batch);
  a.inverse_deviation = shape<const float>(size.in);
  const auto vector = shape<float>(size.in);
  a.optimizer.settings.kind = settings.optimizer;
  a.optimizer.progress = shape<const OptimizerProgress>(1);
  a.gamma = a.beta = parameter_shape(vector, a.optimizer.settings, settings.with_gradients);
  if (settings.updates) return a;
  a.optimizer.progress = {};
  a.gamma = a.beta = {vector, {}, vector};
  return a;
}

InputGradient<double> make(HostTensors& host, const Gradient& shapes) {
  const int out = shapes.weight.rows, in = shapes.in(), batch = shapes.batch();
  const double limit = 1 / std::sqrt(static_cast<double>(in));
  InputGradient<double> a{};
  a.below = shapes.below;
  a.slope = shapes.slope;
  a.first_column = shapes.first_column;
  a.weight = host.uniform(out, shapes.weight.columns, -limit, limit);
  a.d_linear = host.uniform(out, shapes.d_linear.columns, -1, 1);
  if (shapes.factor) a.factor = host.uniform(batch, -1, 1);
  a.output = host.uniform(in, shapes.output.columns, shapes.below == Activation::sigmoid ? 0 : -1, 1);
  a.below_column = shapes.below_column;
  a.d_below = host.uniform(in, shapes.d_below.columns, -1, 1);  // columns before below_column must stay
  if (!shapes.normalized) return a;
  a.normalized = host.uniform(in, batch, -2, 2);
  a.inverse_deviation = host.uniform(in, 0.5, 1.5);
  a.gamma = parameter_case(host, shapes.gamma, shapes.optimizer.settings, -1.5, 1.5);
  a.beta = parameter_case(host, shapes.beta, shapes.optimizer.settings, -0.5, 0.5);
  a.optimizer = optimizer_case(host, shapes.optimizer);
  return a;
}

// Sums of W d factor of row f for all samples, and of their magnitudes, as far as a precision tells factors from 0:
// what rounding errors of dY are relative to.
struct Products {
  std::vector<double> sum, magnitude;
};
Products products_of(const InputGradient<double>& a, int f, Precision precision) {
  const int batch = a.batch();
  Products result{std::vector<double>(batch), std::vector<double>(batch)};
  for (int o = 0; o < a.weight.rows; ++o) {
    const double w = at(a.weight, o, f), size = operand_magnitude(precision, w);
    for (int s = 0; s < batch; ++s) {
      const double d = at(a.d_linear, o, a.first_column + s), factor = a.factor ? a.factor.data[s] : 1;
      result.sum[s] += factor * d * w;
      result.magnitude[s] += std::abs(factor) * operand_magnitude(precision, d) * size;
    }
  }
  return result;
}

Bounds bounds_in(const InputGradient<double>& before, const InputGradient<double>& a, Precision precision) {
  const int batch = a.batch(), in = a.in();
  const double relative = sum_error(a.weight.rows) + operand_error(precision, a.weight.rows) +
                          4 * kRounding;  // the factor and the activation's derivative
  GradientError beta{std::vector<double>(in), std::vector<double>(in)}, gamma = beta;
  std::vector<double> d_below;
  for (int f = 0; f < in; ++f) {
    const Products dy = products_of(a, f, precision);
    if (!a.normalized) {
      d_below.insert(d_below.end(), static_cast<std::size_t>(a.below_column), 0.0);
      for (const double magnitude : dy.magnitude) d_below.push_back(relative * magnitude);
      continue;
    }
    double sum = 0, product_sum = 0;  // of magnitudes
    for (int s = 0; s < batch; ++s) {
      const double x = at(a.normalized, f, s);
      const double dz = dy.sum[s] * (at(a.output, f, a.first_column + s) > 0 ? 1.0 : a.slope);
      beta.gradient[f] += dz;
      gamma.gradient[f] += dz * x;
      sum += dy.magnitude[s];
      product_sum += dy.magnitude[s] * std::abs(x);
    }
    beta.error[f] = (relative + sum_error(batch)) * sum;
    gamma.error[f] = (relative + sum_error(batch)) * product_sum;
    // dA = gamma inverse_deviation (dZ - dbeta / B - x̂ dgamma / B): its magnitude has the sums of absolute terms in the
    // places of dbeta and dgamma; its error is that of dY and of those sums, and of about six roundings.
    const double factor = std::abs(before.gamma.value.data[f] * a.inverse_deviation.data[f]);
    for (int s = 0; s < batch; ++s) {
      const double x = std::abs(at(a.normalized, f, s));
      const double terms = dy.magnitude[s] + (sum + x * product_sum) / batch;
      d_below.push_back(factor * (relative + sum_error(batch) + 6 * kRounding) * terms);
    }
  }
  Bounds bounds;
  bounds.set("d_below", std::move(d_below));
  if (!a.normalized) return bounds;
  set_parameter_bounds(bounds, kGammaNames, before.gamma, a.optimizer, gamma);
  set_parameter_bounds(bounds, kBetaNames, before.beta, a.optimizer, beta);
  return bounds;
}

Bounds bounds_of(const InputGradient<double>& before, const InputGradient<double>& after) {
  return bounds_in(before, after, Precision::fp32);
}

std::vector<Case<Gradient>> cases() {
  using enum Activation;
  const Settings batch_norm{.batch_norm = true};
  std::vector<Case<Gradient>> result;
  const auto add = [&](const LayerSize& size, const Settings& settings, const std::string& note,
                       bool of_training = false, int misalignment = 0) {
    result.push_back({size.text() + note, shapes_of(size, settings), misalignment, of_training});
  };
  add({128, 512, 256}, {}, "", true);
  add({64, 784, 512}, {.below = tanh, .first_column = 64, .with_factor = true}, ", above tanh", true);
  for (const LayerSize& size : {LayerSize{64, 1024, 784}, {64, 512, 1024}, {64, 256, 512}}) {
    add(size, batch_norm, ", above batch norm", true);
  }
  add({64, 128, 256}, {}, "", true);
  add({64, 784, 512}, {.first_column = 128, .slope = 1, .below_column = 128}, ", of inputs", true);
  add({64, 784, 512}, {.below = tanh, .first_column = 64, .with_factor = true, .other_inputs = 10},
      ", above tanh, not of 10 other inputs", true);
  add({100, 1200, 784}, {.slope = 0}, ", above ReLU", true);
  add({100, 240, 1200}, {.slope = 1}, ", above nothing", true);
  for (const LayerSize& size : edge_layers()) {
    add(size, {.with_factor = true}, ", with factors");
    add(size, {.below = tanh, .first_column = 3}, ", above tanh, behind 3 columns");
    add(size, {.below = sigmoid, .first_column = 3}, ", above sigmoid, behind 3 columns");
    add(size, {}, "");
    add(size, {.below = tanh, .first_column = 3, .columns_after = 2}, ", above tanh, between other columns");
    add(size, {.first_column = 3, .slope = 1, .below_column = 5}, ", of inputs behind 5 columns");
    add(size, {.slope = 0}, ", above ReLU");
    add(size, {.below = tanh, .first_column = 3, .other_inputs = 10}, ", above tanh, not of 10 other inputs");
    add(size, {.batch_norm = true, .with_gradients = true}, ", above batch norm, gradients kept");
    add(size, {.batch_norm = true, .updates = false}, ", above batch norm, gradients alone");
  }
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{1, 70, 40}}) {
    add(size, {.batch_norm = true, .with_gradients = true, .slope = 0}, ", above batch norm and ReLU");
  }
  for_each_unit(Optimizers(), [&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    add({33, 37, 29}, {.batch_norm = true, .with_gradients = true, .optimizer = kind_of<Unit>},
        std::string(", above batch norm, ") + Unit::kName);
    add({33, 37, 29}, {.batch_norm = true, .with_gradients = true, .optimizer = kind_of<Unit>},
        std::string(", above batch norm, limited, ") + Unit::kName);
    result.back().arguments.optimizer.limit = 0.4f;  // of beta up to 0.5
  });
  for (const int misalignment : {1, 2, 3}) {
    const std::string note = ", " + std::to_string(misalignment) + " elements off";
    add({64, 40, 100}, {}, note, false, misalignment);
    add({64, 40, 100}, batch_norm, ", above batch norm" + note, false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<InputGradient<double>, Gradient> input_gradient_cases() {
  return {input_gradient_op(),
          input_gradient_reference,
          make,
          bounds_of,
          cases,
          bounds_in,
          {{{"batch", 64}, {"in", 512}, {"out", 1024}}, [](const std::vector<int>& n) {
             return shapes_of({n[0], n[1], n[2]}, {});
           }}};
}

}  // namespace duel::verify
