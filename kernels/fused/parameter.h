// A parameter that a kernel updates by Adam as soon as its gradient is there, so that the gradient need not reach
// memory.
#pragma once

#include "kernels/adam/adam.h"

namespace duel {

template <class T, int kRank>
struct FusedParameter {
  View<T, kRank> value;          ///< read and written
  View<T, kRank> first_moment;   ///< read and written
  View<T, kRank> second_moment;  ///< read and written
  View<T, kRank> gradient;       ///< written; absent: not kept
};

/// The optimizer of such parameters. `progress` has been advanced for this update by fused_losses.
struct FusedAdam {
  double beta1, beta2, eps;
  Vector<const AdamProgress> progress;  ///< [1], read
};

/// What visitors call the tensors of a parameter.
struct FusedParameterNames {
  const char *value, *first_moment, *second_moment, *gradient;
};
template <class T, int kRank, class Visitor>
void visit_parameter(FusedParameter<T, kRank>& p, Visitor& visitor, const FusedParameterNames& names) {
  visitor.updates(names.value, p.value);
  visitor.updates(names.first_moment, p.first_moment);
  visitor.updates(names.second_moment, p.second_moment);
  visitor.writes(names.gradient, p.gradient);
}

/// Throws std::invalid_argument that names the argument.
template <class T, int kRank>
void require_parameter(std::string_view op, const std::string& name, const FusedParameter<T, kRank>& p, int rows,
                       int columns = 1) {
  require_shape(op, name, p.value, rows, columns);
  require_shape(op, name + "_first_moment", p.first_moment, rows, columns);
  require_shape(op, name + "_second_moment", p.second_moment, rows, columns);
  require_shape_if_present(op, name + "_gradient", p.gradient, rows, columns);
}

/// The same for the optimizer.
inline void require_adam(std::string_view op, const FusedAdam& adam) {
  require_shape(op, "progress", adam.progress, 1);
  require(adam.beta1 >= 0 && adam.beta1 < 1 && adam.beta2 >= 0 && adam.beta2 < 1, op,
          "betas from 0 up to, not including, 1");
  require(adam.eps > 0, op, "eps > 0");
}

}  // namespace duel
