#include "kernels/ops/squared_distances/squared_distances.h"

namespace duel {

void squared_distances_reference(const SquaredDistances<double>& a) {
  const int depth = a.a.columns;
  for (int i = 0; i < a.a.rows; ++i) {
    for (int j = 0; j < a.b.rows; ++j) {
      const double *p = a.a.data + static_cast<std::size_t>(i) * depth,
                   *q = a.b.data + static_cast<std::size_t>(j) * depth;
      double sum = 0;
      for (int k = 0; k < depth; ++k) sum += (p[k] - q[k]) * (p[k] - q[k]);
      a.distances.data[static_cast<std::size_t>(i) * a.b.rows + j] = sum;
    }
  }
}

}  // namespace duel
