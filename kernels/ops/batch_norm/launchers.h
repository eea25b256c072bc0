#pragma once

#include "kernels/ops/batch_norm/batch_norm.h"

namespace duel {

bool batch_norm_parts_supports(const BatchNorm<float>& arguments, const Device& device);
void batch_norm_parts(const BatchNorm<float>& arguments, StreamView stream);
void batch_norm_channels(const BatchNorm<float>& arguments, StreamView stream);
void batch_norm_one_thread(const BatchNorm<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
