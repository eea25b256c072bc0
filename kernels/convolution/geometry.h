// What a convolution connects with what: its sizes, and along an axis the pixels that meet. For host and device.
#pragma once

#include <cstddef>
#include <string>

#include "kernels/op.h"

namespace duel {

/// An image as rows of a matrix with an image per column: row (channel height + y) width + x.
struct ImageShape {
  int channels = 1, height = 1, width = 1;

  DUEL_HOST_DEVICE int pixels() const { return height * width; }
  DUEL_HOST_DEVICE int rows() const { return channels * pixels(); }
};

/// A convolution's sizes, as torch.nn.Conv2d names them: its output at (y, x) sums up weight times input over channels
/// and kernel, at (y stride - padding + ky, x stride - padding + kx). With `upsample` 2 the input is read as if every
/// pixel were a square of 2 x 2 (torch.nn.Upsample, nearest). `transposed`: the layer goes the other way, from the
/// convolution's output to its input, as its gradient does (torch.nn.ConvTranspose2d, whose output padding is what
/// `input` is larger than it must be).
struct ConvolutionGeometry {
  ImageShape input;  ///< of the convolution, before upsampling
  int out_channels = 1;
  int kernel = 3, stride = 1, padding = 1, upsample = 1;
  bool transposed = false;

  static constexpr int kLargestKernel = 16, kLargestStride = 4;

  DUEL_HOST_DEVICE ImageShape output() const {
    const int taken = kernel - 2 * padding;
    return {out_channels, (input.height * upsample - taken) / stride + 1,
            (input.width * upsample - taken) / stride + 1};
  }
  DUEL_HOST_DEVICE ImageShape layer_input() const { return transposed ? output() : input; }
  DUEL_HOST_DEVICE ImageShape layer_output() const { return transposed ? input : output(); }

  int weight_rows() const { return out_channels; }
  int weight_columns() const { return input.channels * kernel * kernel; }
};

/// Throws std::invalid_argument unless there is such a convolution.
inline void require_geometry(const char* op, const ConvolutionGeometry& g) {
  const ImageShape& in = g.input;
  const auto sizes = [&] {
    return std::to_string(in.channels) + " x " + std::to_string(in.height) + " x " + std::to_string(in.width) + " -> " +
           std::to_string(g.out_channels);
  };
  require(in.channels > 0 && in.height > 0 && in.width > 0 && g.out_channels > 0, op,
          "at least one channel and pixel, not " + sizes());
  require(
      g.kernel >= 1 && g.kernel <= ConvolutionGeometry::kLargestKernel, op,
      "kernel from 1 to " + std::to_string(ConvolutionGeometry::kLargestKernel) + ", not " + std::to_string(g.kernel));
  const int most = g.kernel < ConvolutionGeometry::kLargestStride ? g.kernel : ConvolutionGeometry::kLargestStride;
  require(g.stride >= 1 && g.stride <= most, op,
          "stride from 1 to " + std::to_string(most) + " (no larger than the kernel), not " + std::to_string(g.stride));
  require(g.padding >= 0 && g.padding < g.kernel, op,
          "padding from 0 to less than the kernel, " + std::to_string(g.kernel) + ", not " + std::to_string(g.padding));
  require(g.upsample == 1 || g.upsample == 2, op, "upsample 1 or 2, not " + std::to_string(g.upsample));
  require(g.upsample == 1 || g.stride == 1, op,
          "stride 1 where the input is upsampled, not " + std::to_string(g.stride));
  const int shorter = in.height < in.width ? in.height : in.width;
  require(shorter * g.upsample + 2 * g.padding >= g.kernel, op,
          "an input that is no smaller than the kernel with padding, not " + sizes() + ", kernel " +
              std::to_string(g.kernel) + ", padding " + std::to_string(g.padding));
}

/// Along an axis: which pixels of the image that is read meet a pixel of the one that is written, and by which values
/// of the kernel. Pixels are written alike in classes, by their place modulo classes(): pixel r + classes() q meets
/// pixels step() q + first(r) ... step() q + last(r), its taps.
///
/// Forward, pixel o of the output meets floor((stride o - padding + k) / upsample) for each k of the kernel. The
/// adjoint, which gradients need, is the same relation from the other side. A tap may stand for two values of the
/// kernel, which meet the same pixel of an upsampled image: their sum counts. So an upsampled 3 x 3 convolution has
/// four classes of 2 x 2 taps, less than half of the products. Source: W. Shi et al., Is the deconvolution layer the
/// same as a convolutional layer? (2016).
struct TapMap {
  int kernel, stride, padding, upsample;
  bool adjoint;

