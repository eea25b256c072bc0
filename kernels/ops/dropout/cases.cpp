#include "kernels/ops/dropout/cases.h"

#include <string>

namespace duel::verify {
namespace {

using Mask = Dropout<float>;

std::vector<Case<Mask>> cases() {
  std::vector<Case<Mask>> result;
  const auto add = [&](int rows, int columns, float keep, int misalignment, bool of_training) {
    Mask a{};
    a.input = shape<const float>(rows, columns);
    a.mask = dropout_mask_shapes(keep, rows);
    a.output = shape<float>(rows, columns);
    std::string name = std::to_string(rows) + " x " + std::to_string(columns) + ", keep " +
                       std::to_string(static_cast<int>(100 * keep + 0.5f)) + " %";
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, a, misalignment, of_training});
  };
  add(200, 784, 0.8f, 0, true);
  add(200, 240, 0.5f, 0, true);
  for (const int rows : {1, 2, 33}) {
    for (const int columns : {1, 2, 3, 4, 5, 31, 32, 33, 129}) add(rows, columns, 0.5f, 0, false);
  }
  for (const float keep : {0.01f, 0.3f, 0.99f, 1.f}) add(65, 100, keep, 0, false);
  add(1025, 100, 0.8f, 0, false);
  for (const int misalignment : {1, 2, 3}) add(33, 100, 0.8f, misalignment, false);
  return result;
}

}  // namespace

Dropout<double> dropout_case(HostTensors& host, int rows, int columns, const Dropout<float>& scalars) {
  Dropout<double> a{};
  a.input = host.uniform(rows, columns, -1, 1);
  a.mask = dropout_mask_case(host, scalars.mask);
  a.output = host.matrix(rows, columns);
  return a;
}

// 1 / keep and the product are rounded; what is dropped is 0 exactly.
Bounds dropout_bounds(const Dropout<double>& a) {
  Bounds bounds;
  bounds.set("output", scaled_magnitude(3 * kRounding, a.output));
  return bounds;
}

OpCases<Dropout<double>, Dropout<float>> dropout_cases() {
  // Ten rounds of Philox for four values, and a product each: about 20.
  return {dropout_op(),
          dropout_reference,
          [](HostTensors& host, const Mask& a) { return dropout_case(host, a.input.rows, a.input.columns, a); },
          [](const auto&, const Dropout<double>& after) { return dropout_bounds(after); },
          [](const Mask& a) { return 20.0 * a.input.rows * a.input.columns; },
          cases};
}

}  // namespace duel::verify
