// What holds for every optimizer of the list.
#include <cmath>
#include <limits>

#include "kernels/ops/advance_optimizer/cases.h"
#include "kernels/ops/flat_update/cases.h"
#include "kernels/runtime/buffer.h"
#include "kernels/verify/check_op.h"
#include "kernels/verify/host_tensors.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

/// f(Unit()) for every optimizer.
void for_each_optimizer(auto f) {
  for_each_unit(Optimizers(), [&](auto unit) {
    INFO(unit.kName);
    f(unit);
  });
}

template <class Unit>
std::string check_update(const FlatUpdate<double, Unit>& a, const CheckOptions& options = {}) {
  HostTensors copies(1);
  FlatUpdate<double, Unit> before = a;  // the reference overwrites what `a` points to
  const auto copy = [&](const Vector<double>& view) {
    return copies.vector(std::vector<double>(view.data, view.data + view.size()));
  };
  before.parameter = copy(a.parameter);
  for (int s = 0; s < a.kStates; ++s) before.state[s] = copy(a.state[s]);
  FlatUpdate<float, Unit> scalars{};
  scalars.optimizer = a.optimizer;
  scalars.limit = a.limit;
  return check_op<FlatUpdate<double, Unit>>(
      flat_update_op<Unit>(), flat_update_reference<Unit>, a, scalars,
      [&](const FlatUpdate<double, Unit>& after) { return flat_update_bounds(before, after); }, options);
}

TEST_CASE("optimizers: what is known of each by its kind is the unit's own") {
  for_each_optimizer([](auto unit) {
    using Unit = decltype(unit);
    const OptimizerTraits traits = traits_of(kind_of<Unit>);
    CHECK(std::string(traits.name) == Unit::kName);
    CHECK(std::string(traits.prefix) == Unit::kPrefix);
    CHECK(traits.states.data() == std::span<const OptimizerState>(Unit::kStates).data());
    CHECK(traits.states.size() == std::size(Unit::kStates));
  });
}

TEST_CASE("optimizers: any number of parameters") {
  for_each_optimizer([](const auto& unit) {
    for (const int count : {1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129, 1023, 1024, 1025, 16383, 16385, 100001}) {
      INFO("parameters " << count);
      HostTensors host(1);
      CHECK(check_update(flat_update_case(host, count, 0, unit)) == "");
    }
  });
}

TEST_CASE("optimizers: every schedule on every number of threads, arrays that begin anywhere") {
  for_each_optimizer([](const auto& unit) {
    HostTensors host(2);
    CHECK(check_update(flat_update_case(host, 50000, 3, unit), {.executions = HowMany::all}) == "");
    for (const int misalignment : {1, 2, 3}) {
      INFO(misalignment << " elements off");
      CHECK(check_update(flat_update_case(host, 4099, 0, unit), {.misalignment = misalignment}) == "");
    }
  });
}

TEST_CASE("optimizers: early and late updates") {
  for_each_optimizer([](const auto& unit) {
    for (const std::int64_t step : {0, 1, 2, 9, 99, 9999, 999999, 100000000}) {
      INFO("after " << step << " updates");
      HostTensors host(4);
      CHECK(check_update(flat_update_case(host, 100, step, unit)) == "");
    }
  });
}

TEST_CASE("optimizers: gradients of zero, tiny and huge ones") {
  for_each_optimizer([](const auto& unit) {
    HostTensors host(5);
    auto a = flat_update_case(host, 8, 0, unit);
    a.gradient = host.vector<double>({0, 0x1p-140, 0x1p-66, 0x1p-20, 1, 0x1p30, -0x1p50, 0x1p62});
    for (auto& state : a.state) state = host.uniform(8, 0, 0);
    CHECK(check_update(a) == "");
  });
}

TEST_CASE("optimizers: without gradient and states a parameter keeps its bits") {
  for_each_optimizer([](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    HostTensors host(6);
    auto a = flat_update_case(host, 1000, 0, unit);
    a.gradient = host.uniform(1000, 0, 0);
    for (auto& state : a.state) state = host.uniform(1000, 0, 0);
    FlatUpdate<float, Unit> scalars{};
    scalars.optimizer = unit;
    CHECK(check_op<FlatUpdate<double, Unit>>(flat_update_op<Unit>(), flat_update_reference<Unit>, a, scalars,
                                             [](const auto&) { return Bounds(); }) == "");
  });
}

TEST_CASE("optimizers: a NaN gradient spoils its own parameter and no other") {
  for_each_optimizer([](const auto& unit) {
    HostTensors host(7);
    auto a = flat_update_case(host, 33, 0, unit);
    const auto gradient = host.uniform(33, -1, 1);
    gradient.data[17] = std::numeric_limits<double>::quiet_NaN();
    a.gradient = gradient;
    CHECK(check_update(a) == "");
    CHECK(std::isnan(a.parameter.data[17]));
    CHECK(std::isfinite(a.parameter.data[16]));
  });
}

