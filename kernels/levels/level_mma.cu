// Levels whose products are done by matrix instructions.
#include "kernels/levels/level_kernel.cuh"

namespace duel {

void launch_level_tf32(const LevelParts& level, StreamView stream) {
  launch_level<DeepMmaLevelShapes<Tf32>>(level, stream);
}
void launch_level_bf16(const LevelParts& level, StreamView stream) {
  launch_level<DeepMmaLevelShapes<Bf16>>(level, stream);
}
void launch_level_fp16(const LevelParts& level, StreamView stream) {
  launch_level<Fp16LevelShapes>(level, stream);
}

}  // namespace duel
