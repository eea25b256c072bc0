// Convolutions by their definition: a thread per value, the kernel's values in a loop.
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/convolution/finish.cuh"
#include "kernels/ops/convolution_input_gradient/finish.cuh"
#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;

enum class Defect {
  none,
  padding_off_by_one,
  stride_ignored,
  kernel_turned,
  last_channel_lost,
  edges_repeated,
  last_partial_tile_lost,
  // forward
  upsampling_by_two_ignored,
  bias_forgotten,
  bias_of_the_pixel,
  columns_from_the_first,
  head_of_the_channel,
  // gradient
  upsampled_taps_dropped,
  holes_of_the_stride_filled,
  factor_forgotten,
  slope_forgotten,
  weight_of_written_channels,
  // weight
  images_exchanged,
  last_row_of_pixels_lost,
  bias_of_all_columns,
  bias_of_a_pixel,
  update_forgotten,
};

// Of the convolution's input at (y, x), counted before upsampling; below 0: none.
template <Defect kDefect>
__device__ int input_pixel(const ConvolutionGeometry& g, int oy, int ox, int ky, int kx) {
  const int stride = kDefect == Defect::stride_ignored ? 1 : g.stride;
  const int padding = kDefect == Defect::padding_off_by_one ? g.padding + 1 : g.padding;
  const int upsample = kDefect == Defect::upsampling_by_two_ignored ? 1 : g.upsample;
  int y = oy * stride - padding + ky, x = ox * stride - padding + kx;
  const int height = g.input.height * upsample, width = g.input.width * upsample;
  if constexpr (kDefect == Defect::edges_repeated) {
    y = y < 0 ? 0 : y >= height ? height - 1 : y;
    x = x < 0 ? 0 : x >= width ? width - 1 : x;
  }
  if (y < 0 || y >= height || x < 0 || x >= width) return -1;
  return y / upsample * g.input.width + x / upsample;
}

__device__ float weight_at(const ConvolutionGeometry& g, const float* weight, int output, int input, int ky, int kx) {
  return weight[((static_cast<std::size_t>(output) * g.input.channels + input) * g.kernel + ky) * g.kernel + kx];
}

// Where along an axis of the convolution's output a pixel of the (upsampled) input meets a value of the kernel; -1:
// nowhere.
template <Defect kDefect>
__device__ int output_place(const ConvolutionGeometry& g, int upsampled, int k, int extent) {
  const int padding = kDefect == Defect::padding_off_by_one ? g.padding + 1 : g.padding;
  const int place = upsampled + padding - k, stride = kDefect == Defect::stride_ignored ? 1 : g.stride;
  if (place < 0 || (kDefect != Defect::holes_of_the_stride_filled && place % stride != 0)) return -1;
  return place / stride < extent ? place / stride : -1;
}

// The sum of the convolution at an output's pixel.
template <Defect kDefect>
__device__ float output_sum(const ConvolutionGeometry& g, const float* weight, const Samples& read, int channel, int oy,
                            int ox, int c) {
  const int lost = kDefect == Defect::last_channel_lost && g.input.channels > 1 ? 1 : 0;
  float sum = 0.f;
  for (int ci = 0; ci < g.input.channels - lost; ++ci) {
    for (int ky = 0; ky < g.kernel; ++ky) {
      for (int kx = 0; kx < g.kernel; ++kx) {
        const int pixel = input_pixel<kDefect>(g, oy, ox, ky, kx);
        if (pixel < 0) continue;
        const int wy = kDefect == Defect::kernel_turned ? g.kernel - 1 - ky : ky;
        sum += weight_at(g, weight, channel, ci, wy, kx) *
               read.data[static_cast<std::size_t>(ci * g.input.pixels() + pixel) * read.stride + c];
      }
    }
  }
  return sum;
}

