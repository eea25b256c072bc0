#include <array>

#include "kernels/fused/level.h"

namespace duel {
namespace {

using Arguments = FusedUpdate<float>;

void validate(const Arguments& a) {
  constexpr auto op = "fused_update";
  const int out = a.weight.value.rows, in = a.weight.value.columns, batch = a.input.columns;
  require(out > 0 && in > 0 && batch > 0, op, "at least one sample, input and output");
  require_shape(op, "d_linear", a.d_linear, out, batch);
  require_shape(op, "input", a.input, in, batch);
  require_parameter(op, "weight", a.weight, out, in);
  require_parameter(op, "bias", a.bias, out);
  require_adam(op, a.adam);
}

FusedLevel as_level(const Arguments& a) {
  FusedLevel level;
  level.updates[0] = a;
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

const Op<Arguments>& fused_update_op() {
  static constexpr Op<Arguments> op{
      "fused_update", kVariants, {8.f, "a sum of `depth` products and a few operations"}, validate};
  return op;
}

}  // namespace duel
