// Views: a pointer to somebody else's contiguous, row-major values, and their extents.
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>

#ifdef __CUDACC__
#define DUEL_HOST_DEVICE __host__ __device__
#define DUEL_DEVICE_INLINE __device__ __forceinline__
#else
#define DUEL_HOST_DEVICE
#define DUEL_DEVICE_INLINE [[gnu::always_inline]] inline
#endif

namespace duel {

/// Rank 1 [rows] or rank 2 [rows, columns]. A default-constructed view is absent: no data.
template <class T, int kRank>
struct View {
  static_assert(kRank == 1 || kRank == 2);
  T* data = nullptr;
  int rows = 0;
  int columns = 1;

  std::size_t size() const { return static_cast<std::size_t>(rows) * columns; }
  std::size_t bytes() const { return size() * sizeof(T); }
  DUEL_HOST_DEVICE explicit operator bool() const { return data != nullptr; }

  /// Rows [begin, begin + count).
  View row_range(int begin, int count) const {
    return {data + static_cast<std::size_t>(begin) * columns, count, columns};
  }

  template <class U>
  requires(!std::is_const_v<T> && std::is_same_v<U, const T>) operator View<U, kRank>() const {
    return {data, rows, columns};
  }
};

template <class T>
using Vector = View<T, 1>;
template <class T>
using Matrix = View<T, 2>;

/// "[64, 128]", or "absent".
template <class T, int kRank>
std::string shape_text(const View<T, kRank>& view) {
  if (!view) return "absent";
  std::string text = "[" + std::to_string(view.rows);
  if constexpr (kRank == 2) text += ", " + std::to_string(view.columns);
  return text + "]";
}

}  // namespace duel
