// CUDA's wide vector types. A GPU refuses to load or store one at an address that is no multiple of its size, most
// processors do not: here copies look. Where the compiler sees the object itself, nothing is left of that.
//
// In checked builds they are copied with one access, as on a GPU: a compiler takes copies of a plain struct apart.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simt {

/// Stops the kernel: a vector of that alignment was accessed there.
[[noreturn, gnu::cold]] void refuse_misaligned(const void* address, std::size_t alignment, const char* file, int line);

template <std::size_t kAlignment>
[[gnu::always_inline]] inline void require_aligned(const void* address, const char* file = nullptr, int line = 0) {
#ifdef __clang__
  // It believes that references are aligned; but not of an address that it knows nothing about.
  if (__builtin_object_size(address, 0) != ~std::size_t{0}) return;
  asm("" : "+r"(address));
#endif
  if (reinterpret_cast<std::uintptr_t>(address) % kAlignment != 0) [[unlikely]] {
    refuse_misaligned(address, kAlignment, file, line);
  }
}

template <class T>
struct alignas(2 * sizeof(T)) Wide2 {
  typedef T Whole __attribute__((vector_size(2 * sizeof(T)), may_alias));
  T x, y;

  Wide2() = default;
  constexpr Wide2(T x_, T y_) : x(x_), y(y_) {}
  [[gnu::always_inline]] Wide2(const Wide2& other, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    require_aligned<2 * sizeof(T)>(&other, file, line);
    copy(other);
  }
  [[gnu::always_inline]] Wide2& operator=(const Wide2& other) {
    require_aligned<2 * sizeof(T)>(&other);
    require_aligned<2 * sizeof(T)>(this);
    copy(other);
    return *this;
  }

 private:
  [[gnu::always_inline]] void copy(const Wide2& other) {
#ifdef DUEL_CHECKED
    *reinterpret_cast<Whole*>(this) = *reinterpret_cast<const Whole*>(&other);
#else
    x = other.x;
    y = other.y;
#endif
  }
};

template <class T>
struct alignas(4 * sizeof(T)) Wide4 {
  typedef T Whole __attribute__((vector_size(4 * sizeof(T)), may_alias));
  T x, y, z, w;

  Wide4() = default;
  constexpr Wide4(T x_, T y_, T z_, T w_) : x(x_), y(y_), z(z_), w(w_) {}
  [[gnu::always_inline]] Wide4(const Wide4& other, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    require_aligned<4 * sizeof(T)>(&other, file, line);
    copy(other);
  }
  [[gnu::always_inline]] Wide4& operator=(const Wide4& other) {
    require_aligned<4 * sizeof(T)>(&other);
    require_aligned<4 * sizeof(T)>(this);
    copy(other);
    return *this;
  }

 private:
  [[gnu::always_inline]] void copy(const Wide4& other) {
#ifdef DUEL_CHECKED
    *reinterpret_cast<Whole*>(this) = *reinterpret_cast<const Whole*>(&other);
#else
    x = other.x;
    y = other.y;
    z = other.z;
    w = other.w;
#endif
  }
};

}  // namespace simt

using float2 = simt::Wide2<float>;
using float4 = simt::Wide4<float>;
using int2 = simt::Wide2<int>;
using int4 = simt::Wide4<int>;
using uint2 = simt::Wide2<unsigned>;
using uint4 = simt::Wide4<unsigned>;
using uchar4 = simt::Wide4<unsigned char>;
