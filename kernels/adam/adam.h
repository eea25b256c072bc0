// Adam with bias correction. The step counter lives on the device, so that a replayed graph advances by itself.
// Source: D. Kingma and J. Ba, Adam (2015), in the form and with the order of operations of torch.optim.Adam:
//   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g²
//   p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
#pragma once

#include <cstdint>

#include "kernels/op.h"

namespace duel {

/// One optimizer's progress, on the device. Starts as {0, ...}; every update advances `step` first.
struct AdamProgress {
  std::int64_t step;           ///< t: updates done
  double step_size;            ///< lr / (1 - beta1^t) of the last update
  double root_of_correction2;  ///< sqrt(1 - beta2^t) of the last update
};

template <class T>
struct AdamUpdate {
  Vector<T> parameter;       ///< p [n], read and written
  Vector<T> first_moment;    ///< m [n], read and written
  Vector<T> second_moment;   ///< v [n], read and written
  Vector<const T> gradient;  ///< g [n], read
  double learning_rate, beta1, beta2, eps;
  Vector<AdamProgress> progress;  ///< [1], read and written
};

const Op<AdamUpdate<float>>& adam_op();

/// The same in double precision, on host memory.
void adam_reference(const AdamUpdate<double>& arguments);

/// Names every tensor of the arguments to a visitor: reads, or updates (reads and writes).
template <class T, class Visitor>
void visit(AdamUpdate<T>& a, Visitor&& visitor) {
  visitor.updates("parameter", a.parameter);
  visitor.updates("first_moment", a.first_moment);
  visitor.updates("second_moment", a.second_moment);
  visitor.reads("gradient", a.gradient);
  visitor.updates("progress", a.progress);
}

}  // namespace duel