// Of its adjoint at an input's pixel.
template <Defect kDefect>
__device__ float input_sum(const ConvolutionGeometry& g, const float* weight, const Samples& read, int channel, int y,
                           int x, int c, int channels_written) {
  const ImageShape output = g.output();
  ConvolutionGeometry of_weight = g;
  if (kDefect == Defect::weight_of_written_channels) of_weight.input.channels = channels_written;
  const int of_each = kDefect == Defect::upsampled_taps_dropped ? 1 : g.upsample;
  const int lost = kDefect == Defect::last_channel_lost && output.channels > 1 ? 1 : 0;
  float sum = 0.f;
  for (int co = 0; co < output.channels - lost; ++co) {
    for (int square = 0; square < of_each * of_each; ++square) {
      for (int ky = 0; ky < g.kernel; ++ky) {
        for (int kx = 0; kx < g.kernel; ++kx) {
          const int oy = output_place<kDefect>(g, y * g.upsample + square / of_each, ky, output.height);
          const int ox = output_place<kDefect>(g, x * g.upsample + square % of_each, kx, output.width);
          if (oy < 0 || ox < 0) continue;
          const int wy = kDefect == Defect::kernel_turned ? g.kernel - 1 - ky : ky;
          const int row = (co * output.height + oy) * output.width + ox;
          sum += weight_at(of_weight, weight, co, channel, wy, kx) *
                 read.data[static_cast<std::size_t>(row) * read.stride + c];
        }
      }
    }
  }
  return sum;
}

template <Defect kDefect>
__device__ void finish(Convolution<float> a, int channel, std::size_t row, int c, float sum) {
  float bias[1];
  if (kDefect == Defect::bias_forgotten) a.bias = {};
  if (kDefect == Defect::bias_of_the_pixel && a.bias) {
    bias[0] = a.bias.data[row % a.bias.rows];
    a.bias.data = bias;
    channel = 0;
  }
  if (kDefect == Defect::columns_from_the_first) a.first_column = 0;
  // finish_piece() reads the row's.
  if (kDefect == Defect::head_of_the_channel && a.head_weight) a.head_weight.data += channel - static_cast<int>(row);
  finish_piece(a, channel, row, c, 1, false, RegisterRow<1>::filled(sum));
}
template <Defect kDefect>
__device__ void finish(ConvolutionInputGradient<float> a, int channel, std::size_t row, int c, float sum) {
  if (kDefect == Defect::factor_forgotten) a.factor = {};
  if (kDefect == Defect::slope_forgotten) a.output = {};
  finish_piece(a, channel, row, c, 1, false, RegisterRow<1>::filled(sum));
}

template <Defect kDefect, class Arguments>
__global__ void value_kernel(Arguments a) {
  const Samples samples = samples_of(a);
  const Passage p = passage_of(a);
  const int i = blockIdx.x * kThreads + threadIdx.x, row = i / samples.count, c = i % samples.count;
  const int used = kDefect == Defect::last_partial_tile_lost ? samples.count / 4 * 4 : samples.count;
  if (row >= p.to.rows() || c >= used) return;
  const int channel = row / p.to.pixels(), y = row % p.to.pixels() / p.to.width, x = row % p.to.width;
  finish<kDefect>(a, channel, row, c,
                  p.taps.adjoint
                      ? input_sum<kDefect>(a.geometry, a.weight.data, samples, channel, y, x, c, p.to.channels)
                      : output_sum<kDefect>(a.geometry, a.weight.data, samples, channel, y, x, c));
}

LaunchShape threads_for(std::size_t count) {
  return {blocks_for(count, kThreads), kThreads};
}

template <Defect kDefect, class Arguments>
void launch_values(const Arguments& a, StreamView stream) {
  launch(stream, threads_for(static_cast<std::size_t>(passage_of(a).to.rows()) * samples_of(a).count),
         value_kernel<kDefect, Arguments>, a);
}

