#include "kernels/ops/discriminator_head/cases.h"

#include <cmath>

#include "kernels/losses/cases.h"
#include "kernels/losses/error.h"
#include "kernels/reference.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Head = DiscriminatorHead<float>;

enum class Players { both, discriminator, generator };

Head shapes_of(int columns, int in, const PlayerLosses<float>& losses, Players players, int real_columns,
               int columns_after = 0) {
  Head a{};
  a.losses = losses;
  a.real_columns = real_columns;
  const int generated = columns - a.real_columns;
  a.losses.discriminator_weight = 1.f / static_cast<float>(columns);
  a.losses.generator_weight = 1.f / static_cast<float>(columns);
  a.input = shape<const float>(in, columns + columns_after);
  a.weight = shape<const float>(in);
  a.bias = shape<const float>(1);
  if (players == Players::generator) a.score = shape<float>(columns);
  a.judgement = shape<float>(columns);
  if (players != Players::generator) a.discriminator_terms = a.d_discriminator = shape<float>(columns);
  if (players != Players::discriminator) a.generator_terms = a.d_generator = shape<float>(generated);
  return a;
}

// The first sample's score is near -200, the last one's near 200: probabilities are 0 and 1.
void saturate(HostTensors& host, DiscriminatorHead<double>& a) {
  const int in = a.input.rows, columns = a.input.columns, last = a.columns() - 1;
  std::vector<double> input(a.input.data, a.input.data + a.input.size());
  for (int f = 0; f < in; ++f) {
    const float far = 200 / static_cast<float>(in * a.weight.data[f]);
    input[static_cast<std::size_t>(f) * columns] = -far;
    input[static_cast<std::size_t>(f) * columns + last] = far;
  }
  a.input = {host.vector(input).data, in, columns};
}

DiscriminatorHead<double> make(HostTensors& host, const Head& shapes) {
  const int in = shapes.input.rows, columns = shapes.columns(), generated = columns - shapes.real_columns;
  const double limit = 1 / std::sqrt(static_cast<double>(in));
  DiscriminatorHead<double> a{};
  a.losses = in_double(shapes.losses);
  a.real_columns = shapes.real_columns;
  a.judgement.rows = columns;
  a.input = host.uniform(in, shapes.input.columns, -1, 1);
  a.weight = host.uniform(in, -limit, limit);
  a.bias = host.uniform(1, -limit, limit);
  if (columns > 2) saturate(host, a);
  if (shapes.score) a.score = host.vector(columns);
  a.judgement = host.vector(columns);
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

Bounds bounds_of(const DiscriminatorHead<double>&, const DiscriminatorHead<double>& a) {
  std::vector<double> scores, judgements, terms, d, generator_terms, d_generator;
  for (int c = 0; c < a.columns(); ++c) {
    double score = a.bias.data[0], magnitude = std::abs(score);
    for (int f = 0; f < a.input.rows; ++f) {
      score += a.weight.data[f] * at(a.input, f, c);
      magnitude += std::abs(a.weight.data[f] * at(a.input, f, c));
    }
    const JudgedSample sample = judged(a.losses.kind, score, sum_error(a.input.rows) * magnitude);
    scores.push_back(sample.score_error);
    judgements.push_back(sample.written_judgement_error());
    const LossTerm<double> discriminator = discriminator_error(a.losses, sample, c < a.real_columns);
    terms.push_back(discriminator.value);
    d.push_back(discriminator.gradient);
    if (c < a.real_columns) continue;
    const LossTerm<double> generator = generator_error(a.losses, sample);
    generator_terms.push_back(generator.value);
    d_generator.push_back(generator.gradient);
  }
  Bounds bounds;
  bounds.set("score", std::move(scores));
  bounds.set("judgement", std::move(judgements));
  bounds.set("discriminator_terms", std::move(terms));
  bounds.set("d_discriminator", std::move(d));
  bounds.set("generator_terms", std::move(generator_terms));
  bounds.set("d_generator", std::move(d_generator));
  return bounds;
}

std::vector<Case<Head>> cases() {
  std::vector<Case<Head>> result;
  const auto add = [&](int columns, int in, const PlayerLosses<float>& losses, Players players, const std::string& note,
                       bool of_training = false, int misalignment = 0) {
    const int real_columns = players == Players::generator ? 0 : columns / 2;
    result.push_back({std::to_string(columns) + " x " + std::to_string(in) + note,
                      shapes_of(columns, in, losses, players, real_columns), misalignment, of_training});
  };
  const auto add_group = [&](const PlayerLosses<float>& losses, int real_columns, const std::string& note) {
    result.push_back({"64 x 40, " + std::to_string(real_columns) + " real ones, " + note,
                      shapes_of(64, 40, losses, Players::discriminator, real_columns)});
  };
  const PlayerLosses<float> published{.kind = loss_kind<ClampedCrossEntropy>()};
  add(128, 256, published, Players::both, "", true);
  add(64, 256, published, Players::both, "", true);
  for (const auto& [losses, name] : cases_of_losses()) {
    add(128, 256, losses, Players::discriminator, ", discriminator alone, " + name);
    add(64, 256, losses, Players::generator, ", generator alone, " + name);
    for (const LayerSize& size : edge_layers()) add(size.batch, size.in, losses, Players::both, ", " + name);
    for (const int real_columns : {0, 1, 63, 64}) add_group(losses, real_columns, name);
  }
  for (const int columns : {33, 64}) {
    result.push_back({std::to_string(columns) + " x 65, the first of more columns",
                      shapes_of(columns, 65, published, Players::both, columns / 2, 31)});
  }
  for (const int misalignment : {1, 2, 3}) {
    add(33, 65, published, Players::both, ", " + std::to_string(misalignment) + " elements off", false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<DiscriminatorHead<double>, Head> discriminator_head_cases() {
  return {discriminator_head_op(),
          discriminator_head_reference,
          make,
          bounds_of,
          cases,
          nullptr,
          {{{"columns", 128}, {"in", 256}}, [](const std::vector<int>& n) {
             const PlayerLosses<float> published{.kind = loss_kind<ClampedCrossEntropy>()};
             return shapes_of(n[0], n[1], published, Players::both, n[0] / 2);
           }}};
}

}  // namespace duel::verify
