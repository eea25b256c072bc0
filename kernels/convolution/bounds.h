// How far float results of convolutions may be from the double reference.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/convolution/reference.h"
#include "kernels/reference.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// Of a passage's products: for each row written and sample.
struct PassageErrors {
  int samples;
  double relative;  ///< to the absolute sum: of what else is added to it
  std::vector<double> error;

  double of(int row, int sample) const { return error[static_cast<std::size_t>(row) * samples + sample]; }
};

/// `read`: columns first ... first + samples - 1 are what the passage reads.
inline PassageErrors passage_errors(const ConvolutionGeometry& g, bool adjoint, const Matrix<const double>& weight,
                                    const Matrix<const double>& read, int first, int samples, Precision precision) {
  const Passage p = passage(g, adjoint);
  const int depth = p.from.channels * g.kernel * g.kernel;
  const double sum = sum_error(depth), operand = operand_error(precision, depth);
  PassageErrors errors{samples, sum, std::vector<double>(static_cast<std::size_t>(p.to.rows()) * samples)};
  for_each_product(g, adjoint, [&](int to, int from, int row, int column) {
    const double w = at(weight, row, column), exact = sum * std::abs(w);
    const double rounded = operand * operand_magnitude(precision, w);
    double* const error = &errors.error[static_cast<std::size_t>(to) * samples];
    for (int c = 0; c < samples; ++c) {
      const double x = at(read, from, first + c);
      error[c] += exact * std::abs(x) + rounded * operand_magnitude(precision, x);
    }
  });
  return errors;
}

/// Of weights as layers begin with: values written keep the size of values read.
inline double weight_limit(const Passage& p) {
  return 1 / std::sqrt(static_cast<double>(p.from.channels * p.taps.kernel * p.taps.kernel));
}

inline Vector<float> workspace_shape(std::size_t values) {
  return values == 0 ? Vector<float>{} : shape<float>(static_cast<int>(values));
}
inline Vector<double> workspace_case(HostTensors& host, const Vector<float>& shape) {
  return shape ? host.uniform(shape.rows, -1, 1) : Vector<double>{};
}
/// Any number may be left there.
inline void set_workspace_bounds(Bounds& bounds, const Vector<double>& workspace) {
  if (!workspace) return;
  bounds.set("workspace", std::vector<double>(workspace.size(), std::numeric_limits<double>::infinity()));
}

}  // namespace duel::verify
