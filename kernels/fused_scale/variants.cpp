#include <array>

#include "kernels/fused/level.h"

namespace duel {
namespace {

using Arguments = FusedScale<float>;

void validate(const Arguments& a) {
  constexpr auto op = "fused_scale";
  const int rows = a.gradient.rows, columns = a.gradient.columns;
  require(rows > 0 && columns > 0, op, "at least one feature and one sample");
  require_shape(op, "gradient", a.gradient, rows, columns);
  require_shape(op, "factor", a.factor, columns);
  require_shape(op, "output", a.output, rows, columns);
}

FusedLevel as_level(const Arguments& a) {
  FusedLevel level;
  level.scales[0] = a;
  return level;
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{
        kLevelOneThread, "a part of a level by blocks of one thread; wins on the CPU device", supports_cpu_device,
        [](const Arguments& a, StreamView stream) { launch_fused_level_one_thread(as_level(a), stream); }},
#endif
    Variant<Arguments>{kLevelTiles, "a part of a level by blocks of 128 threads", supports_any_device,
                       [](const Arguments& a, StreamView stream) { launch_fused_level_tiles(as_level(a), stream); }},
};

}  // namespace

const Op<Arguments>& fused_scale_op() {
  static constexpr Op<Arguments> op{"fused_scale", kVariants, {1.f, "one product"}, validate};
  return op;
}

}  // namespace duel
