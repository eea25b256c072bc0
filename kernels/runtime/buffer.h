// Public. Owners of memory on the device and of page-locked memory on the host. Sizes count values, not bytes.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/runtime/allocation.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/view.h"

namespace duel {

namespace detail {

template <auto release>
struct Release {
  void operator()(void* memory) const { static_cast<void>(release(memory)); }
};

/// Whether its bytes are all there is to a T.
template <class T>
inline constexpr bool kIsPlainData = std::is_trivially_copyable_v<T>;
#ifdef DUEL_CPU_DEVICE  // float4 and its kin look at addresses when they are copied
template <class T>
inline constexpr bool kIsPlainData<simt::Wide2<T>> = true;
template <class T>
inline constexpr bool kIsPlainData<simt::Wide4<T>> = true;
#endif

template <class T>
std::vector<T> download(const T* data, std::size_t size, StreamView stream) {
  std::vector<T> values(size);
  if (values.empty()) return values;
  check(cudaMemcpyAsync(values.data(), data, size * sizeof(T), cudaMemcpyDeviceToHost, stream.get()));
  stream.synchronize();
  return values;
}

}  // namespace detail

/// The values that a view of device memory holds after all work given to the stream so far.
template <class T, int kRank>
std::vector<std::remove_const_t<T>> download(View<T, kRank> view, StreamView stream) {
  return detail::download<std::remove_const_t<T>>(view.data, view.size(), stream);
}

/// Device memory, 256-byte aligned, indeterminate until written. Throws CudaError where there is not enough.
template <class T>
class DeviceBuffer {
  static_assert(detail::kIsPlainData<T>);

 public:
  DeviceBuffer() = default;
  explicit DeviceBuffer(std::size_t size) : size_(size) {
    void* memory = nullptr;
    const std::size_t bytes = bytes_of(size, sizeof(T));
    check_allocation(cudaMalloc(&memory, bytes), bytes);
    memory_.reset(static_cast<T*>(memory));
  }
  /// A buffer with the values of `source`, ready when the constructor returns.
  DeviceBuffer(std::span<const T> source, StreamView stream) : DeviceBuffer(source.size()) {
    upload(source, stream);
    stream.synchronize();
  }

  T* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return size_ * sizeof(T); }
  Vector<T> vector() const { return {data(), static_cast<int>(size_), 1}; }
  Matrix<T> matrix(int rows, int columns) const { return {data(), rows, columns}; }

  /// Asynchronous: `source` must stay unchanged until the stream has come that far.
  void upload(std::span<const T> source, StreamView stream) const {
    check(cudaMemcpyAsync(data(), source.data(), source.size_bytes(), cudaMemcpyHostToDevice, stream.get()));
  }
  /// All values, after all work given to the stream so far.
  std::vector<T> download(StreamView stream) const { return detail::download(data(), size_, stream); }

 private:
  std::unique_ptr<T, detail::Release<cudaFree>> memory_;
  std::size_t size_ = 0;
};

/// Page-locked host memory: copies to and from it run beside other work.
template <class T>
class PinnedBuffer {
  static_assert(detail::kIsPlainData<T>);

 public:
  PinnedBuffer() = default;
  explicit PinnedBuffer(std::size_t size) : size_(size) {
    void* memory = nullptr;
    const std::size_t bytes = bytes_of(size, sizeof(T));
    check_allocation(cudaMallocHost(&memory, bytes), bytes);
    memory_.reset(static_cast<T*>(memory));
  }
  T* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }
  std::span<T> span() const { return {data(), size_}; }

 private:
  std::unique_ptr<T, detail::Release<cudaFreeHost>> memory_;
  std::size_t size_ = 0;
};

/// Adds up what an Arena must hold: run the code that takes from an arena once with a plan, and once for real. Its
/// views have shapes and no data.
class ArenaPlan {
 public:
  template <class T>
  Vector<T> take(int count) {
    bytes_ += rounded(static_cast<std::size_t>(count) * sizeof(T));
    return {nullptr, count, 1};
  }
  template <class T>
  Matrix<T> take(int rows, int columns) {
    bytes_ += rounded(static_cast<std::size_t>(rows) * columns * sizeof(T));
    return {nullptr, rows, columns};
  }
  std::size_t bytes() const { return bytes_; }

  static constexpr std::size_t rounded(std::size_t bytes) { return (bytes + 255) / 256 * 256; }

 private:
  std::size_t bytes_ = 0;
};

/// One device allocation handed out in pieces aligned to 256 bytes: nothing is allocated once training runs.
class Arena {
 public:
  explicit Arena(std::size_t bytes) : memory_(bytes) {}

  /// Throws std::length_error when the arena is exhausted.
  template <class T>
  Vector<T> take(int count) {
    return {static_cast<T*>(take_bytes(static_cast<std::size_t>(count) * sizeof(T))), count, 1};
  }
  template <class T>
  Matrix<T> take(int rows, int columns) {
    return {static_cast<T*>(take_bytes(static_cast<std::size_t>(rows) * columns * sizeof(T))), rows, columns};
  }
  std::size_t bytes() const { return memory_.bytes(); }

 private:
  void* take_bytes(std::size_t bytes) {
    if (ArenaPlan::rounded(bytes) > memory_.bytes() - used_) {
      throw std::length_error("an arena of " + std::to_string(memory_.bytes()) + " bytes is exhausted");
    }
    void* piece = memory_.data() + used_;
    used_ += ArenaPlan::rounded(bytes);
    return piece;
  }

  DeviceBuffer<std::byte> memory_;
  std::size_t used_ = 0;
};

/// An arena that holds what take(source) takes from it, which an ArenaPlan tells beforehand.
template <class Take>
Arena arena_for(Take&& take) {
  ArenaPlan plan;
  take(plan);
  return Arena(plan.bytes());
}

}  // namespace duel
