#include "kernels/convolution/library_passage.cuh"
#include "kernels/ops/convolution/finish.cuh"
#include "kernels/ops/convolution/launchers.h"

namespace duel {

void convolution_library(const Convolution<float>& a, StreamView stream) {
  launch_library_passage(a, stream);
}

}  // namespace duel
