// An exponential moving average of a network's weights over the iterations of a training: average += rest (value -
// average), where rest is 1 - decay. Early in training, at iteration t from 0, the decay is at most (1 + t) / (10 + t),
// so that the random initial weights are soon forgotten. The average moves every `interval` iterations, with the decay
// of as many: rest = 1 - decay^interval.
// Source: T. Karras et al., Progressive growing of GANs (2018), for the generator's average; the bound of the decay is
// that of TensorFlow's ExponentialMovingAverage with num_updates.
#pragma once

#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

template <class T>
struct MovingAverage {
  Vector<const T> value;              ///< [n], read
  Vector<T> average;                  ///< [n], read and written where (iteration + 1) is a multiple of `interval`
  double decay;                       ///< of one iteration, from 0 up to, not including, 1
  int interval;                       ///< iterations from one move to the next, at least 1
  Vector<const TrainingClock> clock;  ///< [1], read: the iteration that ends
};

const Op<MovingAverage<float>>& moving_average_op();

/// The same in double precision, on host memory.
void moving_average_reference(const MovingAverage<double>& arguments);

template <class T, class Visitor>
void visit(MovingAverage<T>& a, Visitor&& visitor) {
  visitor.reads("value", a.value);
  visitor.updates("average", a.average);
  visitor.reads("clock", a.clock);
}

}  // namespace duel
