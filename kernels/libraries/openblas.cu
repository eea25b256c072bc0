// Products by OpenBLAS, on the CPU device, where a kernel is host code: a block computes a panel of the result with the
// library's own single thread, so the device's workers share the work, and a product runs in the order of its stream
// and inside a graph like any kernel. Panels depend on shapes alone: bits do not depend on the number of workers.
//
// The library is loaded for the first product. Where it belongs to the program it starts its threads before main(),
// in programs too that never multiply, and hangs or kills them where memory or threads are short.
#include <cblas.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "kernels/libraries/column_major.h"
#include "kernels/libraries/library.h"
#include "kernels/runtime/launch.h"
#include "kernels/simt/external_access.h"

namespace duel {
namespace {

constexpr int kPanel = 128;  // rows or columns of the result, along its longer side

struct OpenBlas {
  decltype(&cblas_sgemm) sgemm;
};

OpenBlas load_openblas() {
  setenv("OPENBLAS_NUM_THREADS", "1", 1);  // read while it is loaded: no thread of its own
  void* const library = dlopen(DUEL_OPENBLAS, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* const sgemm = library ? dlsym(library, "cblas_sgemm") : nullptr;
  if (sgemm) return {reinterpret_cast<decltype(&cblas_sgemm)>(sgemm)};
  const char* const reason = dlerror();
  throw CudaError(cudaErrorUnknown, "OpenBLAS cannot be loaded: " + std::string(reason ? reason : DUEL_OPENBLAS) +
                                        "; choose another variant, or see how much memory is left (ulimit -v)");
}

const OpenBlas& openblas() {
  static const OpenBlas loaded = load_openblas();
  return loaded;
}

// Nobody sees what the library touches: checked builds are told. [rows, columns], as it lies in memory.
void declare_accesses(const float* matrix, int rows, int columns, int stride, bool is_write) {
  for (int column = 0; column < columns; ++column) {
    simt::external_access(matrix + static_cast<std::size_t>(column) * stride, rows * sizeof(float), is_write);
  }
}

void multiply(const ColumnMajorProduct& p, float beta = 0.f) {
  declare_accesses(p.first, p.transpose_first ? p.k : p.m, p.transpose_first ? p.m : p.k, p.first_stride, false);
  declare_accesses(p.second, p.transpose_second ? p.n : p.k, p.transpose_second ? p.k : p.n, p.second_stride, false);
  if (beta != 0.f) declare_accesses(p.result, p.m, p.n, p.result_stride, false);
  declare_accesses(p.result, p.m, p.n, p.result_stride, true);
  const auto transposed = [](bool is) { return is ? CblasTrans : CblasNoTrans; };
  openblas().sgemm(CblasColMajor, transposed(p.transpose_first), transposed(p.transpose_second), p.m, p.n, p.k, 1.f,
                   p.first, p.first_stride, p.second, p.second_stride, beta, p.result, p.result_stride);
}

__global__ void openblas_product_kernel(ColumnMajorProduct p) {
  const int begin = static_cast<int>(blockIdx.x) * kPanel;
  multiply(p.m > p.n ? rows_of(p, begin, std::min(kPanel, p.m - begin))
                     : columns_of(p, begin, std::min(kPanel, p.n - begin)));
}

}  // namespace

void multiply_in_block(const LibraryProduct& product, bool adds) {
  multiply(column_major(product), adds ? 1.f : 0.f);
}
void load_product_library() {
  openblas();  // where an exception can tell what is missing
}

void launch_library_product(const LibraryProduct& product, StreamView stream) {
  load_product_library();
  const ColumnMajorProduct p = column_major(product);
  launch(stream, {blocks_for(std::max(p.m, p.n), kPanel)}, openblas_product_kernel, p);
}

}  // namespace duel