  DUEL_HOST_DEVICE int classes() const { return adjoint ? stride : upsample; }
  DUEL_HOST_DEVICE int step() const { return adjoint ? upsample : stride; }
  DUEL_HOST_DEVICE int first(int r) const {
    return adjoint ? -floor_of(kernel - 1 - padding - upsample * r, stride) : floor_of(stride * r - padding, upsample);
  }
  DUEL_HOST_DEVICE int last(int r) const {
    return adjoint ? floor_of(upsample * r + upsample - 1 + padding, stride)
                   : floor_of(stride * r - padding + kernel - 1, upsample);
  }
  DUEL_HOST_DEVICE int count(int r) const { return last(r) - first(r) + 1; }

  /// The values of the kernel that tap number t of class r stands for: begin ... end - 1.
  DUEL_HOST_DEVICE int begin(int r, int t) const {
    const int value = lowest(r, t);
    return value < 0 ? 0 : value;
  }
  DUEL_HOST_DEVICE int end(int r, int t) const {
    const int value = lowest(r, t) + upsample;
    return value > kernel ? kernel : value;
  }

  /// The j-th of `extent` pixels, class after class.
  DUEL_HOST_DEVICE int pixel(int j, int extent) const {
    int r = 0;
    for (const int all = classes(); r < all; ++r) {
      const int of_class = (extent - r + all - 1) / all;
      if (j < of_class) break;
      j -= of_class;
    }
    return r + classes() * j;
  }

 private:
  DUEL_HOST_DEVICE static int floor_of(int a, int b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }
  DUEL_HOST_DEVICE int lowest(int r, int t) const {
    const int e = first(r) + t;
    return adjoint ? upsample * r - stride * e + padding : upsample * e - stride * r + padding;
  }
};

/// A layer's way through a convolution: the image that it reads and the one that it writes.
struct Passage {
  ImageShape from, to;
  TapMap taps;  ///< of a pixel of `to`, in `from`
};

DUEL_HOST_DEVICE inline Passage passage(const ConvolutionGeometry& g, bool adjoint) {
  const TapMap taps{g.kernel, g.stride, g.padding, g.upsample, adjoint};
  if (adjoint) return {g.output(), g.input, taps};
  return {g.input, g.output(), taps};
}
DUEL_HOST_DEVICE inline Passage forward_passage(const ConvolutionGeometry& g) {
  return passage(g, g.transposed);
}
/// Of gradients, back through the layer.
DUEL_HOST_DEVICE inline Passage backward_passage(const ConvolutionGeometry& g) {
  return passage(g, !g.transposed);
}

/// The weight as the matrices that a passage multiplies by: for each class of pixels (by row and column)
/// [channels written, channels read x taps down x taps across]. Where a passage has one class and a tap is one value of
/// the kernel, forward without upsampling, that is the weight itself.
struct FilterBank {
  TapMap taps;
  int rows, channels;  ///< written, read

  DUEL_HOST_DEVICE explicit FilterBank(const Passage& p)
      : taps(p.taps), rows(p.to.channels), channels(p.from.channels) {}

  DUEL_HOST_DEVICE bool is_weight() const { return !taps.adjoint && taps.upsample == 1; }
  DUEL_HOST_DEVICE int depth(int down, int across) const { return channels * taps.count(down) * taps.count(across); }
  /// Where the filters of a class begin: those of classes before them come first, each at a multiple of 16 values.
  DUEL_HOST_DEVICE std::size_t begin(int down, int across) const {
    std::size_t sum = 0;
    for (int r = 0; r < down * taps.classes() + across; ++r) {
      sum += size_of(r / taps.classes(), r % taps.classes());
    }
    return sum;
  }
  /// Of all classes.
  DUEL_HOST_DEVICE std::size_t size() const { return is_weight() ? 0 : begin(taps.classes(), 0); }

 private:
  DUEL_HOST_DEVICE std::size_t size_of(int down, int across) const {
    return (static_cast<std::size_t>(rows) * depth(down, across) + 15) / 16 * 16;
  }
};

}  // namespace duel
