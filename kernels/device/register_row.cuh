// RegisterRow<N>: N neighbouring floats in registers. Scalars on a GPU; on the CPU device the widest vectors of the
// build, so that the same register-tiled kernel runs at the speed of a hand-vectorised loop.
#pragma once

#include <cuda_runtime.h>

namespace duel {

#ifndef __CUDACC__
#if defined(__AVX512F__)
inline constexpr int kHostLanes = 16;
#elif defined(__AVX__)
inline constexpr int kHostLanes = 8;
#else
inline constexpr int kHostLanes = 4;
#endif
#endif

// Checked builds of the CPU device (preset cpu-race) access memory as a GPU does.
#if defined(__CUDACC__) || defined(DUEL_CHECKED)

template <int kCount>
struct RegisterRow {
  float value[kCount];

  static __device__ __forceinline__ RegisterRow filled(float x) {
    RegisterRow row;
#pragma unroll
    for (int i = 0; i < kCount; ++i) row.value[i] = x;
    return row;
  }
  /// From shared memory, aligned to 16 bytes where kCount is a multiple of 4.
  static __device__ __forceinline__ RegisterRow load_aligned(const float* from) {
    RegisterRow row;
    if constexpr (kCount % 4 == 0) {
#pragma unroll
      for (int i = 0; i < kCount; i += 4) {
        const float4 four = *reinterpret_cast<const float4*>(from + i);
        row.value[i] = four.x;
        row.value[i + 1] = four.y;
        row.value[i + 2] = four.z;
        row.value[i + 3] = four.w;
      }
    } else {
#pragma unroll
      for (int i = 0; i < kCount; ++i) row.value[i] = from[i];
    }
    return row;
  }
  static __device__ __forceinline__ RegisterRow load(const float* from) {
    RegisterRow row;
#pragma unroll
    for (int i = 0; i < kCount; ++i) row.value[i] = from[i];
    return row;
  }
  __device__ __forceinline__ void store(float* to) const {
#pragma unroll
    for (int i = 0; i < kCount; ++i) to[i] = value[i];
  }
  __device__ __forceinline__ void store_aligned(float* to) const {
    if constexpr (kCount % 4 == 0) {
#pragma unroll
      for (int i = 0; i < kCount; i += 4) {
        *reinterpret_cast<float4*>(to + i) = make_float4(value[i], value[i + 1], value[i + 2], value[i + 3]);
      }
    } else {
      store(to);
    }
  }
  /// this += scale * row
  __device__ __forceinline__ void add_scaled(float scale, const RegisterRow& row) {
#pragma unroll
    for (int i = 0; i < kCount; ++i) value[i] = fmaf(scale, row.value[i], value[i]);
  }
  /// this += row * row
  __device__ __forceinline__ void add_squares(const RegisterRow& row) {
#pragma unroll
    for (int i = 0; i < kCount; ++i) value[i] = fmaf(row.value[i], row.value[i], value[i]);
  }
  __device__ __forceinline__ float get(int i) const {
    return value[i];
  }
  template <class Function>
  static __device__ __forceinline__ RegisterRow zip(const RegisterRow& a, const RegisterRow& b, Function f) {
    RegisterRow row;
#pragma unroll
    for (int i = 0; i < kCount; ++i) row.value[i] = f(a.value[i], b.value[i]);
    return row;
  }
};

#else

template <int kCount>
struct RegisterRow {
  static constexpr int kWidth = kCount < kHostLanes ? kCount : kHostLanes;
  static constexpr int kVectors = kCount / kWidth;
  static_assert((kWidth & (kWidth - 1)) == 0 && kVectors * kWidth == kCount,
                "a power of two, or a multiple of the vector");
  typedef float Lanes __attribute__((vector_size(kWidth * sizeof(float))));
  typedef float Anywhere __attribute__((vector_size(kWidth * sizeof(float)), aligned(4), may_alias));
  Lanes vector[kVectors];

  static __forceinline__ RegisterRow filled(float x) {
    RegisterRow row;
    for (int v = 0; v < kVectors; ++v) row.vector[v] = Lanes{} + x;
    return row;
  }
  static __forceinline__ RegisterRow load(const float* from) {
    RegisterRow row;
#pragma unroll
    for (int v = 0; v < kVectors; ++v) row.vector[v] = *reinterpret_cast<const Anywhere*>(from + v * kWidth);
    return row;
  }
  static __forceinline__ RegisterRow load_aligned(const float* from) {
    return load(from);
  }
  __forceinline__ void store(float* to) const {
#pragma unroll
    for (int v = 0; v < kVectors; ++v) *reinterpret_cast<Anywhere*>(to + v * kWidth) = vector[v];
  }
  __forceinline__ void store_aligned(float* to) const {
    store(to);
  }
  __forceinline__ void add_scaled(float scale, const RegisterRow& row) {
#pragma unroll
    for (int v = 0; v < kVectors; ++v) vector[v] += scale * row.vector[v];
  }
  __forceinline__ void add_squares(const RegisterRow& row) {
#pragma unroll
    for (int v = 0; v < kVectors; ++v) vector[v] += row.vector[v] * row.vector[v];
  }
  __forceinline__ float get(int i) const {
    return vector[i / kWidth][i % kWidth];
  }
  template <class Function>  // f works on vectors as on numbers
  static __forceinline__ RegisterRow zip(const RegisterRow& a, const RegisterRow& b, Function f) {
    RegisterRow row;
#pragma unroll
    for (int v = 0; v < kVectors; ++v) row.vector[v] = f(a.vector[v], b.vector[v]);
    return row;
  }
};

#endif

template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> operator+(const RegisterRow<kCount>& a, const RegisterRow<kCount>& b) {
  return RegisterRow<kCount>::zip(a, b, [](auto x, auto y) { return x + y; });
}
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> operator-(const RegisterRow<kCount>& a, const RegisterRow<kCount>& b) {
  return RegisterRow<kCount>::zip(a, b, [](auto x, auto y) { return x - y; });
}
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> operator*(const RegisterRow<kCount>& a, const RegisterRow<kCount>& b) {
  return RegisterRow<kCount>::zip(a, b, [](auto x, auto y) { return x * y; });
}
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> operator*(const RegisterRow<kCount>& a, float factor) {
  return RegisterRow<kCount>::zip(a, a, [=](auto x, auto) { return x * factor; });
}
/// Where a > 0, b; elsewhere b * slope. With b = a: leaky ReLU; with b = dL/dy and a = y: its gradient.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> leaky(const RegisterRow<kCount>& a, const RegisterRow<kCount>& b,
                                                     float slope) {
  return RegisterRow<kCount>::zip(a, b, [=](auto x, auto y) { return x > 0.f ? y : y * slope; });
}

