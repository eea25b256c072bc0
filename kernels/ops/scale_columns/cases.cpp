#include "kernels/ops/scale_columns/cases.h"

#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Scale = ScaleColumns<float>;

ScaleColumns<double> make(HostTensors& host, const Scale& shapes) {
  const int rows = shapes.output.rows, columns = shapes.output.columns;
  return {host.uniform(rows, columns, -1, 1), host.uniform(columns, -1, 1), host.matrix(rows, columns)};
}

std::vector<Case<Scale>> cases() {
  std::vector<Case<Scale>> result;
  const auto add = [&](int rows, int columns, bool of_training, int misalignment = 0) {
    std::string name = std::to_string(rows) + " x " + std::to_string(columns);
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name,
                      {shape<const float>(rows, columns), shape<const float>(columns), shape<float>(rows, columns)},
                      misalignment,
                      of_training});
  };
  add(512, 128, true);
  add(256, 128, true);
  for (const LayerSize& size : edge_layers()) add(size.in, size.batch, false);
  for (const int misalignment : {1, 2, 3}) add(33, 65, false, misalignment);
  return result;
}

}  // namespace

OpCases<ScaleColumns<double>, Scale> scale_columns_cases() {
  return {scale_columns_op(),
          scale_columns_reference,
          make,
          [](const auto&, const ScaleColumns<double>& after) {
            Bounds bounds;
            bounds.set("output", scaled_magnitude(kRounding, after.output));
            return bounds;
          },
          cases,
          nullptr,
          {{{"rows", 512}, {"columns", 128}}, [](const std::vector<int>& n) {
             return Scale{shape<const float>(n[0], n[1]), shape<const float>(n[1]), shape<float>(n[0], n[1])};
           }}};
}

}  // namespace duel::verify
