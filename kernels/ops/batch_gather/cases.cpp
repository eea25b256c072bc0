#include "kernels/ops/batch_gather/cases.h"

#include <string>

namespace duel::verify {
namespace {

using Gather = BatchGather<float>;

Vector<std::uint8_t> byte_vector(HostTensors& host, int rows) {
  return {host.bytes(rows, 1).data, rows};
}

BatchGather<double> make(HostTensors& host, const Gather& shapes) {
  BatchGather<double> a{};
  a.seed = shapes.seed;
  a.order = shapes.order;
  a.offset = shapes.offset;
  a.range = shapes.range;
  a.images = host.bytes(shapes.images.rows, shapes.images.columns);
  // As late in an epoch as this batch can be, so that the last image is used too.
  const int first = shapes.images.rows - shapes.offset - shapes.output.rows;
  a.clock = host.vector<TrainingClock>({{5, 3, static_cast<std::uint64_t>(first > 0 ? first : 0)}});
  a.output = host.matrix(shapes.output.rows, shapes.output.columns);
  if (shapes.labels) {
    a.labels = byte_vector(host, shapes.images.rows);
    a.output_labels = byte_vector(host, shapes.output.rows);
  }
  return a;
}

std::vector<Case<Gather>> cases() {
  std::vector<Case<Gather>> result;
  const auto add = [&](int images, int pixels, int batch, ImageOrder order, int misalignment, bool of_training,
                       bool labels = false) {
    Gather a{};
    a.images = shape<const std::uint8_t>(images, pixels);
    a.seed = 0x123456789abcdef0;
    a.order = order;
    a.clock = shape<const TrainingClock>(1);
    a.output = shape<float>(batch, pixels);
    std::string name = std::to_string(batch) + " of " + std::to_string(images) + ", " + std::to_string(pixels) +
                       (pixels == 1 ? " pixel" : " pixels");
    if (labels) {
      a.labels = shape<const std::uint8_t>(images);
      a.output_labels = shape<std::uint8_t>(batch);
      name += ", labels";
    }
    if (order == ImageOrder::as_stored) name += ", as stored";
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, a, misalignment, of_training});
  };
  add(6000, 784, 64, ImageOrder::shuffled, 0, true);
  for (const ImageOrder order : {ImageOrder::shuffled, ImageOrder::as_stored}) {
    for (const int pixels : {1, 3, 31, 127, 128, 129, 784}) add(70, pixels, 33, order, 0, false);
    add(1, 20, 1, order, 0, false);
    add(70, 20, 33, order, 0, false, true);
  }
  for (const int misalignment : {1, 2, 3}) add(70, 100, 33, ImageOrder::shuffled, misalignment, false);
  for (Case<Gather> one : {result.front(), result.back()}) {
    one.arguments.range = ImageRange::zero_to_one;
    one.name += ", pixels in [0, 1]";
    result.push_back(one);
  }
  return result;
}

}  // namespace

// A byte becomes a float in three roundings of values of at most 1; the last division is exact but doubles them.
Bounds batch_gather_bounds(const BatchGather<double>& a) {
  Bounds bounds;
  bounds.set("output", std::vector(a.output.size(), 4 * kRounding));
  return bounds;
}

OpCases<BatchGather<double>, BatchGather<float>> batch_gather_cases() {
  return {batch_gather_op(),
          batch_gather_reference,
          make,
          [](const auto&, const BatchGather<double>& after) { return batch_gather_bounds(after); },
          [](const Gather& a) { return 3.0 * a.output.rows * a.output.columns; },
          cases};
}

}  // namespace duel::verify