template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> one_minus(const RegisterRow<kCount>& a) {
  return RegisterRow<kCount>::filled(1.f) - a;
}

/// N neighbouring values that are used one at a time, as factors: registers on a GPU, memory operands on a CPU.
template <int kCount>
struct Factors {
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
  RegisterRow<kCount> row;
  __device__ __forceinline__ explicit Factors(const float* from) : row(RegisterRow<kCount>::load_aligned(from)) {}
  __device__ __forceinline__ float operator[](int i) const {
    return row.value[i];
  }
#else
  const float* from;
  __forceinline__ explicit Factors(const float* from_) : from(from_) {}
  __forceinline__ float operator[](int i) const {
    return from[i];
  }
#endif
};

/// The first `valid` values from global memory, zeros after them.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> load_row(const float* from, int valid) {
  if (valid >= kCount) return RegisterRow<kCount>::load(from);
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
  RegisterRow<kCount> row = RegisterRow<kCount>::filled(0.f);
#pragma unroll
  for (int i = 0; i < kCount; ++i) {
    if (i < valid) row.value[i] = from[i];
  }
  return row;
#else
  __align__(64) float values[kCount] = {};
  for (int i = 0; i < valid; ++i) values[i] = from[i];
  return RegisterRow<kCount>::load(values);
#endif
}

/// The same; `vectorized`: `from` is aligned to 16 bytes.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> load_aligned_row(const float* from, int valid, bool vectorized) {
  if (vectorized && valid >= kCount) return RegisterRow<kCount>::load_aligned(from);
  return load_row<kCount>(from, valid);
}

/// On a CPU: fetches the cache lines of a row that will be read and written soon, wherever `from` points to.
template <int kCount>
__device__ __forceinline__ void fetch_row([[maybe_unused]] const float* from) {
#ifndef __CUDACC__
  for (int i = 0; i < kCount; i += 16) __builtin_prefetch(from + i, 1);
#endif
}

/// Writes the first `valid` values. `vectorized`: `to` is aligned to 16 bytes.
template <int kCount>
__device__ __forceinline__ void store_row(float* to, const RegisterRow<kCount>& row, int valid, bool vectorized) {
  if (valid >= kCount) {
    if (vectorized) {
      row.store_aligned(to);
    } else {
      row.store(to);
    }
    return;
  }
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
#pragma unroll
  for (int i = 0; i < kCount; ++i) {
    if (i < valid) to[i] = row.value[i];
  }
#else
  __align__(64) float values[kCount];
  row.store(values);
  for (int i = 0; i < valid; ++i) to[i] = values[i];
#endif
}

/// row[i] = f(i, row[i]) for every i.
template <int kCount, class Function>
__device__ __forceinline__ RegisterRow<kCount> transform(const RegisterRow<kCount>& row, Function f) {
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
  RegisterRow<kCount> result;
#pragma unroll
  for (int i = 0; i < kCount; ++i) result.value[i] = f(i, row.value[i]);
  return result;
#else
  __align__(64) float values[kCount];  // through memory: compilers vectorise this loop, not element accesses
  row.store(values);
  for (int i = 0; i < kCount; ++i) values[i] = f(i, values[i]);
  return RegisterRow<kCount>::load(values);
#endif
}

/// The first `valid` values, zeros after them.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> first_values(const RegisterRow<kCount>& row, int valid) {
  return transform(row, [=](int i, float value) { return i < valid ? value : 0.f; });
}

/// The sum of all values, in a fixed order.
template <int kCount>
__device__ __forceinline__ float total(const RegisterRow<kCount>& row) {
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
  float sum = row.value[0];
#pragma unroll
  for (int i = 1; i < kCount; ++i) sum += row.value[i];
  return sum;
#else
  static_assert((kCount & (kCount - 1)) == 0, "halves are added to each other");
  __align__(64) float values[kCount];
  row.store(values);
#pragma unroll
  for (int half = kCount / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) values[i] += values[i + half];
  }
  return values[0];
#endif
}

/// The least of kCount values from global memory, NaN left out; infinity where there is nothing else.
template <int kCount>
__device__ __forceinline__ float least_of_run(const float* from) {
  constexpr int kWidth = kCount < 32 ? kCount : 32;
  auto least = RegisterRow<kWidth>::filled(__builtin_inff());
  for (int i = 0; i < kCount; i += kWidth) {
    least = RegisterRow<kWidth>::zip(least, RegisterRow<kWidth>::load(from + i),
                                     [](auto x, auto y) { return y < x ? y : x; });
  }
  float result = least.get(0);
#pragma unroll
  for (int i = 1; i < kWidth; ++i) result = least.get(i) < result ? least.get(i) : result;
  return result;
}

}  // namespace duel
