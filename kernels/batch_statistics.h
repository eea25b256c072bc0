// Where batch norm's mean and variance come from.
#pragma once

namespace duel {

/// The batch at hand (biased variance), or the running averages.
enum class BatchStatistics { batch, running };

}  // namespace duel