// A thread per value of d adds to all that it reached. Without the activation and factors: cases without are enough.
__global__ void clear_kernel(ConvolutionInputGradient<float> a) {
  const int i = blockIdx.x * kThreads + threadIdx.x, row = i / a.batch();
  if (row < a.d_below.rows) a.d_below.data[row * a.d_below.columns + a.below_column + i % a.batch()] = 0.f;
}
__global__ void scatter_kernel(ConvolutionInputGradient<float> a) {
  const ConvolutionGeometry& g = a.geometry;
  const ImageShape output = g.output();
  const int i = blockIdx.x * kThreads + threadIdx.x, row = i / a.batch(), c = i % a.batch();
  if (row >= output.rows()) return;
  const int co = row / output.pixels(), oy = row % output.pixels() / output.width, ox = row % output.width;
  const float d = a.d_linear.data[static_cast<std::size_t>(row) * a.d_linear.columns + a.first_column + c];
  for (int ci = 0; ci < a.passage().to.channels; ++ci) {
    for (int tap = 0; tap < g.kernel * g.kernel; ++tap) {
      const int pixel = input_pixel<Defect::none>(g, oy, ox, tap / g.kernel, tap % g.kernel);
      if (pixel < 0) continue;
      const std::size_t to = static_cast<std::size_t>(ci * g.input.pixels() + pixel) * a.d_below.columns;
      atomicAdd(a.d_below.data + to + a.below_column + c,
                weight_at(g, a.weight.data, co, ci, tap / g.kernel, tap % g.kernel) * d);
    }
  }
}
void scatter(const ConvolutionInputGradient<float>& a, StreamView stream) {
  if (a.geometry.transposed || a.output || a.factor) return launch_values<Defect::none>(a, stream);
  launch(stream, threads_for(static_cast<std::size_t>(a.d_below.rows) * a.batch()), clear_kernel, a);
  launch(stream, threads_for(static_cast<std::size_t>(a.d_linear.rows) * a.batch()), scatter_kernel, a);
}

// A thread per value of the weight, then one per channel's bias.
template <Defect kDefect>
__global__ void weight_kernel(ConvolutionWeightGradient<float> a) {
  const ConvolutionGeometry& g = a.geometry;
  const ImageShape output = g.output(), to = g.layer_output();
  const int i = blockIdx.x * kThreads + threadIdx.x, square = g.kernel * g.kernel,
            of_output = g.input.channels * square;
  UpdateStep step = step_of(a.optimizer);
  if (kDefect == Defect::update_forgotten) step.kind = step.kNone;
  const bool turned = g.transposed && kDefect != Defect::images_exchanged;
  const float* const of_output_image = turned ? a.input.data : a.d_linear.data;
  const float* const of_input_image = turned ? a.d_linear.data : a.input.data;
  if (i < g.out_channels * of_output) {
    const int co = i / of_output, ci = i % of_output / square, ky = i % square / g.kernel, kx = i % g.kernel;
    const int wy = kDefect == Defect::kernel_turned ? g.kernel - 1 - ky : ky;
    const int lost = kDefect == Defect::last_row_of_pixels_lost && output.height > 1 ? 1 : 0;
    const int used = kDefect == Defect::last_partial_tile_lost ? a.batch() / 4 * 4 : a.batch();
    float sum = 0.f;
    for (int oy = 0; oy < output.height - lost; ++oy) {
      for (int ox = 0; ox < output.width; ++ox) {
        if (kDefect == Defect::upsampled_taps_dropped && (oy % g.upsample > 0 || ox % g.upsample > 0)) continue;
        const int pixel = input_pixel<kDefect>(g, oy, ox, wy, kx);
        if (pixel < 0) continue;
        const int out = (co * output.height + oy) * output.width + ox, in = ci * g.input.pixels() + pixel;
        for (int c = 0; c < used; ++c) sum += of_output_image[out * a.batch() + c] * of_input_image[in * a.batch() + c];
      }
    }
    update_parameter(a.weight, static_cast<std::size_t>(i), 1, false, RegisterRow<1>::filled(sum), step);
  } else if (const int channel = i - g.out_channels * of_output; a.has_bias() && channel < to.channels) {
    const int counted = kDefect == Defect::bias_of_all_columns ? a.batch() : a.batch() - a.without_bias;
    const int pixels = kDefect == Defect::bias_of_a_pixel ? 1 : to.pixels();
    float sum = 0.f;
    for (int pixel = 0; pixel < pixels; ++pixel) {
      for (int c = 0; c < counted; ++c) sum += a.d_linear.data[(channel * to.pixels() + pixel) * a.batch() + c];
    }
    update_parameter(a.bias, channel, sum, step);
  }
}
template <Defect kDefect>
void launch_weight(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  const int values = a.geometry.weight_rows() * a.geometry.weight_columns() + a.geometry.layer_output().channels;
  launch(stream, threads_for(static_cast<std::size_t>(values)), weight_kernel<kDefect>, a);
}

