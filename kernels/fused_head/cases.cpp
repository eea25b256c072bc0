#include "kernels/fused_head/cases.h"

#include <cmath>

#include "kernels/linear/reference.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Head = FusedHead<float>;

enum class Players { both, discriminator, generator };

Head shapes_of(int columns, int in, CrossEntropy form, Players players) {
  Head a{};
  a.form = form;
  a.real_columns = players == Players::generator ? 0 : columns / 2;
  const int generated = columns - a.real_columns;
  a.real = {1.f, 0.5f / static_cast<float>(a.real_columns > 0 ? a.real_columns : 1)};
  a.generated = {0.f, 0.5f / static_cast<float>(generated)};
  a.generator = {1.f, 1.f / static_cast<float>(generated)};
  a.input = shape<const float>(in, columns);
  a.weight = shape<const float>(in);
  a.bias = shape<const float>(1);
  a.probability = shape<float>(columns);
  if (players != Players::generator) a.discriminator_terms = a.d_discriminator = shape<float>(columns);
  if (players != Players::discriminator) a.generator_terms = a.d_generator = shape<float>(generated);
  return a;
}

FusedHead<double> make(HostTensors& host, const Head& shapes) {
  const int in = shapes.input.rows, columns = shapes.input.columns, generated = columns - shapes.real_columns;
  const double limit = 1 / std::sqrt(static_cast<double>(in));
  FusedHead<double> a{};
  a.form = shapes.form;
  a.real_columns = shapes.real_columns;
  a.real = {shapes.real.label, shapes.real.weight};
  a.generated = {shapes.generated.label, shapes.generated.weight};
  a.generator = {shapes.generator.label, shapes.generator.weight};
  a.input = host.uniform(in, columns, -1, 1);
  a.weight = host.uniform(in, -limit, limit);
  a.bias = host.uniform(1, -limit, limit);
  a.probability = host.vector(columns);
  if (shapes.d_discriminator) {
    a.discriminator_terms = host.vector(columns);
    a.d_discriminator = host.vector(columns);
  }
  if (shapes.d_generator) {
    a.generator_terms = host.vector(generated);
    a.d_generator = host.vector(generated);
  }
  return a;
}

// Logits here are of moderate size: no logarithm is clamped. The clamped form sees p alone, whose error counts 1 / p in
// log p and 1 / (1 - p) in log (1 - p).
Bounds bounds_of(const FusedHead<double>&, const FusedHead<double>& a) {
  std::vector<double> probability, terms, d, generator_terms, d_generator;
  for (int c = 0; c < a.input.columns; ++c) {
    double magnitude = std::abs(a.bias.data[0]);
    for (int f = 0; f < a.input.rows; ++f) magnitude += std::abs(a.weight.data[f] * at(a.input, f, c));
    const double logit_error = sum_error(a.input.rows) * magnitude, p = a.probability.data[c];
    const double p_error = logit_error / 4 + 4 * kRounding;
    const auto term_error = [&](const RowGroup<double>& group) {
      const double size = std::abs(std::log(p * (1 - p))) + 1;
      const double t = group.label;
      const double own = a.form == CrossEntropy::logits ? logit_error : p_error * (t / p + (1 - t) / (1 - p));
      return std::abs(group.weight) * (own + 4 * kRounding * size);
    };
    const auto d_error = [&](const RowGroup<double>& group) {
      return std::abs(group.weight) * (p_error + 8 * kRounding * std::abs(p - group.label));
    };
    probability.push_back(p_error);
    const RowGroup<double>& group = c < a.real_columns ? a.real : a.generated;
    terms.push_back(term_error(group));
    d.push_back(d_error(group));
    if (c < a.real_columns) continue;
    generator_terms.push_back(term_error(a.generator));
    d_generator.push_back(d_error(a.generator));
  }
  Bounds bounds;
  bounds.set("probability", std::move(probability));
  bounds.set("discriminator_terms", std::move(terms));
  bounds.set("d_discriminator", std::move(d));
  bounds.set("generator_terms", std::move(generator_terms));
  bounds.set("d_generator", std::move(d_generator));
  return bounds;
}

std::vector<Case<Head>> cases() {
  using enum CrossEntropy;
  std::vector<Case<Head>> result;
  const auto add = [&](int columns, int in, CrossEntropy form, Players players, const std::string& note,
                       bool of_training = false, int misalignment = 0) {
    result.push_back({std::to_string(columns) + " x " + std::to_string(in) + note,
                      shapes_of(columns, in, form, players), misalignment, of_training});
  };
  add(128, 256, clamped, Players::both, "", true);
  add(64, 256, clamped, Players::both, "", true);
  add(128, 256, logits, Players::discriminator, ", discriminator alone, logits");
  add(64, 256, logits, Players::generator, ", generator alone, logits");
  for (const LayerSize& size : few_edge_layers()) {
    if (size.batch == 1) continue;  // no half of it is real
    add(size.batch, size.in, clamped, Players::both, "");
    add(size.batch, size.in, logits, Players::both, ", logits");
  }
  for (const int misalignment : {1, 2, 3}) {
    add(33, 65, clamped, Players::both, ", " + std::to_string(misalignment) + " elements off", false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<FusedHead<double>, Head> fused_head_cases() {
  return {fused_head_op(),
          fused_head_reference,
          make,
          bounds_of,
          [](const Head& a) { return 2.0 * a.input.rows * a.input.columns; },
          cases};
}

}  // namespace duel::verify
