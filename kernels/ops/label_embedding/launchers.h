#pragma once

#include "kernels/ops/label_embedding/label_embedding.h"

namespace duel {

void label_embedding_warps(const LabelEmbedding<float>& arguments, StreamView stream);
void label_embedding_one_thread(const LabelEmbedding<float>& arguments, StreamView stream);  // host builds only

void label_embedding_gradient_warps(const LabelEmbeddingGradient<float>& arguments, StreamView stream);
void label_embedding_gradient_one_thread(const LabelEmbeddingGradient<float>& arguments,
                                         StreamView stream);  // host builds only

}  // namespace duel