template <Defect kDefect>
BrokenKernel weight(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<ConvolutionWeightGradient<float>>(convolution_weight_gradient_op(), name, what, catcher,
                                                  launch_weight<kDefect>);
}
template <Defect kDefect>
BrokenKernel forward(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<Convolution<float>>(convolution_op(), name, what, catcher, launch_values<kDefect, Convolution<float>>);
}
template <Defect kDefect>
BrokenKernel gradient(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<ConvolutionInputGradient<float>>(convolution_input_gradient_op(), name, what, catcher,
                                                 launch_values<kDefect, ConvolutionInputGradient<float>>);
}

}  // namespace

std::vector<BrokenKernel> broken_convolution_kernels() {
  using D = Defect;
  return {
      forward<D::none>("by_definition", "", Catcher::nobody),
      forward<D::padding_off_by_one>("padding_off_by_one", "the image lies a pixel further down and right"),
      forward<D::stride_ignored>("stride_ignored", "takes neighbouring pixels"),
      forward<D::kernel_turned>("kernel_turned", "the kernel is upside down"),
      forward<D::last_channel_lost>("last_channel_lost", "leaves out a channel of the input"),
      forward<D::edges_repeated>("edges_repeated", "repeats the edge where zeros belong"),
      forward<D::last_partial_tile_lost>("last_partial_tile_lost", "no samples beyond the last whole four"),
      forward<D::upsampling_by_two_ignored>("upsampling_by_two_ignored", "reads the image as it is"),
      forward<D::bias_forgotten>("bias_forgotten", "adds no bias"),
      forward<D::bias_of_the_pixel>("bias_of_the_pixel", "bias by row, not by channel"),
      forward<D::columns_from_the_first>("columns_from_the_first", "writes others' columns"),
      forward<D::head_of_the_channel>("head_of_the_channel", "the head's weight by channel, not by row"),
      gradient<D::none>("by_definition", "", Catcher::nobody),
      gradient<D::padding_off_by_one>("padding_off_by_one", "the image lies a pixel further down and right"),
      gradient<D::stride_ignored>("stride_ignored", "takes neighbouring pixels"),
      gradient<D::kernel_turned>("kernel_turned", "the kernel is upside down"),
      gradient<D::last_channel_lost>("last_channel_lost", "leaves out a channel of the output"),
      gradient<D::last_partial_tile_lost>("last_partial_tile_lost", "no samples beyond the last whole four"),
      gradient<D::upsampled_taps_dropped>("upsampled_taps_dropped", "only one pixel of each square has a gradient"),
      gradient<D::holes_of_the_stride_filled>("holes_of_the_stride_filled", "takes pixels that a stride leaves out"),
      gradient<D::factor_forgotten>("factor_forgotten", "samples are not weighted"),
      gradient<D::slope_forgotten>("slope_forgotten", "forgets the activation below"),
      gradient<D::weight_of_written_channels>("weight_of_written_channels",
                                              "finds the weight as if there were no further channels"),
      broken<ConvolutionInputGradient<float>>(convolution_input_gradient_op(), "by_atomics",
                                              "bits depend on the order of threads", Catcher::verify, scatter),
      weight<D::none>("by_definition", "", Catcher::nobody),
      weight<D::padding_off_by_one>("padding_off_by_one", "the image lies a pixel further down and right"),
      weight<D::stride_ignored>("stride_ignored", "takes neighbouring pixels"),
      weight<D::kernel_turned>("kernel_turned", "the kernel is upside down"),
      weight<D::last_partial_tile_lost>("last_partial_tile_lost", "no samples beyond the last whole four"),
      weight<D::upsampled_taps_dropped>("upsampled_taps_dropped", "only one pixel of each square counts"),
      weight<D::last_row_of_pixels_lost>("last_row_of_pixels_lost", "leaves out the image's last row"),
      weight<D::images_exchanged>("images_exchanged", "takes a transposed layer's d for its input"),
      weight<D::bias_of_all_columns>("bias_of_all_columns", "the bias sees what it should not"),
      weight<D::bias_of_a_pixel>("bias_of_a_pixel", "the bias's gradient is its first pixel's"),
      weight<D::update_forgotten>("update_forgotten", "parameters stay as they were"),
  };
}

}  // namespace duel::test
