// CUDA's wide vector types for checked builds. A compiler takes copies of a plain struct apart into numbers, and then
// its accesses are not those of a GPU; these are copied whole, with one access.
#pragma once

namespace simt {

template <class T>
struct alignas(2 * sizeof(T)) Wide2 {
  typedef T Whole __attribute__((vector_size(2 * sizeof(T)), may_alias));
  T x, y;

  Wide2() = default;
  constexpr Wide2(T x_, T y_) : x(x_), y(y_) {}
  Wide2(const Wide2& other) { whole() = other.whole(); }
  Wide2& operator=(const Wide2& other) {
    whole() = other.whole();
    return *this;
  }

 private:
  Whole& whole() { return *reinterpret_cast<Whole*>(this); }
  const Whole& whole() const { return *reinterpret_cast<const Whole*>(this); }
};

template <class T>
struct alignas(4 * sizeof(T)) Wide4 {
  typedef T Whole __attribute__((vector_size(4 * sizeof(T)), may_alias));
  T x, y, z, w;

  Wide4() = default;
  constexpr Wide4(T x_, T y_, T z_, T w_) : x(x_), y(y_), z(z_), w(w_) {}
  Wide4(const Wide4& other) { whole() = other.whole(); }
  Wide4& operator=(const Wide4& other) {
    whole() = other.whole();
    return *this;
  }

 private:
  Whole& whole() { return *reinterpret_cast<Whole*>(this); }
  const Whole& whole() const { return *reinterpret_cast<const Whole*>(this); }
};

}  // namespace simt

using float2 = simt::Wide2<float>;
using float4 = simt::Wide4<float>;
using int2 = simt::Wide2<int>;
using int4 = simt::Wide4<int>;
using uint2 = simt::Wide2<unsigned>;
using uint4 = simt::Wide4<unsigned>;
using uchar4 = simt::Wide4<unsigned char>;
