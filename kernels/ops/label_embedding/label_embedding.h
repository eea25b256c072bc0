// A learned vector for each class in the place of one-hot classes, as part of the layer that reads them: its weight is
// W, the last inputs of which are such a vector; `embedded` is the weight of the layer that reads one-hot classes and
// does the same. So nothing else has to know of it. Of class c the columns are sums over the vector's values k,
// E[c, k] W[:, k], and all other columns are W's. Source: torch.nn.Embedding, as PyTorch-GAN's cgan.py puts its output
// beside latents and images.
#pragma once

#include <cstdint>

#include "kernels/op.h"

namespace duel {

template <class T>
struct LabelEmbedding {
  Matrix<const T> embedding;  ///< E [classes, classes], read
  Matrix<const T> weight;     ///< W [rows, columns], read
  int taps = 1;               ///< neighbouring columns of an input: of convolutions kernel x kernel
  Matrix<T> embedded;         ///< [rows, columns], written

  /// The first column of classes.
  DUEL_HOST_DEVICE int first() const { return weight.columns - embedding.rows * taps; }
};

/// The way back: of dL/d embedded, in the columns of classes, dL/dW and dL/dE.
template <class T>
struct LabelEmbeddingGradient {
  Matrix<const T> embedding;     ///< E [classes, classes], read
  Matrix<const T> weight;        ///< W [rows, columns], read
  int taps = 1;                  ///< as forward
  Matrix<T> weight_gradient;     ///< dL/d embedded, read; dL/dW in its place, written [rows, columns]
  Matrix<T> embedding_gradient;  ///< dL/dE [classes, classes], written
  Vector<T> workspace;           ///< [label_embedding_workspace() or more], overwritten; means nothing outside

  DUEL_HOST_DEVICE int first() const { return weight.columns - embedding.rows * taps; }
};

/// Values that the gradient needs to work with: those of the classes' columns.
constexpr std::int64_t label_embedding_workspace(int rows, int classes, int taps) {
  return std::int64_t{rows} * classes * taps;
}

const Op<LabelEmbedding<float>>& label_embedding_op();
const Op<LabelEmbeddingGradient<float>>& label_embedding_gradient_op();

/// The same in double precision, on host memory; the gradient needs no workspace.
void label_embedding_reference(const LabelEmbedding<double>& arguments);
void label_embedding_gradient_reference(const LabelEmbeddingGradient<double>& arguments);

template <class T, class Visitor>
void visit(LabelEmbedding<T>& a, Visitor&& visitor) {
  visitor.reads("embedding", a.embedding);
  visitor.reads("weight", a.weight);
  visitor.writes("embedded", a.embedded);
}

template <class T, class Visitor>
void visit(LabelEmbeddingGradient<T>& a, Visitor&& visitor) {
  visitor.reads("embedding", a.embedding);
  visitor.reads("weight", a.weight);
  visitor.updates("weight_gradient", a.weight_gradient);
  visitor.writes("embedding_gradient", a.embedding_gradient);
  visitor.updates("workspace", a.workspace);
}

}  // namespace duel
