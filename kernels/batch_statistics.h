// Where batch norm's mean and variance come from, and what they are.
#pragma once

namespace duel {

/// The batch at hand (biased variance), or the running averages.
enum class BatchStatistics { batch, running };

template <class T>
struct BatchMoments {
  T mean, variance;
};

}  // namespace duel