TEST_CASE("optimizers: a parameter beyond its limit is put back to it, NaN is not") {
  for_each_optimizer([](const auto& unit) {
    for (const int count : {1, 3, 64, 1025}) {
      HostTensors host(8);
      CHECK(check_update(flat_update_case(host, count, 3, unit, 0.5f)) == "");
    }
    HostTensors host(9);
    auto a = flat_update_case(host, 5, 0, unit, 0.25f);
    a.parameter = host.vector<double>({3, -3, 0.125, std::numeric_limits<double>::quiet_NaN(), -0.125});
    a.gradient = host.uniform(5, 0, 0);
    for (auto& state : a.state) state = host.uniform(5, 0, 0);
    CHECK(check_update(a) == "");
    CHECK(a.parameter.data[0] == 0.25);
    CHECK(a.parameter.data[1] == -0.25);
    CHECK(a.parameter.data[2] == 0.125);
    CHECK(std::isnan(a.parameter.data[3]));
    CHECK(a.parameter.data[4] == -0.125);
  });
}

TEST_CASE("optimizers: another kind keeps its own settings and coefficients") {
  Optimizer optimizer;
  optimizer.Adam::learning_rate = 1e-3;
  optimizer.SgdMomentum::learning_rate = 0.5;
  CHECK(optimizer.kind == kind_of<Adam>);
  CHECK(learning_rate_of(optimizer).value == 1e-3);
  optimizer.kind = kind_of<SgdMomentum>;
  CHECK(learning_rate_of(optimizer).value == 0.5);
  CHECK(std::string(learning_rate_of(optimizer).name) == "sgd_learning_rate");
  int calls = 0;
  optimizer.step<double>({1, {0.25, 0.75}}).with([&](auto unit, const auto& step) {
    ++calls;
    CHECK(std::is_same_v<decltype(unit), SgdMomentum>);
    double p = 1, state[] = {2.0};
    step.update(p, state, 4.0);
    CHECK(state[0] == 0.75 * 2 - 0.25 * 4);
    CHECK(p == 1.5);
  });
  CHECK(calls == 1);
}

TEST_CASE("optimizers: names, prefixes and settings are all different, the learning rate comes first") {
  std::set<std::string> names, prefixes, names_and_aliases;
  for_each_optimizer([&](const auto& unit) {
    CHECK(names.insert(unit.kName).second);
    CHECK(prefixes.insert(unit.kPrefix).second);
    CHECK(std::size(unit.kStates) <= kMostOptimizerStates);
    bool is_first = true;
    unit.visit_settings(unit, [&](const OptimizerSetting& setting, auto...) {
      CHECK(names_and_aliases.insert(setting.name).second);
      if (setting.alias) CHECK(names_and_aliases.insert(setting.alias).second);
      if (is_first) CHECK(std::string(setting.name).find("learning_rate") != std::string::npos);
      is_first = false;
    });
  });
}

TEST_CASE("optimizers: wrong arguments are refused by name") {
  for_each_optimizer([](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    FlatUpdate<float, Unit> valid{};
    valid.parameter = shape<float>(7);
    for (auto& state : valid.state) state = shape<float>(7);
    valid.gradient = shape<const float>(7);
    valid.progress = shape<const OptimizerProgress>(1);
    CHECK(check_shapes(flat_update_op<Unit>(), valid, {.defining = {"parameter"}}) == "");
    for (const float limit : {0.f, -1.f, std::nanf("")}) {
      auto wrong = valid;
      wrong.limit = limit;
      CHECK(check_refusal(flat_update_op<Unit>(), wrong, "limit") == "");
    }
    // Each setting in turn becomes NaN, or a number below its range.
    int settings = 0;
    unit.visit_settings(unit, [&](const OptimizerSetting&, auto...) { ++settings; });
    for (int spoiled = 0; spoiled < settings; ++spoiled) {
      auto wrong = valid;
      int at = 0;
      std::string key;
      wrong.optimizer.visit_settings(wrong.optimizer, [&](const OptimizerSetting& setting, auto& value, auto...) {
        if (at++ != spoiled) return;
        key = setting.name;
        using Value = std::remove_cvref_t<decltype(value)>;
        value = std::is_same_v<Value, int> ? Value{-1} : static_cast<Value>(std::nan(""));
      });
      CHECK(check_refusal(flat_update_op<Unit>(), wrong, key) == "");
      AdvanceOptimizer advance{};
      static_cast<Unit&>(advance.optimizer) = wrong.optimizer;
      advance.optimizer.kind = kind_of<Unit>;
      advance.progress = shape<OptimizerProgress>(1);
      CHECK(check_refusal(advance_optimizer_op(), advance, key) == "");
    }
  });
  AdvanceOptimizer valid{};
  valid.clock = shape<const TrainingClock>(1), valid.progress = shape<OptimizerProgress>(1);
  CHECK(check_shapes(advance_optimizer_op(), valid, {.optional = {"clock"}}) == "");
}

}  // namespace
}  // namespace duel::test
