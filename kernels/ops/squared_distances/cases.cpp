#include "kernels/ops/squared_distances/cases.h"

#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Distances = SquaredDistances<float>;

SquaredDistances<double> make(HostTensors& host, const Distances& shapes) {
  SquaredDistances<double> a{};
  a.a = host.uniform(shapes.a.rows, shapes.a.columns, 0, 1);
  a.b = host.uniform(shapes.b.rows, shapes.b.columns, 0, 1);
  a.distances = host.matrix(shapes.a.rows, shapes.b.rows);
  return a;
}

Distances shapes_of(const LayerSize& size) {
  Distances a{};
  a.a = shape<const float>(size.batch, size.in);
  a.b = shape<const float>(size.out, size.in);
  a.distances = shape<float>(size.batch, size.out);
  return a;
}

std::vector<Case<Distances>> cases() {
  std::vector<Case<Distances>> result;
  const auto add = [&](const LayerSize& size, int misalignment, bool of_training) {
    std::string name =
        std::to_string(size.batch) + " to " + std::to_string(size.out) + ", depth " + std::to_string(size.in);
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, shapes_of(size), misalignment, of_training});
  };
  add({128, 784, 256}, 0, true);
  for (const LayerSize& size : edge_layers()) add(size, 0, false);
  for (const int misalignment : {1, 2, 3}) {
    add({64, 100, 128}, misalignment, false);
    add({33, 65, 31}, misalignment, false);
  }
  return result;
}

}  // namespace

// Nothing cancels: a difference is rounded once, which its square has twice, and the sum of squares is the sum of their
// absolute values.
Bounds squared_distances_bounds(const SquaredDistances<double>& a) {
  Bounds bounds;
  bounds.set("distances", scaled_magnitude(sum_error(a.a.columns) + 2 * kRounding, a.distances));
  return bounds;
}

OpCases<SquaredDistances<double>, SquaredDistances<float>> squared_distances_cases() {
  return {squared_distances_op(),
          squared_distances_reference,
          make,
          [](const auto&, const SquaredDistances<double>& after) { return squared_distances_bounds(after); },
          cases,
          nullptr,
          {{{"rows", 128}, {"others", 256}, {"depth", 784}}, [](const std::vector<int>& n) {
             return shapes_of({n[0], n[2], n[1]});
           }}};
}

}  // namespace duel::verify
