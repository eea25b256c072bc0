#include "kernels/ops/transpose/cases.h"

#include <string>

#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Device = Transpose<float>;

Transpose<double> make(HostTensors& host, const Device& shapes) {
  Transpose<double> a{};
  a.input = host.uniform(shapes.input.rows, shapes.input.columns, -1, 1);
  a.first_column = shapes.first_column;
  a.output = host.matrix(shapes.output.rows, shapes.output.columns);
  return a;
}

std::vector<Case<Device>> cases() {
  std::vector<Case<Device>> result;
  const auto add = [&](int rows, int columns, int first, int count, bool of_training = false, int misalignment = 0) {
    std::string name = std::to_string(rows) + " x " + std::to_string(columns);
    if (count < columns) name += ", " + std::to_string(count) + " columns from " + std::to_string(first) + " on";
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    const Device a{shape<const float>(rows, columns), first, shape<float>(count, rows)};
    result.push_back({name, a, misalignment, of_training});
  };
  add(784, 64, 0, 64, true);
  add(784, 256, 0, 256, true);
  add(64, 100, 0, 100, true);
  for (const LayerSize& size : edge_layers()) {
    add(size.in, size.out, 0, size.out);
    add(size.in, size.batch + size.out, size.batch, size.out);
    add(size.in, size.out + 3, 1, size.out);
  }
  for (const int misalignment : {1, 2, 3}) add(65, 100, 3, 40, false, misalignment);
  return result;
}

}  // namespace

OpCases<Transpose<double>, Device> transpose_cases() {
  return {transpose_op(),
          transpose_reference,
          make,
          [](const auto&, const auto&) { return Bounds(); },  // a copy is exact
          cases,
          nullptr,
          {{{"rows", 784}, {"columns", 256}}, [](const std::vector<int>& n) {
             return Device{shape<const float>(n[0], n[1]), 0, shape<float>(n[1], n[0])};
           }}};
}

}  // namespace duel::verify
