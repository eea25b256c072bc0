#include <vector>

#include "kernels/ops/label_embedding/label_embedding.h"
#include "kernels/reference.h"

namespace duel {

void label_embedding_reference(const LabelEmbedding<double>& a) {
  const int classes = a.embedding.rows;
  for (int row = 0; row < a.weight.rows; ++row) {
    for (int column = 0; column < a.first(); ++column) at(a.embedded, row, column) = at(a.weight, row, column);
    for (int c = 0; c < classes; ++c) {
      for (int tap = 0; tap < a.taps; ++tap) {
        double sum = 0;
        for (int k = 0; k < classes; ++k)
          sum += at(a.embedding, c, k) * at(a.weight, row, a.first() + k * a.taps + tap);
        at(a.embedded, row, a.first() + c * a.taps + tap) = sum;
      }
    }
  }
}

void label_embedding_gradient_reference(const LabelEmbeddingGradient<double>& a) {
  const int classes = a.embedding.rows, columns = classes * a.taps;
  for (int c = 0; c < classes; ++c) {
    for (int k = 0; k < classes; ++k) {
      double& sum = at(a.embedding_gradient, c, k) = 0;
      for (int row = 0; row < a.weight.rows; ++row) {
        for (int tap = 0; tap < a.taps; ++tap) {
          sum += at(a.weight_gradient, row, a.first() + c * a.taps + tap) *
                 at(a.weight, row, a.first() + k * a.taps + tap);
        }
      }
    }
  }
  std::vector<double> before(static_cast<std::size_t>(columns));
  for (int row = 0; row < a.weight.rows; ++row) {
    for (int i = 0; i < columns; ++i) before[i] = at(a.weight_gradient, row, a.first() + i);
    for (int k = 0; k < classes; ++k) {
      for (int tap = 0; tap < a.taps; ++tap) {
        double& sum = at(a.weight_gradient, row, a.first() + k * a.taps + tap) = 0;
        for (int c = 0; c < classes; ++c) sum += before[c * a.taps + tap] * at(a.embedding, c, k);
      }
    }
  }
}

}  // namespace duel
