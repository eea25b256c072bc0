#include "kernels/adam/cases.h"

#include <cmath>
#include <limits>

#include "kernels/verify/check_op.h"
#include "kernels/verify/host_tensors.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

template <class T>
AdamUpdate<T> adam_scalars() {
  AdamUpdate<T> a{};
  a.learning_rate = 2e-4;
  a.beta1 = 0.5;
  a.beta2 = 0.999;
  a.eps = 1e-8;
  return a;
}

std::vector<double> to_vector(const auto& view) {
  return {view.data, view.data + view.size()};
}

std::string check_adam(const AdamUpdate<double>& a, const CheckOptions& options = {}) {
  HostTensors copies(1);
  AdamUpdate<double> before = a;  // the reference overwrites what `a` points to
  before.parameter = copies.vector(to_vector(a.parameter));
  before.first_moment = copies.vector(to_vector(a.first_moment));
  return check_op<AdamUpdate<double>>(
      adam_op(), adam_reference, a, adam_scalars<float>(),
      [&](const AdamUpdate<double>& after) { return adam_bounds(before, after); }, options);
}

TEST_CASE("adam: any number of parameters") {
  for (const int count : {1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129, 1023, 1024, 1025, 16383, 16385, 100001}) {
    INFO("parameters " << count);
    HostTensors host(1);
    CHECK(check_adam(adam_case(host, count, 0, adam_scalars<float>())) == "");
  }
}

TEST_CASE("adam: every schedule on every number of threads") {
  HostTensors host(2);
  CHECK(check_adam(adam_case(host, 50000, 3, adam_scalars<float>()), {.executions = HowMany::all}) == "");
}

TEST_CASE("adam: arrays that begin anywhere") {
  for (const int misalignment : {1, 2, 3}) {
    INFO(misalignment << " elements off");
    HostTensors host(3);
    CHECK(check_adam(adam_case(host, 4099, 0, adam_scalars<float>()), {.misalignment = misalignment}) == "");
  }
}

TEST_CASE("adam: bias correction early and late") {
  for (const std::int64_t step : {0, 1, 2, 9, 99, 9999, 999999, 100000000}) {
    INFO("after " << step << " updates");
    HostTensors host(4);
    CHECK(check_adam(adam_case(host, 100, step, adam_scalars<float>())) == "");
  }
}

TEST_CASE("adam: gradients of zero, tiny and huge ones") {
  HostTensors host(5);
  auto a = adam_case(host, 8, 0, adam_scalars<float>());
  a.gradient = host.vector<double>({0, 0x1p-140, 0x1p-66, 0x1p-20, 1, 0x1p30, -0x1p50, 0x1p62});
  a.first_moment = host.uniform(8, 0, 0);
  a.second_moment = host.uniform(8, 0, 0);
  CHECK(check_adam(a) == "");
}

TEST_CASE("adam: without gradient and moments a parameter keeps its bits") {
  HostTensors host(6);
  auto a = adam_case(host, 1000, 0, adam_scalars<float>());
  a.gradient = host.uniform(1000, 0, 0);
  a.first_moment = host.uniform(1000, 0, 0);
  a.second_moment = host.uniform(1000, 0, 0);
  CHECK(check_op<AdamUpdate<double>>(adam_op(), adam_reference, a, adam_scalars<float>(),
                                     [](const auto&) { return Bounds(); }) == "");
}

TEST_CASE("adam: a NaN gradient spoils its own parameter and no other") {
  HostTensors host(7);
  auto a = adam_case(host, 33, 0, adam_scalars<float>());
  const auto gradient = host.uniform(33, -1, 1);
  gradient.data[17] = std::numeric_limits<double>::quiet_NaN();
  a.gradient = gradient;
  CHECK(check_adam(a) == "");
  CHECK(std::isnan(a.parameter.data[17]));
  CHECK(std::isfinite(a.parameter.data[16]));
}

// Five updates of one parameter, every formula written out with the sums it stands for:
// m_t = (1 - beta1) sum of beta1^(t - i) g_i, v_t likewise, both divided by 1 - beta^t.
TEST_CASE("adam: five updates worked out by hand") {
  const double g[] = {0.5, -0.25, 1.0, 0.125, -2.0};
  HostTensors host(8);
  auto a = adam_case(host, 1, 0, adam_scalars<float>());
  const auto gradient = host.vector(1);
  a.gradient = gradient;
  a.first_moment.data[0] = a.second_moment.data[0] = 0;
  a.parameter.data[0] = 1;
  double expected = 1;
  for (int t = 1; t <= 5; ++t) {
    gradient.data[0] = g[t - 1];
    adam_reference(a);
    double m = 0, v = 0;
    for (int i = 1; i <= t; ++i) {
      m += 0.5 * std::pow(0.5, t - i) * g[i - 1];
      v += 0.001 * std::pow(0.999, t - i) * g[i - 1] * g[i - 1];
    }
    const double m_hat = m / (1 - std::pow(0.5, t)), v_hat = v / (1 - std::pow(0.999, t));
    expected -= 2e-4 * m_hat / (std::sqrt(v_hat) + 1e-8);
    INFO("update " << t);
    CHECK(a.progress.data[0].step == t);
    CHECK(std::abs(a.parameter.data[0] - expected) <= 1e-13);
  }
}

// However large the gradient, the first update moves a parameter by the learning rate.
TEST_CASE("adam: the first update is one learning rate long") {
  HostTensors host(9);
  auto a = adam_case(host, 3, 0, adam_scalars<float>());
  a.gradient = host.vector<double>({1e-3, 1, -1e3});
  a.first_moment = host.uniform(3, 0, 0);
  a.second_moment = host.uniform(3, 0, 0);
  const auto before = to_vector(a.parameter);
  adam_reference(a);
  for (int i = 0; i < 3; ++i) {
    const double step = std::abs(a.parameter.data[i] - before[i]);
    CHECK(std::abs(step - 2e-4) <= 1e-8);
  }
}

TEST_CASE("adam: wrong arguments are refused by name") {
  auto valid = adam_scalars<float>();
  valid.parameter = valid.first_moment = valid.second_moment = shape<float>(7);
  valid.gradient = shape<const float>(7);
  valid.progress = shape<AdamProgress>(1);
  CHECK(check_shapes(adam_op(), valid, {.defining = {"parameter"}}) == "");
  const auto refuses = [&](double AdamUpdate<float>::*member, double value, const char* name) {
    auto wrong = valid;
    wrong.*member = value;
    return check_refusal(adam_op(), wrong, name);
  };
  using Update = AdamUpdate<float>;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double value : {-1.0, nan}) CHECK(refuses(&Update::learning_rate, value, "learning_rate") == "");
  for (const double value : {-0.1, 1.0, nan}) {
    CHECK(refuses(&Update::beta1, value, "beta") == "");
    CHECK(refuses(&Update::beta2, value, "beta") == "");
  }
  for (const double value : {-1e-8, nan}) CHECK(refuses(&Update::eps, value, "eps") == "");
}

}  // namespace
}  // namespace duel::test
