// The variants of convolution, for its table.
#pragma once

#include "kernels/ops/convolution/convolution.h"

namespace duel {

void convolution_direct(const Convolution<float>& arguments, StreamView stream);
void convolution_tiles(const Convolution<float>& arguments, StreamView stream);
void convolution_one_thread(const Convolution<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
