// The algorithm is the first one in the order of cuDNN's heuristics, asked once for a convolution, that keeps what ops
// promise:
// - It sums up products of the values themselves. Those in the frequency domain (FFT) and Winograd's round sums of them
//   first, whose errors are not bounded by the terms of a sum.
// - Equal bits every time: cuDNN says of each algorithm whether it is deterministic.
// - FP32: without CUDNN_FMA_MATH cuDNN may take TF32 for floats.
#include "kernels/libraries/cudnn_convolution.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kernels/libraries/cudnn_handle.h"
#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

constexpr std::size_t kLargestWorkspace = std::size_t{256} << 20;  // bytes

using Filter = detail::Owned<cudnnFilterDescriptor_t, cudnnDestroyFilterDescriptor>;
using Description = detail::Owned<cudnnConvolutionDescriptor_t, cudnnDestroyConvolutionDescriptor>;

CudnnTensor make_tensor(int batch, const CudnnConvolution::Image& image) {
  cudnnTensorDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateTensorDescriptor(&handle));
  CudnnTensor tensor(handle);
  check_cudnn(cudnnSetTensor4dDescriptor(handle, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, batch, image.channels,
                                         image.height, image.width));
  return tensor;
}

Filter make_filter(const CudnnConvolution& c) {
  cudnnFilterDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateFilterDescriptor(&handle));
  Filter filter(handle);
  check_cudnn(cudnnSetFilter4dDescriptor(handle, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, c.output.channels,
                                         c.input.channels, c.kernel, c.kernel));
  return filter;
}

// As torch.nn.Conv2d, cross-correlation: the kernel is not turned over.
Description make_description(const CudnnConvolution& c) {
  cudnnConvolutionDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateConvolutionDescriptor(&handle));
  Description description(handle);
  check_cudnn(cudnnSetConvolution2dDescriptor(handle, c.padding, c.padding, c.stride, c.stride, 1, 1,
                                              CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT));
  check_cudnn(cudnnSetConvolutionMathType(handle, CUDNN_FMA_MATH));
  return description;
}

struct Descriptors {
  CudnnTensor input, output;
  Filter weight;
  Description convolution;

  explicit Descriptors(const CudnnConvolution& c)
      : input(make_tensor(c.batch, c.input)),
        output(make_tensor(c.batch, c.output)),
        weight(make_filter(c)),
        convolution(make_description(c)) {}
};

// The three things to compute: which algorithms are sums of products, what cuDNN's heuristics offer and what it costs.
struct Forward {
  static constexpr auto kName = "convolution";
  using Algorithm = cudnnConvolutionFwdAlgo_t;
  using Offer = cudnnConvolutionFwdAlgoPerf_t;
  static constexpr int kAlgorithms = CUDNN_CONVOLUTION_FWD_ALGO_COUNT;
  static constexpr std::array kSums{CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM,
                                    CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM, CUDNN_CONVOLUTION_FWD_ALGO_GEMM,
                                    CUDNN_CONVOLUTION_FWD_ALGO_DIRECT};

  static cudnnStatus_t offers(cudnnHandle_t cudnn, const Descriptors& d, int* count, Offer* offers) {
    return cudnnGetConvolutionForwardAlgorithm_v7(cudnn, d.input.get(), d.weight.get(), d.convolution.get(),
                                                  d.output.get(), kAlgorithms, count, offers);
  }
  static cudnnStatus_t workspace(cudnnHandle_t cudnn, const Descriptors& d, Algorithm algorithm, std::size_t* bytes) {
    return cudnnGetConvolutionForwardWorkspaceSize(cudnn, d.input.get(), d.weight.get(), d.convolution.get(),
                                                   d.output.get(), algorithm, bytes);
  }
};

struct InputGradient {
  static constexpr auto kName = "gradient of an input";
  using Algorithm = cudnnConvolutionBwdDataAlgo_t;
  using Offer = cudnnConvolutionBwdDataAlgoPerf_t;
  static constexpr int kAlgorithms = CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT;
  static constexpr std::array kSums{CUDNN_CONVOLUTION_BWD_DATA_ALGO_0, CUDNN_CONVOLUTION_BWD_DATA_ALGO_1};

  static cudnnStatus_t offers(cudnnHandle_t cudnn, const Descriptors& d, int* count, Offer* offers) {
    return cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnn, d.weight.get(), d.output.get(), d.convolution.get(),
                                                       d.input.get(), kAlgorithms, count, offers);
  }
  static cudnnStatus_t workspace(cudnnHandle_t cudnn, const Descriptors& d, Algorithm algorithm, std::size_t* bytes) {
    return cudnnGetConvolutionBackwardDataWorkspaceSize(cudnn, d.weight.get(), d.output.get(), d.convolution.get(),
                                                        d.input.get(), algorithm, bytes);
  }
};

struct WeightGradient {
  static constexpr auto kName = "gradient of a weight";
  using Algorithm = cudnnConvolutionBwdFilterAlgo_t;
  using Offer = cudnnConvolutionBwdFilterAlgoPerf_t;
  static constexpr int kAlgorithms = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT;
  static constexpr std::array kSums{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1,
                                    CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3};

  static cudnnStatus_t offers(cudnnHandle_t cudnn, const Descriptors& d, int* count, Offer* offers) {
    return cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnn, d.input.get(), d.output.get(), d.convolution.get(),
                                                         d.weight.get(), kAlgorithms, count, offers);
  }
  static cudnnStatus_t workspace(cudnnHandle_t cudnn, const Descriptors& d, Algorithm algorithm, std::size_t* bytes) {
    return cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnn, d.input.get(), d.output.get(), d.convolution.get(),
                                                          d.weight.get(), algorithm, bytes);
  }
};

