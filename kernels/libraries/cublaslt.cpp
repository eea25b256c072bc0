// Products by cuBLASLt in FP32 (no TF32). The algorithm is its heuristics' first choice for a shape and alignment,
// asked once. A product needs a workspace where it splits the depth; products of one stream share one, as they never
// overlap.
#include <cublasLt.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>

#include "kernels/libraries/column_major.h"
#include "kernels/libraries/library.h"
#include "kernels/libraries/library_error.h"
#include "kernels/libraries/per_device.h"
#include "kernels/libraries/relaxed_capture.h"
#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

constexpr std::size_t kWorkspaceBytes = std::size_t{16} << 20;  // four partial results of 1024 x 1024

void check_cublas(cublasStatus_t status, SourcePlace place = SourcePlace::current()) {
  if (status != CUBLAS_STATUS_SUCCESS) throw_library_error("cuBLASLt", cublasLtGetStatusName(status), place);
}

using Description = detail::Owned<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy>;
using MatrixLayout = detail::Owned<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy>;
using Preference = detail::Owned<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy>;

Description make_description(const ColumnMajorProduct& p) {
  cublasLtMatmulDesc_t handle = nullptr;
  check_cublas(cublasLtMatmulDescCreate(&handle, CUBLAS_COMPUTE_32F, CUDA_R_32F));
  Description description(handle);
  const cublasOperation_t first = p.transpose_first ? CUBLAS_OP_T : CUBLAS_OP_N;
  const cublasOperation_t second = p.transpose_second ? CUBLAS_OP_T : CUBLAS_OP_N;
  check_cublas(cublasLtMatmulDescSetAttribute(handle, CUBLASLT_MATMUL_DESC_TRANSA, &first, sizeof first));
  check_cublas(cublasLtMatmulDescSetAttribute(handle, CUBLASLT_MATMUL_DESC_TRANSB, &second, sizeof second));
  return description;
}

// As it lies in memory: column-major, before any transposition.
MatrixLayout make_layout(int rows, int columns, int stride) {
  cublasLtMatrixLayout_t handle = nullptr;
  check_cublas(cublasLtMatrixLayoutCreate(&handle, CUDA_R_32F, static_cast<std::uint64_t>(rows),
                                          static_cast<std::uint64_t>(columns), stride));
  return MatrixLayout(handle);
}

// The largest power of two, up to 256, that divides the address.
std::uint32_t alignment_of(const void* data) {
  std::uint32_t alignment = 256;
  while (reinterpret_cast<std::uintptr_t>(data) % alignment != 0) alignment /= 2;
  return alignment;
}

Preference make_preference(const ColumnMajorProduct& p) {
  cublasLtMatmulPreference_t handle = nullptr;
  check_cublas(cublasLtMatmulPreferenceCreate(&handle));
  Preference preference(handle);
  const auto set = [&](cublasLtMatmulPreferenceAttributes_t attribute, const auto& value) {
    check_cublas(cublasLtMatmulPreferenceSetAttribute(handle, attribute, &value, sizeof value));
  };
  set(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, std::uint64_t{kWorkspaceBytes});
  set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignment_of(p.first));
  set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignment_of(p.second));
  set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignment_of(p.result));
  set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignment_of(p.result));
  return preference;
}

// How to compute products of one shape and alignment.
struct Plan {
  Description description;
  MatrixLayout first, second, result;
  cublasLtMatmulAlgo_t algorithm;
};

Plan make_plan(cublasLtHandle_t library, const ColumnMajorProduct& p) {
  Plan plan{make_description(p),
            p.transpose_first ? make_layout(p.k, p.m, p.first_stride) : make_layout(p.m, p.k, p.first_stride),
            p.transpose_second ? make_layout(p.n, p.k, p.second_stride) : make_layout(p.k, p.n, p.second_stride),
            make_layout(p.m, p.n, p.result_stride),
            {}};
  const Preference preference = make_preference(p);
  cublasLtMatmulHeuristicResult_t found{};
  int count = 0;
  check_cublas(cublasLtMatmulAlgoGetHeuristic(library, plan.description.get(), plan.first.get(), plan.second.get(),
                                              plan.result.get(), plan.result.get(), preference.get(), 1, &found,
                                              &count));
  if (count == 0) {
    throw LibraryError("cuBLASLt has no algorithm for a product of " + std::to_string(p.n) + " x " +
                       std::to_string(p.m) + ", depth " + std::to_string(p.k));
  }
  check_cublas(found.state);
  plan.algorithm = found.algo;
  return plan;
}

using Key = std::array<std::int64_t, 11>;
Key key_of(const ColumnMajorProduct& p) {
  return {p.transpose_first,
          p.transpose_second,
          p.m,
          p.n,
          p.k,
          p.first_stride,
          p.second_stride,
          p.result_stride,
          alignment_of(p.first),
          alignment_of(p.second),
          alignment_of(p.result)};
}

// The library on one device.
class CublasLt {
 public:
  CublasLt() { check_cublas(cublasLtCreate(&library_)); }
  CublasLt(const CublasLt&) = delete;
  CublasLt& operator=(const CublasLt&) = delete;

  void enqueue(const ColumnMajorProduct& p, StreamView stream) {
    const std::lock_guard lock(mutex_);
    const Key key = key_of(p);
    auto found = plans_.find(key);
    if (found == plans_.end()) found = plans_.emplace(key, make_plan(library_, p)).first;
    const Plan& plan = found->second;
    const float one = 1.f, zero = 0.f;  // with a factor of 0 the result is not read
    check_cublas(cublasLtMatmul(library_, plan.description.get(), &one, p.first, plan.first.get(), p.second,
                                plan.second.get(), &zero, p.result, plan.result.get(), p.result, plan.result.get(),
                                &plan.algorithm, workspace_of(stream), kWorkspaceBytes, stream.get()));
  }

 private:
  // Kept as long as the process: captured graphs go on using it.
  void* workspace_of(StreamView stream) {
    DeviceBuffer<std::byte>& workspace = workspaces_[stream.get()];
    if (workspace.size() == 0) workspace = DeviceBuffer<std::byte>(kWorkspaceBytes);
    return workspace.data();
  }

  cublasLtHandle_t library_ = nullptr;
  std::mutex mutex_;
  std::map<Key, Plan> plans_;
  std::map<cudaStream_t, DeviceBuffer<std::byte>> workspaces_;
};

}  // namespace

void launch_library_product(const LibraryProduct& product, StreamView stream) {
  const RelaxedCapture relaxed;
  of_current_device<CublasLt>().enqueue(column_major(product), stream);
}

}  // namespace duel
