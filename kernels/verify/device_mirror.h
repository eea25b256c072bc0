// The tensors of an op's arguments, taken from host memory in double precision to device memory in the types that
// kernels see. Every tensor gets an allocation of its own, so that guard zones stand around each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/runtime/buffer.h"

namespace duel::verify {

enum class Access { reads, writes, updates };

/// The type on the device of an element that the host keeps as T.
template <class T>
using OnDevice = std::conditional_t<std::is_same_v<std::remove_const_t<T>, double>, float, std::remove_const_t<T>>;

inline constexpr std::byte kPoison{0xff};  // of floats: NaN

/// One tensor as the device is to see it before the kernels run; empty bytes where it is absent.
struct TensorImage {
  std::string name;
  Access access;
  int rows, columns;
  std::vector<std::byte> bytes;
};

/// A visitor of arguments in host memory: takes images of all tensors. What is only written is poison.
class TakeImages {
 public:
  template <class T, int kRank>
  void reads(const char* name, const View<T, kRank>& view) {
    add(name, Access::reads, view);
  }
  template <class T, int kRank>
  void updates(const char* name, const View<T, kRank>& view) {
    add(name, Access::updates, view);
  }
  template <class T, int kRank>
  void writes(const char* name, const View<T, kRank>& view) {
    add(name, Access::writes, view);
    std::fill(images.back().bytes.begin(), images.back().bytes.end(), kPoison);
  }

  std::vector<TensorImage> images;

 private:
  template <class T, int kRank>
  void add(const char* name, Access access, const View<T, kRank>& view) {
    using Element = OnDevice<T>;
    TensorImage image{name, access, view.rows, view.columns, {}};
    if (view) {
      image.bytes.resize(view.size() * sizeof(Element));
      for (std::size_t i = 0; i < view.size(); ++i) {
        const auto element = static_cast<Element>(view.data[i]);
        std::memcpy(&image.bytes[i * sizeof(Element)], &element, sizeof(Element));
      }
    }
    images.push_back(std::move(image));
  }
};

template <class Arguments>
std::vector<TensorImage> take_images(Arguments arguments) {
  TakeImages visitor;
  visit(arguments, visitor);
  return std::move(visitor.images);
}

/// Device memory that holds the images. As a visitor it gives the arguments of kernels their views.
class DeviceMirror {
 public:
  /// Every tensor begins `misalignment` elements after a 256-byte boundary.
  DeviceMirror(const std::vector<TensorImage>& images, int misalignment, StreamView stream)
      : images_(images), misalignment_(static_cast<std::size_t>(misalignment)), stream_(stream) {}

  template <class T, int kRank>
  void reads(const char* name, View<T, kRank>& view) {
    place(name, view);
  }
  template <class T, int kRank>
  void updates(const char* name, View<T, kRank>& view) {
    place(name, view);
  }
  template <class T, int kRank>
  void writes(const char* name, View<T, kRank>& view) {
    place(name, view);
  }

  /// The tensors as they are now, in the order of the images. Throws CudaError if the kernels failed, and
  /// std::runtime_error if memory beside a tensor changed.
  std::vector<std::vector<std::byte>> download() const {
    std::vector<std::vector<std::byte>> result;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      std::vector<std::byte> bytes;
      if (places_[i].memory.size() > 0) bytes = places_[i].memory.download(stream_);
      const std::size_t begin = places_[i].begin, size = images_[i].bytes.size();
      for (std::size_t at = 0; at < bytes.size(); ++at) {
        if ((at < begin || at >= begin + size) && bytes[at] != kPoison) {
          throw std::runtime_error("memory beside " + images_[i].name + " was written");
        }
      }
      result.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                          bytes.begin() + static_cast<std::ptrdiff_t>(begin + size));
    }
    return result;
  }

 private:
  struct Place {
    DeviceBuffer<std::byte> memory;
    std::size_t begin = 0;
  };
  // The CPU device guards what follows an allocation by itself, and notices reads there too if nothing lies between.
#ifdef DUEL_CPU_DEVICE
  static constexpr std::size_t kTail = 0;
#else
  static constexpr std::size_t kTail = 256;
#endif

  template <class T, int kRank>
  void place(const char* name, View<T, kRank>& view) {
    const TensorImage& image = images_.at(places_.size());
    Place& place = places_.emplace_back();
    view = {};
    if (image.name != name) throw std::logic_error("visited " + std::string(name) + " in the place of " + image.name);
    if (image.bytes.empty()) return;
    place.begin = misalignment_ * sizeof(T);
    std::vector<std::byte> bytes(place.begin + image.bytes.size() + kTail, kPoison);
    std::copy(image.bytes.begin(), image.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(place.begin));
    place.memory = DeviceBuffer<std::byte>(bytes, stream_);
    view = {reinterpret_cast<T*>(place.memory.data() + place.begin), image.rows, image.columns};
  }

  const std::vector<TensorImage>& images_;
  std::size_t misalignment_;
  StreamView stream_;
  std::vector<Place> places_;
};

}  // namespace duel::verify
