// For validate() of ops that take an optimizer.
#pragma once

#include "kernels/op.h"
#include "kernels/optimizers/optimizers.h"

namespace duel {

/// A visitor of settings that throws std::invalid_argument for a setting out of its limits.
class RequireSettings {
 public:
  explicit RequireSettings(const char* op) : op_(op) {}

  void operator()(const OptimizerSetting& setting, double value, Domain domain) const {
    require(contains(domain, value), op_, std::string(setting.name) + " to be " + text_of(domain));
  }
  void operator()(const OptimizerSetting& setting, int value, int low, int high) const {
    require(value >= low && value <= high, op_,
            std::string(setting.name) + " from " + std::to_string(low) + " to " + std::to_string(high));
  }

 private:
  const char* op_;
};

inline void require_settings(const char* op, const Optimizer& optimizer) {
  optimizer.with([&](const auto& unit) { unit.visit_settings(unit, RequireSettings(op)); });
}

inline void require_limit(const char* op, float limit) {
  require(limit > 0, op, "limit above 0");
}

}  // namespace duel