// How to compute it for one convolution.
template <class What>
struct Plan {
  Descriptors descriptors;
  typename What::Algorithm algorithm{};
  std::size_t workspace = 0;
};

// The workspace is asked for by itself: an offer's belongs to the math type that the offer names, which may be another.
template <class What>
Plan<What> make_plan(cudnnHandle_t cudnn, const CudnnConvolution& c) {
  Plan<What> plan{Descriptors(c)};
  std::array<typename What::Offer, What::kAlgorithms> offers{};
  int count = 0;
  check_cudnn(What::offers(cudnn, plan.descriptors, &count, offers.data()));
  for (int i = 0; i < count; ++i) {
    const auto& offer = offers[i];
    if (offer.status != CUDNN_STATUS_SUCCESS || offer.determinism != CUDNN_DETERMINISTIC) continue;
    if (std::find(What::kSums.begin(), What::kSums.end(), offer.algo) == What::kSums.end()) continue;
    if (What::workspace(cudnn, plan.descriptors, offer.algo, &plan.workspace) != CUDNN_STATUS_SUCCESS) continue;
    if (plan.workspace > kLargestWorkspace) continue;
    plan.algorithm = offer.algo;
    return plan;
  }
  const auto text = [](const CudnnConvolution::Image& image) {
    return std::to_string(image.channels) + " x " + std::to_string(image.height) + " x " + std::to_string(image.width);
  };
  throw LibraryError(std::string("cuDNN has no deterministic sum in FP32 for the ") + What::kName + ": " +
                     std::to_string(c.batch) + " of " + text(c.input) + " -> " + text(c.output) + ", kernel " +
                     std::to_string(c.kernel) + "; choose another variant");
}

template <class What>
struct Plans {
  std::map<CudnnConvolution, Plan<What>> made;
};

template <class What>
const Plan<What>& plan_of(cudnnHandle_t cudnn, const CudnnConvolution& c) {
  auto& plans = of_current_device<Plans<What>>().made;
  auto found = plans.find(c);
  if (found == plans.end()) found = plans.emplace(c, make_plan<What>(cudnn, c)).first;
  return found->second;
}

// Memory that streams work in, kept as long as the process: captured graphs go on using it. So a stream that needs more
// gets another piece, at least twice as large as its last one. What works in it never overlaps, as it is one stream's.
class StreamMemory {
 public:
  std::byte* of(StreamView stream, std::size_t bytes) {
    if (bytes == 0) return nullptr;
    std::vector<DeviceBuffer<std::byte>>& pieces = pieces_[stream.get()];
    const std::size_t largest = pieces.empty() ? 0 : pieces.back().size();
    if (largest < bytes) pieces.emplace_back(std::max(bytes, 2 * largest));
    return pieces.back().data();
  }

 private:
  std::map<cudaStream_t, std::vector<DeviceBuffer<std::byte>>> pieces_;
};
struct Workspaces : StreamMemory {};
struct Images : StreamMemory {};

// Both under with_cudnn()'s lock.
std::byte* workspace_of(StreamView stream, std::size_t bytes) {
  return of_current_device<Workspaces>().of(stream, bytes);
}

const float kOne = 1.f, kZero = 0.f;  // with a factor of 0 the result is not read

}  // namespace

void launch_cudnn_convolution(const CudnnConvolution& c, const float* input, const float* weight, float* output,
                              StreamView stream) {
  with_cudnn(stream, [&](cudnnHandle_t cudnn) {
    const Plan<Forward>& plan = plan_of<Forward>(cudnn, c);
    const Descriptors& d = plan.descriptors;
    check_cudnn(cudnnConvolutionForward(cudnn, &kOne, d.input.get(), input, d.weight.get(), weight, d.convolution.get(),
                                        plan.algorithm, workspace_of(stream, plan.workspace), plan.workspace, &kZero,
                                        d.output.get(), output));
  });
}

void launch_cudnn_input_gradient(const CudnnConvolution& c, const float* weight, const float* d_output, float* d_input,
                                 StreamView stream) {
  with_cudnn(stream, [&](cudnnHandle_t cudnn) {
    const Plan<InputGradient>& plan = plan_of<InputGradient>(cudnn, c);
    const Descriptors& d = plan.descriptors;
    check_cudnn(cudnnConvolutionBackwardData(cudnn, &kOne, d.weight.get(), weight, d.output.get(), d_output,
                                             d.convolution.get(), plan.algorithm, workspace_of(stream, plan.workspace),
                                             plan.workspace, &kZero, d.input.get(), d_input));
  });
}

void launch_cudnn_weight_gradient(const CudnnConvolution& c, const float* input, const float* d_output, float* d_weight,
                                  StreamView stream) {
  with_cudnn(stream, [&](cudnnHandle_t cudnn) {
    const Plan<WeightGradient>& plan = plan_of<WeightGradient>(cudnn, c);
    const Descriptors& d = plan.descriptors;
    check_cudnn(cudnnConvolutionBackwardFilter(
        cudnn, &kOne, d.input.get(), input, d.output.get(), d_output, d.convolution.get(), plan.algorithm,
        workspace_of(stream, plan.workspace), plan.workspace, &kZero, d.weight.get(), d_weight));
  });
}

CudnnImages cudnn_images(const CudnnConvolution& c, StreamView stream) {
  const std::size_t inputs = ArenaPlan::rounded(c.inputs() * sizeof(float)), outputs = c.outputs() * sizeof(float);
  CudnnImages images{};
  with_cudnn(stream, [&](cudnnHandle_t) {
    std::byte* const memory = of_current_device<Images>().of(stream, inputs + outputs);
    images = {reinterpret_cast<float*>(memory), reinterpret_cast<float*>(memory + inputs)};
  });
  return images;
}

}  // namespace duel
