// What the discriminator's head reports of a batch, in one device vector [kHeadStatistics].
#pragma once

namespace duel {

enum HeadStatistic {
  kLoss = 0,           ///< of the player: the sum of its samples' terms
  kMeanReal = 1,       ///< mean judgement of the real samples; 0 where there are none
  kMeanGenerated = 2,  ///< mean judgement of the generated samples; 0 where there are none
  kPenalty = 3,        ///< of the player's loss, which has it in it: the sum of the terms of no judged sample
  kHeadStatistics = 4
};

}  // namespace duel
