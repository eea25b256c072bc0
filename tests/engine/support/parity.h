// Compares the engine's training with the plain implementation of the script. Every function returns what is wrong,
// a line for each, or an empty text; NaN and infinity never agree with anything.
//
// How far float may be from double. A sum of K products of random signs ends up with a relative error of about
// sqrt(K) u, u = 2^-24 (its partial sums grow like sqrt(k), each is rounded once). Errors of a chain of sums are
// independent, so that their squares add up: a pass through both networks and back has
//     noise = 4 sqrt(sum of all K) u,
// four standard deviations, relative to the largest value of each tensor. That holds where the function is smooth.
// It is not smooth in two places, where a share of about `noise` of all values may take the other side, for an error
// as large as the value itself: LeakyReLU's slope near 0, and Adam's first steps, lr * sign(g), of gradients near 0.
// One iteration from equal weights is compared within `noise`, away from kinks of LeakyReLU. Runs that started from
// equal weights but went on by themselves are compared by root mean square within
//     drift = 2 sqrt(noise).
// A bias in front of batch norm has gradient 0, Adam makes steps of pure rounding noise of it: it is compared by its
// effect only, the layer's normalised output.
#pragma once

#include <map>
#include <string>

#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/plain_gan.h"

namespace duel::test {

struct Tolerances {
  double noise, drift;
  double kink;  ///< how close to 0, relative to the root mean square, an argument of LeakyReLU may change sides
  explicit Tolerances(const TrainingConfig& config);
};

/// Weights, the optimizer's state, running statistics and counts of Trainer::state().
void load_state(PlainGan& plain, const TensorFile& state);

/// Takes over the biases in front of batch norm: any value is as right as another.
void adopt_free_biases(PlainGan& plain, const TensorFile& state);

/// The values of every tensor of Trainer::state() that is a parameter, as they are now.
std::map<std::string, Row> parameter_values(const PlainGan& plain);

Rows to_rows(const std::vector<float>& values, int columns);
PlainIteration iterate(PlainGan& plain, const TrainingConfig& config, const GivenBatch& batch);

/// Losses and means of probabilities, within noise * (1 + iterations) absolutely.
std::string compare_reports(const IterationStats& actual, const PlainIteration& expected, double bound);

/// Trainer::gradients() after an iteration from equal weights.
std::string compare_gradients(const TensorFile& actual, const PlainGan& expected, const Tolerances& tolerances);

/// Trainer::state() after one iteration from equal weights, element by element: the bound of each weight is what its
/// gradient's noise can make of Adam's step. `before`: parameter_values() before the iteration.
std::string compare_step(const TensorFile& actual, const PlainGan& expected, const TrainingConfig& config,
                         const std::map<std::string, Row>& before, const Tolerances& tolerances);

/// Trainer::state() after `iterations` from equal weights, by root mean square.
std::string compare_drifted(const TensorFile& actual, const PlainGan& expected, const TrainingConfig& config,
                            int iterations, const Tolerances& tolerances);

/// The same of SGD with momentum: no step of it is out of proportion to its gradient, so after one iteration
/// differences are within `noise` of the velocity, and later within `drift`.
std::string compare_sgd(const TensorFile& actual, const PlainGan& expected, int iterations,
                        const Tolerances& tolerances);

/// Images of the batch's latents with its statistics, which the biases in front of batch norm must not have changed.
std::string compare_images(const Trainer& actual, PlainGan& expected, const GivenBatch& batch, double bound);

}  // namespace duel::test
