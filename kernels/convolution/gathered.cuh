// Operands of a convolution's products, for kernels/device's tiles: rows of an image matrix, which lie where geometry
// puts them and are zeros beyond the image's edges. Nothing is copied beforehand ("implicit GEMM").
#pragma once

#include <cstdint>

#include "kernels/convolution/geometry.h"
#include "kernels/levels/block_product.cuh"

namespace duel {

/// Division of numbers below 2^31 / divisor by one that many divide by: a product.
struct Divisor {
  int divisor;
  std::uint64_t inverse;  // of 2^-32, rounded up

  __device__ __forceinline__ explicit Divisor(int divisor_)
      : divisor(divisor_), inverse((std::uint64_t{1} << 32) / static_cast<unsigned>(divisor_) + 1) {}
  __device__ __forceinline__ int quotient(int number) const {
    return static_cast<int>(static_cast<unsigned>(number) * inverse >> 32);
  }
};

/// Columns of an image matrix that take part.
struct Samples {
  const float* data;  ///< of the first one
  int stride;         ///< of rows
  int count;
  bool vectorized;  ///< pieces of four begin at multiples of 16 bytes and have four samples each

  __host__ __device__ __forceinline__ Samples(const Matrix<const float>& matrix, int first, int count_)
      : data(matrix.data + first),
        stride(matrix.columns),
        count(count_),
        vectorized(is_vectorized(matrix) && first % 4 == 0 && count_ % 4 == 0) {}
};

/// Rows that are written, from the first sample's column on.
struct WrittenRows {
  float* data;
  int stride;
};

/// The taps of a filter, around a place of an image.
struct Taps {
  ImageShape image;
  int y0, x0;  ///< of the first tap
  Divisor all, across;

  __device__ __forceinline__ Taps(const ImageShape& image_, int y0_, int x0_, int down_, int across_)
      : image(image_), y0(y0_), x0(x0_), all(down_ * across_), across(across_) {}

  /// The row of an image matrix that tap number i meets, counted over channels; below 0 beyond the image's edges.
  /// `y`, `x`: further than the first tap's place.
  __device__ __forceinline__ int row(int i, int further_y = 0, int further_x = 0) const {
    const int channel = all.quotient(i), tap = i - channel * all.divisor, down = across.quotient(tap);
    const int y = y0 + further_y + down, x = x0 + further_x + tap - down * across.divisor;
    if (y < 0 || y >= image.height || x < 0 || x >= image.width) return -1;
    return (channel * image.height + y) * image.width + x;
  }
};

/// B of the product for a pixel: a row for each channel and tap, the extent runs along samples.
struct GatheredRows {
  static constexpr bool kIsMatrix = false;
  const float* data;
  int extent;
  bool vectorized;
  int stride;
  Taps taps;

  __device__ __forceinline__ GatheredRows(const Samples& samples, const Taps& taps_)
      : data(samples.data),
        extent(samples.count),
        vectorized(samples.vectorized),
        stride(samples.stride),
        taps(taps_) {}

  __device__ __forceinline__ const float* line(int i, int, int begin) const {
    const int row = taps.row(i);
    return row < 0 ? nullptr : data + static_cast<std::size_t>(row) * stride + begin;
  }
  __device__ __forceinline__ int left(int, int begin) const { return extent - begin; }
};

}  // namespace duel
