// CUDA's thread model for a host compiler: qualifiers, indices, barriers, warp primitives, shared memory.
// A thread runs as a plain function call until it has to wait; then it becomes a fiber (block_runner.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/simt/external_access.h"
#include "kernels/simt/vector_types.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __grid_constant__
#define __align__(n) __attribute__((aligned(n)))
#define __constant__ static
// A block never leaves its OS thread, so a thread-local is private to the block that runs there. The section lets
// shared_memory.cpp find all of them (g++ ignores it in templates: see docs/cpu-device.md).
#define __shared__ static thread_local __attribute__((section("simt_shared")))

// Libraries that are loaded later use the program's variables; by this model without a call for each access.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local uint3 threadIdx;
[[gnu::tls_model("initial-exec")]] extern constinit thread_local uint3 blockIdx;
[[gnu::tls_model("initial-exec")]] extern constinit thread_local dim3 blockDim;
[[gnu::tls_model("initial-exec")]] extern constinit thread_local dim3 gridDim;
inline constexpr int warpSize = 32;

namespace simt {

struct Site {  // of a synchronisation, for reports
  const char* file;
  int line;
};

enum class WarpOp : std::uint8_t { sync, shuffle, ballot, together };
enum class BlockReduction : std::uint8_t { none, count, all, any };

// Threads of the block that runs on this OS thread.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local int block_threads;

int block_barrier(BlockReduction reduction, int predicate, Site site);
std::uint64_t warp_collective(WarpOp op, unsigned mask, std::uint64_t value, int source_lane, Site site);
/// Runs work(lanes) once, when all 32 lanes of the warp have come to it; lanes[i] is what lane i came with. As a
/// shuffle it orders no accesses to memory. A warp that lacks lanes is an error.
void warp_together(void (*work)(void* const* lanes), void* lane, Site site);
void* dynamic_shared_memory();
[[noreturn]] void device_trap(const char* what, Site site);

inline int lane() {
  return static_cast<int>((threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) % 32);
}

template <class T>
T shuffle(unsigned mask, T value, int source_lane, Site site) {
  static_assert(sizeof(T) <= 8 && std::is_trivially_copyable_v<T>);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  bits = warp_collective(WarpOp::shuffle, mask, bits, source_lane, site);
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

// Source lane within a segment of `width` lanes; out of range means the calling lane's own value, as in CUDA.
inline int within_segment(int lane, int source, int width) {
  return source / width == lane / width && source >= 0 ? source : lane;
}

// The same for __shfl_xor_sync, which may read from earlier segments too, but not from later ones.
inline int not_after_segment(int lane, int source, int width) {
  return source <= (lane | (width - 1)) ? source : lane;
}

}  // namespace simt

inline void __syncthreads(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (simt::block_threads > 1) simt::block_barrier(simt::BlockReduction::none, 0, {file, line});
}
inline int __syncthreads_count(int predicate, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return simt::block_barrier(simt::BlockReduction::count, predicate, {file, line});
}
inline int __syncthreads_and(int predicate, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return simt::block_barrier(simt::BlockReduction::all, predicate, {file, line});
}
inline int __syncthreads_or(int predicate, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return simt::block_barrier(simt::BlockReduction::any, predicate, {file, line});
}

inline void __syncwarp(unsigned mask = 0xffffffffu, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  simt::warp_collective(simt::WarpOp::sync, mask, 0, 0, {file, line});
}
inline unsigned __ballot_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(),
                              int line = __builtin_LINE()) {
  return static_cast<unsigned>(simt::warp_collective(simt::WarpOp::ballot, mask, predicate != 0, 0, {file, line}));
}
inline int __any_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return __ballot_sync(mask, predicate, file, line) != 0;
}
inline int __all_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return __ballot_sync(mask, !predicate, file, line) == 0;
}

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, const char* file = __builtin_FILE(),
              int line = __builtin_LINE()) {
  const int segment = simt::lane() & ~(width - 1);
  return simt::shuffle(mask, value, segment | (source & (width - 1)), {file, line});
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  const int lane = simt::lane();
  return simt::shuffle(mask, value, simt::not_after_segment(lane, lane ^ lane_mask, width), {file, line});
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, const char* file = __builtin_FILE(),
                   int line = __builtin_LINE()) {
  const int lane = simt::lane();
  return simt::shuffle(mask, value, simt::within_segment(lane, lane + static_cast<int>(delta), width), {file, line});
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, const char* file = __builtin_FILE(),
                 int line = __builtin_LINE()) {
  const int lane = simt::lane();
  return simt::shuffle(mask, value, simt::within_segment(lane, lane - static_cast<int>(delta), width), {file, line});
}

inline void __threadfence_block() {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
__forceinline__ void __threadfence() {
  simt::fence_access();
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
__forceinline__ void __threadfence_system() {
  simt::fence_access();
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

[[noreturn]] inline void __trap(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  simt::device_trap("__trap()", {file, line});
}
