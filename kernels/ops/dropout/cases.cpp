#include "kernels/ops/dropout/cases.h"

#include <string>

#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Mask = Dropout<float>;

Dropout<double> make(HostTensors& host, const Mask& shapes) {
  const int rows = shapes.input.rows, samples = shapes.input.columns;
  Dropout<double> a{};
  a.input = host.uniform(rows, samples, -1, 1);
  a.mask = dropout_mask_case(host, shapes.mask);
  a.first_column = shapes.first_column;
  a.output = shapes.first_column > 0 ? host.uniform(rows, samples, -1, 1) : host.matrix(rows, samples);
  return a;
}

// 1 / keep and the product are rounded; what is dropped is 0 exactly.
Bounds bounds_of(const Dropout<double>&, const Dropout<double>& after) {
  Bounds bounds;
  bounds.set("output", scaled_magnitude(3 * kRounding, after.output));
  return bounds;
}

Mask shapes_of(int features, int samples, float keep, int pixels = 1) {
  const int rows = features * pixels;
  return {shape<const float>(rows, samples), dropout_mask_shapes(keep, samples, pixels), 0,
          shape<float>(rows, samples)};
}

std::vector<Case<Mask>> cases() {
  std::vector<Case<Mask>> result;
  const auto add = [&](int features, int samples, float keep, bool of_training = false, int misalignment = 0) {
    std::string name = std::to_string(features) + " x " + std::to_string(samples) + ", keep " +
                       std::to_string(static_cast<int>(100 * keep + 0.5f)) + " %";
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, shapes_of(features, samples, keep), misalignment, of_training});
  };
  add(784, 200, 0.8f, true);
  add(240, 200, 0.5f, true);
  for (const LayerSize& size : edge_layers()) add(size.in, size.batch, 0.5f);
  for (const int features : {3, 4, 5}) add(features, 65, 0.5f);
  for (const float keep : {0.01f, 0.3f, 0.99f, 1.f}) add(100, 65, keep);
  add(257, 130, 0.8f);
  add(100, 1025, 0.8f);
  const auto add_channels = [&](int channels, int pixels, int samples, bool of_training = false) {
    result.push_back({std::to_string(channels) + " channels of " + std::to_string(pixels) + " x " +
                          std::to_string(samples) + ", keep 75 %",
                      shapes_of(channels, samples, 0.75f, pixels), 0, of_training});
  };
  add_channels(16, 49, 128, true);
  add_channels(9, 2, 33);
  add_channels(7, 3, 65);
  add_channels(5, 4, 64);
  add_channels(6, 5, 31);
  add_channels(3, 49, 40);
  for (const int first : {1, 32, 70}) {
    result.push_back({"from column " + std::to_string(first) + " of 71", shapes_of(9, 71, 0.75f, first > 1 ? 5 : 1)});
    result.back().arguments.first_column = first;
  }
  for (const int misalignment : {1, 2, 3}) add(100, 33, 0.8f, false, misalignment);
  return result;
}

}  // namespace

OpCases<Dropout<double>, Mask> dropout_cases() {
  return {
      dropout_op(),
      dropout_reference,
      make,
      bounds_of,
      cases,
      nullptr,
      {{{"features", 784}, {"samples", 200}}, [](const std::vector<int>& n) { return shapes_of(n[0], n[1], 0.5f); }}};
}

}  // namespace duel::verify
