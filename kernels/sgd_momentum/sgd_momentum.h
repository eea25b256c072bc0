// Stochastic gradient descent with momentum, and a schedule of both its rates. Step counter and rates live on the
// device, so that a replayed graph advances by itself. Update number t, from 1, in epoch e, from 0:
//   rate     = max(learning_rate / decay^(t - 1), least_rate)
//   momentum = initial_momentum + (final_momentum - initial_momentum) min(e / (momentum_epochs - 1), 1)
//   v = momentum v - rate g;  p += v
// Source: pylearn2's Momentum, ExponentialDecay and MomentumAdjustor (start 1, saturate momentum_epochs, which counts
// epochs from 1). torch.optim.SGD keeps another velocity, v = momentum v + g, and takes the rate outside.
#pragma once

#include <cstdint>

#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

struct SgdSchedule {
  double learning_rate = 0.1;
  double decay = 1.000004;                              ///< the rate's divisor, per update; at least 1
  double least_rate = 1e-6;                             ///< the rate is never below it, unless it starts there
  double initial_momentum = 0.5, final_momentum = 0.7;  ///< from 0 to below 1
  int momentum_epochs = 250;                            ///< in the last of them momentum is final; 1: at once

  bool operator==(const SgdSchedule&) const = default;
};

/// One optimizer's progress, on the device. Starts as {0, ...}; every update advances `step` first.
struct SgdProgress {
  std::int64_t step;     ///< t: updates done
  double learning_rate;  ///< of the last update
  double momentum;       ///< of the last update
};

template <class T>
struct SgdMomentum {
  Vector<T> parameter;       ///< p [n], read and written
  Vector<T> velocity;        ///< v [n], read and written
  Vector<const T> gradient;  ///< g [n], read
  SgdSchedule schedule;
  Vector<const TrainingClock> clock;  ///< [1], read: the epoch
  Vector<SgdProgress> progress;       ///< [1], read and written
};

const Op<SgdMomentum<float>>& sgd_momentum_op();

/// The same in double precision, on host memory.
void sgd_momentum_reference(const SgdMomentum<double>& arguments);

/// Names every tensor of the arguments to a visitor: reads, or updates (reads and writes).
template <class T, class Visitor>
void visit(SgdMomentum<T>& a, Visitor&& visitor) {
  visitor.updates("parameter", a.parameter);
  visitor.updates("velocity", a.velocity);
  visitor.reads("gradient", a.gradient);
  visitor.reads("clock", a.clock);
  visitor.updates("progress", a.progress);
}

}  // namespace duel
