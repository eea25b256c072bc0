#include "kernels/ops/mean_losses/cases.h"

#include <cmath>

namespace duel::verify {
namespace {

using Losses = MeanLosses<float>;

Losses shapes_of(int columns, int real_columns, bool discriminator, bool generator, OptimizerKind kind,
                 int terms_after = 0) {
  Losses a{};
  a.judgement = shape<const float>(columns);
  a.real_columns = real_columns;
  a.optimizer.kind = kind;
  a.clock = shape<const TrainingClock>(1);
  if (discriminator) {
    a.discriminator_terms = shape<const float>(columns + terms_after);
    a.discriminator_statistics = shape<float>(kHeadStatistics);
    a.discriminator = shape<OptimizerProgress>(1);
  }
  if (generator) {
    a.generator_terms = shape<const float>(columns - real_columns);
    a.generator_statistics = shape<float>(kHeadStatistics);
    a.generator = shape<OptimizerProgress>(1);
  }
  return a;
}

MeanLosses<double> make(HostTensors& host, const Losses& shapes) {
  MeanLosses<double> a{};
  a.real_columns = shapes.real_columns;
  a.optimizer = shapes.optimizer;
  a.clock = host.vector<TrainingClock>({{9, 5, 0}});
  a.judgement = host.uniform(shapes.judgement.rows, 0, 1);
  if (shapes.discriminator_terms) {
    a.discriminator_terms = host.uniform(shapes.discriminator_terms.rows, 0, 0.1);
    a.discriminator_statistics = host.vector(kHeadStatistics);
    a.discriminator = host.vector<OptimizerProgress>({{3, {0, 0}}});
  }
  if (shapes.generator_terms) {
    a.generator_terms = host.uniform(shapes.generator_terms.rows, -0.1, 0.1);
    a.generator_statistics = host.vector(kHeadStatistics);
    a.generator = host.vector<OptimizerProgress>({{0, {0, 0}}});
  }
  return a;
}

double sum_bound(const Vector<const double>& terms) {
  double magnitude = 0;
  for (int i = 0; i < terms.rows; ++i) magnitude += std::abs(terms.data[i]);
  return sum_error(terms.rows > 0 ? terms.rows : 1) * magnitude;
}

Bounds bounds_of(const MeanLosses<double>&, const MeanLosses<double>& a) {
  const double mean = sum_error(a.judgement.rows);  // of judgements
  Bounds bounds;
  if (a.discriminator_terms) {
    const double loss = sum_bound(a.discriminator_terms);
    bounds.set("discriminator_statistics", {loss, mean, mean, loss});
  }
  if (a.generator_terms) bounds.set("generator_statistics", {sum_bound(a.generator_terms), mean, mean, 0});
  return bounds;
}

std::vector<Case<Losses>> cases() {
  std::vector<Case<Losses>> result;
  const auto add = [&](int columns, int real_columns, bool discriminator, bool generator, const std::string& note,
                       bool of_training = false, int misalignment = 0, OptimizerKind kind = {}) {
    result.push_back({std::to_string(real_columns) + " of " + std::to_string(columns) + " real" + note,
                      shapes_of(columns, real_columns, discriminator, generator, kind), misalignment, of_training});
  };
  add(128, 64, true, true, "", true);
  add(64, 32, true, true, "", true);
  add(128, 64, true, false, ", discriminator alone");
  add(64, 0, false, true, ", generator alone");
  for (const int columns : {1, 2, 31, 33, 127, 129, 1000}) add(columns, columns / 2, true, true, "");
  for (const int real_columns : {0, 1, 63, 64}) add(64, real_columns, true, false, ", discriminator alone");
  for_each_unit(Optimizers(), [&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    add(33, 11, true, true, std::string(", ") + Unit::kName, false, 0, kind_of<Unit>);
  });
  for (const int after : {1, 64}) {
    result.push_back(
        {"32 of 64 real, " + std::to_string(after) + " terms more", shapes_of(64, 32, true, false, {}, after)});
  }
  for (const int misalignment : {1, 2, 3}) {
    add(33, 11, true, true, ", " + std::to_string(misalignment) + " elements off", false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<MeanLosses<double>, Losses> mean_losses_cases() {
  return {mean_losses_op(),
          mean_losses_reference,
          make,
          bounds_of,
          cases,
          nullptr,
          {{{"columns", 128}}, [](const std::vector<int>& n) { return shapes_of(n[0], n[0] / 2, true, true, {}); }}};
}

}  // namespace duel::verify
