// The optimizers there are, and one of them with its settings, chosen when the program runs.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>

#include "kernels/optimizers/adam.h"
#include "kernels/optimizers/rmsprop.h"
#include "kernels/optimizers/sgd_momentum.h"
#include "kernels/unit_list.h"

namespace duel {

/// All of them, the default first.
using Optimizers = std::tuple<Adam, SgdMomentum, Rmsprop>;

/// Which: the place in the list.
enum class OptimizerKind : int {};

template <class Unit>
inline constexpr OptimizerKind kind_of{place_in<Unit, Optimizers>()};

namespace detail {

template <class List>
struct OneOptimizer;

/// The settings of every unit, so that another kind finds its own as they were left.
template <class... Units>
struct OneOptimizer<std::tuple<Units...>> : Units... {
  OptimizerKind kind{};

  /// The unit's Step, whichever unit it is.
  template <class T>
  struct Step {
    static constexpr std::size_t kMost = std::max({sizeof(typename Units::template Step<T>)...}) / sizeof(T);
    static constexpr OptimizerKind kNone{-1};  ///< with() calls nothing
    OptimizerKind kind;
    T coefficients[kMost];

    /// f(Unit(), the unit's Step).
    template <class Function>
    DUEL_DEVICE_INLINE void with(Function f) const {
      static_cast<void>(((kind == kind_of<Units> && (call<Units>(f), true)) || ...));
    }

   private:
    template <class Unit, class Function>
    DUEL_DEVICE_INLINE void call(Function& f) const {
      typename Unit::template Step<T> step;
      memcpy(&step, coefficients, sizeof step);
      f(Unit(), step);
    }
  };

  /// f(the unit with its settings).
#ifdef __CUDACC__
#pragma nv_exec_check_disable  // f runs on the side that calls
#endif
  template <class Function>
  DUEL_HOST_DEVICE void with(Function f) const {
    static_cast<void>(((kind == kind_of<Units> && (f(static_cast<const Units&>(*this)), true)) || ...));
  }

  DUEL_DEVICE_INLINE void advance(OptimizerProgress& progress, std::uint64_t epoch) const {
    with([&](const auto& unit) { unit.advance(progress, epoch); });
  }

  template <class T>
  DUEL_DEVICE_INLINE Step<T> step(const OptimizerProgress& progress) const {
    Step<T> step{kind, {}};
    with([&](const auto& unit) {
      const auto of_unit = unit.template step<T>(progress);
      memcpy(step.coefficients, &of_unit, sizeof of_unit);
    });
    return step;
  }

  bool operator==(const OneOptimizer&) const = default;
};

}  // namespace detail

/// What is the same for every use of an optimizer, whatever its settings.
struct OptimizerTraits {
  const char *name, *prefix;               ///< kName, kPrefix
  std::span<const OptimizerState> states;  ///< kStates
};
inline OptimizerTraits traits_of(OptimizerKind kind) {
  OptimizerTraits traits{};
  for_each_unit(Optimizers(), [&](auto unit) {
    using Unit = decltype(unit);
    if (kind == kind_of<Unit>) traits = {Unit::kName, Unit::kPrefix, Unit::kStates};
  });
  return traits;
}

/// visit(OptimizerSetting, value, its limits) for every setting of every optimizer.
template <class Self, class Visitor>
void visit_settings(Self& optimizer, Visitor&& visit) {
  for_each_unit(Optimizers(), [&](auto unit) {
    using Unit = decltype(unit);
    Unit::visit_settings(static_cast<std::conditional_t<std::is_const_v<Self>, const Unit, Unit>&>(optimizer), visit);
  });
}

/// `Optimizer o; o.kind = kind_of<SgdMomentum>; o.SgdMomentum::decay = 1.01;`
using Optimizer = detail::OneOptimizer<Optimizers>;

/// The chosen unit's first setting.
struct LearningRate {
  const char* name;
  double value;
};
inline LearningRate learning_rate_of(const Optimizer& optimizer) {
  LearningRate rate{};
  optimizer.with([&](const auto& unit) {
    unit.visit_settings(unit, [&](const OptimizerSetting& setting, double value, auto...) {
      if (!rate.name) rate = {setting.name, value};
    });
  });
  return rate;
}

}  // namespace duel
