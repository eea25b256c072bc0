#include "kernels/fused/level.h"

namespace duel {

std::span<const LevelVariant> level_variants() {
  static constexpr LevelVariant kVariants[] = {
#ifdef DUEL_CPU_DEVICE
      {kLevelOneThread, launch_fused_level_one_thread},
#endif
      {kLevelTiles, launch_fused_level_tiles},
  };
  return kVariants;
}

}  // namespace duel
