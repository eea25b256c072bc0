// The head and the losses after it: gradients against central differences, scores of any size, values worked out by
// hand.
#include <cmath>
#include <limits>

#include "kernels/losses/cases.h"
#include "kernels/ops/discriminator_head/cases.h"
#include "kernels/ops/mean_losses/mean_losses.h"
#include "kernels/verify/check_op.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

/// One feature of weight 1: the scores are the samples.
DiscriminatorHead<double> of_scores(HostTensors& host, const std::vector<double>& scores,
                                    const PlayerLosses<float>& losses, int real_columns) {
  const int columns = static_cast<int>(scores.size());
  DiscriminatorHead<double> a{};
  a.losses = in_double(losses);
  a.real_columns = real_columns;
  a.input = {host.vector(scores).data, 1, columns};
  a.weight = host.vector<double>({1});
  a.bias = host.vector<double>({0});
  a.score = host.vector(columns);
  a.judgement = host.vector(columns);
  a.discriminator_terms = host.vector(columns);
  a.d_discriminator = host.vector(columns);
  a.generator_terms = host.vector(columns - real_columns);
  a.d_generator = host.vector(columns - real_columns);
  return a;
}

std::string check_head(const DiscriminatorHead<double>& a, const PlayerLosses<float>& losses) {
  DiscriminatorHead<float> scalars{};
  scalars.losses = losses;
  scalars.real_columns = a.real_columns;
  return check_op<DiscriminatorHead<double>>(
      discriminator_head_op(), discriminator_head_reference, a, scalars,
      [](const DiscriminatorHead<double>& after) { return discriminator_head_cases().bounds(after, after); });
}

TEST_CASE("head: scores of any size") {
  const std::vector<double> scores{200, -200, 1e4, -1e4, 88, -88, 1e-8, 0};
  for (const auto& [losses, name] : cases_of_losses()) {
    for (const int real_columns : {0, 4, 8}) {
      INFO(name << ", real samples " << real_columns);
      HostTensors host(5);
      CHECK(check_head(of_scores(host, scores, losses, real_columns), losses) == "");
    }
  }
}

TEST_CASE("head: a NaN of a sample shows in its score, its judgement and its terms alone") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [losses, name] : cases_of_losses()) {
    INFO(name);
    HostTensors host(7);
    const DiscriminatorHead<double> a = of_scores(host, {0.5, nan, nan, 0.5}, losses, 2);
    CHECK(check_head(a, losses) == "");
    discriminator_head_reference(a);
    for (const auto& values : {a.score, a.judgement, a.discriminator_terms}) {
      CHECK(std::isfinite(values.data[0]));
      CHECK(std::isnan(values.data[1]));
    }
    CHECK(std::isnan(a.generator_terms.data[0]));
    CHECK(std::isfinite(a.generator_terms.data[1]));
  }
}

TEST_CASE("head: derivatives of terms are the slopes of their sums") {
  for (const auto& [losses, name] : cases_of_losses()) {
    INFO(name);
    HostTensors host(1);
    const int columns = 33, real_columns = 16;
    DiscriminatorHead<double> a = of_scores(host, std::vector<double>(columns), losses, real_columns);
    const Matrix<double> scores = host.uniform(1, columns, -2, 2);
    a.input = scores;
    const auto sum_of = [&](const Vector<double>& terms) {
      discriminator_head_reference(a);
      double sum = 0;
      for (int c = 0; c < terms.rows; ++c) sum += terms.data[c];
      return sum;
    };
    discriminator_head_reference(a);
    std::vector<double> d(a.d_discriminator.data, a.d_discriminator.data + columns);
    std::vector<double> g(static_cast<std::size_t>(real_columns), 0.0);
    g.insert(g.end(), a.d_generator.data, a.d_generator.data + columns - real_columns);
    CHECK(check_gradient("D's loss", scores, Matrix<double>{d.data(), 1, columns},
                         [&] { return sum_of(a.discriminator_terms); }) == "");
    CHECK(check_gradient("G's loss", scores, Matrix<double>{g.data(), 1, columns},
                         [&] { return sum_of(a.generator_terms); }) == "");
  }
}

// Scores 0 and ln 3: probabilities 1/2 and 3/4.
TEST_CASE("head and losses: a batch worked out by hand") {
  for (const LossKind kind : {loss_kind<CrossEntropy>(), loss_kind<ClampedCrossEntropy>()}) {
    HostTensors host(2);
    const PlayerLosses<float> losses{.kind = kind, .discriminator_weight = 0.25f, .generator_weight = 0.5f};
    const DiscriminatorHead<double> head = of_scores(host, {0, std::log(3.0)}, losses, 1);
    discriminator_head_reference(head);
    MeanLosses<double> sums{};
    sums.judgement = head.judgement;
    sums.real_columns = 1;
    sums.discriminator_terms = head.discriminator_terms;
    sums.discriminator_statistics = host.vector(kHeadStatistics);
    sums.discriminator = host.vector<OptimizerProgress>({{}});
    sums.generator_terms = head.generator_terms;
    sums.generator_statistics = host.vector(kHeadStatistics);
    sums.generator = host.vector<OptimizerProgress>({{}});
    sums.clock = host.vector<TrainingClock>({{}});
    mean_losses_reference(sums);
    const double *d = sums.discriminator_statistics.data, *g = sums.generator_statistics.data;
    // 0.25 * -ln(1/2) + 0.25 * -ln(1 - 3/4), and 0.5 * -ln(3/4)
    CHECK(std::abs(d[kLoss] - 0.25 * (std::log(2.0) + std::log(4.0))) <= 1e-15);
    CHECK(std::abs(g[kLoss] + 0.5 * std::log(0.75)) <= 1e-15);
    CHECK(d[kMeanReal] == 0.5);
    CHECK(std::abs(d[kMeanGenerated] - 0.75) <= 1e-15);
    CHECK(g[kMeanReal] == 0);
    CHECK(std::abs(g[kMeanGenerated] - 0.75) <= 1e-15);
  }
}

}  // namespace
}  // namespace duel::test
