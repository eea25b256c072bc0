// The matrix instruction of a warp: C[16, 8] += A[16, depth] B[depth, 8], factors in a format of few bits, sums in
// float. Each lane holds a few values of A, B and C; which, the formats below say, as the PTX ISA does. All 32 lanes
// must come.
//
// A GPU adds up the exact products and cuts off what lies far below the largest; the CPU device adds them up in double
// and rounds once. Where all products and sums are whole numbers below 2^24, both are exact.
// Source: PTX ISA, "Matrix Fragments for mma.m16n8k8" and "... mma.m16n8k16", "cvt".
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#ifndef __CUDACC__
#include "kernels/device/narrow_formats.h"
#endif

namespace duel {

/// Of C, the same for all formats: the i-th of a lane's 4 values.
struct MmaSums {
  static constexpr __host__ __device__ int row(int lane, int i) { return lane / 4 + 8 * (i / 2); }
  static constexpr __host__ __device__ int column(int lane, int i) { return lane % 4 * 2 + i % 2; }
};

/// TF32: 8 bits of exponent, 11 significant bits. GPUs from compute capability 8.0 on.
struct Tf32 {
  static constexpr int kDepth = 8, kOfA = 4, kOfB = 2, kPerRegister = 1;
  static constexpr __host__ __device__ int a_row(int lane, int i) { return lane / 4 + 8 * (i % 2); }
  static constexpr __host__ __device__ int a_depth(int lane, int i) { return lane % 4 + 4 * (i / 2); }
  static constexpr __host__ __device__ int b_depth(int lane, int i) { return lane % 4 + 4 * i; }
  static constexpr __host__ __device__ int b_column(int lane, int) { return lane / 4; }
};

/// BF16: 8 bits of exponent, 8 significant bits. GPUs from compute capability 8.0 on.
struct Bf16 {
  static constexpr int kDepth = 16, kOfA = 8, kOfB = 4, kPerRegister = 2;
  static constexpr __host__ __device__ int a_row(int lane, int i) { return lane / 4 + 8 * (i / 2 % 2); }
  static constexpr __host__ __device__ int a_depth(int lane, int i) { return lane % 4 * 2 + i % 2 + 8 * (i / 4); }
  static constexpr __host__ __device__ int b_depth(int lane, int i) { return lane % 4 * 2 + i % 2 + 8 * (i / 2); }
  static constexpr __host__ __device__ int b_column(int lane, int) { return lane / 4; }
};

/// FP16: 5 bits of exponent, 11 significant bits; above 65504 infinite, below 2^-14 with fewer bits. GPUs from compute
/// capability 7.5 on.
struct Fp16 {
  static constexpr int kDepth = 8, kOfA = 4, kOfB = 2, kPerRegister = 2;
  static constexpr __host__ __device__ int a_row(int lane, int i) { return lane / 4 + 8 * (i / 2); }
  static constexpr __host__ __device__ int a_depth(int lane, int i) { return lane % 4 * 2 + i % 2; }
  static constexpr __host__ __device__ int b_depth(int lane, int i) { return lane % 4 * 2 + i; }
  static constexpr __host__ __device__ int b_column(int lane, int) { return lane / 4; }
};

/// A lane's values of A or B, rounded to the format.
template <class Format, int kCount>
class Fragment {
 public:
  __device__ __forceinline__ explicit Fragment(const float (&values)[kCount]);

#ifdef __CUDACC__
  std::uint32_t bits[kCount / Format::kPerRegister];
#else
  float value[kCount];
#endif
};
template <class Format>
using FragmentA = Fragment<Format, Format::kOfA>;
template <class Format>
using FragmentB = Fragment<Format, Format::kOfB>;

#ifdef __CUDACC__

namespace detail {

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define DUEL_HAS_TF32 1
#endif

// The first value lies in the low half of a register.
__device__ __forceinline__ std::uint32_t narrow(Tf32, const float* x) {
  std::uint32_t bits = 0;
#ifdef DUEL_HAS_TF32
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x[0]));
#endif
  return bits;
}
__device__ __forceinline__ std::uint32_t narrow(Bf16, const float* x) {
  std::uint32_t bits = 0;
#ifdef DUEL_HAS_TF32
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(x[1]), "f"(x[0]));
#endif
  return bits;
}
__device__ __forceinline__ std::uint32_t narrow(Fp16, const float* x) {
  std::uint32_t bits;
  asm("{\n"
      "  .reg .b16 low, high;\n"
      "  cvt.rn.f16.f32 low, %1;\n"
      "  cvt.rn.f16.f32 high, %2;\n"
      "  mov.b32 %0, {low, high};\n"
      "}"
      : "=r"(bits)
      : "f"(x[0]), "f"(x[1]));
  return bits;
}

}  // namespace detail

