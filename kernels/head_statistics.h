// What the discriminator's head reports of a batch, in one device vector [kHeadStatistics].
#pragma once

namespace duel {

enum HeadStatistic {
  kLoss = 0,           ///< sum of weight * cross-entropy
  kMeanReal = 1,       ///< mean probability of the real rows; 0 where there are none
  kMeanGenerated = 2,  ///< mean probability of the generated rows; 0 where there are none
  kHeadStatistics = 3
};

}  // namespace duel
