// The variants of linear_tangent, for its table.
#pragma once

#include "kernels/ops/linear_tangent/linear_tangent.h"

namespace duel {

void linear_tangent_tiles(const LinearTangent<float>& arguments, StreamView stream);
void linear_tangent_split_depth(const LinearTangent<float>& arguments, StreamView stream);
void linear_tangent_deep_split_depth(const LinearTangent<float>& arguments, StreamView stream);
void linear_tangent_tf32(const LinearTangent<float>& arguments, StreamView stream);
void linear_tangent_bf16(const LinearTangent<float>& arguments, StreamView stream);
void linear_tangent_fp16(const LinearTangent<float>& arguments, StreamView stream);
void linear_tangent_one_thread(const LinearTangent<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