template <class Format, int kCount>
__device__ __forceinline__ Fragment<Format, kCount>::Fragment(const float (&values)[kCount]) {
#pragma unroll
  for (int i = 0; i < kCount / Format::kPerRegister; ++i) {
    bits[i] = detail::narrow(Format(), values + i * Format::kPerRegister);
  }
}

/// sum += A B, for the lane's 4 values of C. A GPU that lacks the format stops the kernel: no variant offers it there.
__device__ __forceinline__ void multiply_add(float (&sum)[4], const FragmentA<Tf32>& a, const FragmentB<Tf32>& b) {
#ifdef DUEL_HAS_TF32
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a.bits[0]), "r"(a.bits[1]), "r"(a.bits[2]), "r"(a.bits[3]), "r"(b.bits[0]), "r"(b.bits[1]));
#else
  __trap();
#endif
}
__device__ __forceinline__ void multiply_add(float (&sum)[4], const FragmentA<Bf16>& a, const FragmentB<Bf16>& b) {
#ifdef DUEL_HAS_TF32
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a.bits[0]), "r"(a.bits[1]), "r"(a.bits[2]), "r"(a.bits[3]), "r"(b.bits[0]), "r"(b.bits[1]));
#else
  __trap();
#endif
}
__device__ __forceinline__ void multiply_add(float (&sum)[4], const FragmentA<Fp16>& a, const FragmentB<Fp16>& b) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
               : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
               : "r"(a.bits[0]), "r"(a.bits[1]), "r"(b.bits[0]));
}
#undef DUEL_HAS_TF32

#else

namespace detail {

inline float narrow(Tf32, float x) {
  return rounded_to_tf32(x);
}
inline float narrow(Bf16, float x) {
  return rounded_to_bf16(x);
}
inline float narrow(Fp16, float x) {
  return rounded_to_fp16(x);
}

struct MmaLane {
  const float *a, *b;
  float* sum;
};

// The instruction, once for all lanes.
template <class Format>
void multiply_add_of_warp(void* const* lanes) {
  double a[16][Format::kDepth], b[8][Format::kDepth];
  for (int lane = 0; lane < 32; ++lane) {
    const auto& mine = *static_cast<const MmaLane*>(lanes[lane]);
    for (int i = 0; i < Format::kOfA; ++i) a[Format::a_row(lane, i)][Format::a_depth(lane, i)] = mine.a[i];
    for (int i = 0; i < Format::kOfB; ++i) b[Format::b_column(lane, i)][Format::b_depth(lane, i)] = mine.b[i];
  }
  for (int lane = 0; lane < 32; ++lane) {
    const auto& mine = *static_cast<const MmaLane*>(lanes[lane]);
    for (int i = 0; i < 4; ++i) {
      const double *row = a[MmaSums::row(lane, i)], *column = b[MmaSums::column(lane, i)];
      double sum = mine.sum[i];
      for (int k = 0; k < Format::kDepth; ++k) sum += row[k] * column[k];
      mine.sum[i] = static_cast<float>(sum);
    }
  }
}

}  // namespace detail

template <class Format, int kCount>
Fragment<Format, kCount>::Fragment(const float (&values)[kCount]) {
  for (int i = 0; i < kCount; ++i) value[i] = detail::narrow(Format(), values[i]);
}

template <class Format>
void multiply_add(float (&sum)[4], const FragmentA<Format>& a, const FragmentB<Format>& b) {
  detail::MmaLane mine{a.value, b.value, sum};
  simt::warp_together(detail::multiply_add_of_warp<Format>, &mine, {__FILE__, __LINE__});
}

#endif

}  // namespace duel
