// Cases and bounds of label_embedding and its gradient.
#pragma once

#include "kernels/ops/label_embedding/label_embedding.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<LabelEmbedding<double>, LabelEmbedding<float>> label_embedding_cases();
OpCases<LabelEmbeddingGradient<double>, LabelEmbeddingGradient<float>> label_embedding_gradient_cases();

}  // namespace duel::verify
