#include "kernels/reference.h"
#include "kernels/ops/linear_tangent/linear_tangent.h"

namespace duel {

void linear_tangent_reference(const LinearTangent<double>& a) {
  with_activation(a.activation, a.slope, [&](auto f) {
    for (int row = 0; row < a.weight.rows; ++row) {
      for (int c = a.first_column; c < a.input.columns; ++c) {
        double sum = 0;
        for (int k = 0; k < a.input.rows; ++k) sum += at(a.weight, row, k) * at(a.input, k, c);
        at(a.output, row, c) = f.gradient(at(a.output, row, c), sum);
      }
    }
  });
}

}  // namespace duel
