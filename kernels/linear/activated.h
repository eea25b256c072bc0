// The tables of the ops y = f(x Wᵀ + b), forward and backward: they differ in f only. kernels/linear/activated.cuh has
// the variants; each op instantiates them in a file of its own.
#pragma once

#include <array>

#include "kernels/op.h"

namespace duel {

template <class Arguments>
void activated_tiles(const Arguments& arguments, StreamView stream);
// Host builds only.
template <class Arguments>
void activated_one_thread(const Arguments& arguments, StreamView stream);

template <class Forward>
inline constexpr std::array kActivatedForward{
#ifdef DUEL_CPU_DEVICE
    Variant<Forward>{"one_thread_per_tile",
                     "one thread packs and multiplies a tile: no barriers; wins on the CPU device", supports_cpu_device,
                     activated_one_thread<Forward>},
#endif
    Variant<Forward>{"shared_memory_tiles", "a block per tile of y, double-buffered in shared memory, 4 x 4 per thread",
                     supports_any_device, activated_tiles<Forward>},
};

template <class Backward>
inline constexpr std::array kActivatedBackward{
#ifdef DUEL_CPU_DEVICE
    Variant<Backward>{"one_thread_per_tile",
                      "one thread packs and multiplies a tile: no barriers; wins on the CPU device",
                      supports_cpu_device, activated_one_thread<Backward>},
#endif
    Variant<Backward>{"shared_memory_tiles", "dA and db by columns, then a block per tile of dW and of dX",
                      supports_any_device, activated_tiles<Backward>},
};

}  // namespace duel
