#include "kernels/ops/batch_inputs/cases.h"

#include <string>

namespace duel::verify {
namespace {

using Inputs = BatchInputs<float>;

struct Sizes {
  int latent, batch, images, pixels, real, columns, offset = 0;
  bool labels = false;
  int drawn_classes = 0;
};

Inputs shapes_of(const Sizes& size, ImageOrder order) {
  Inputs a{};
  a.seed = 0x123456789abcdef0;
  a.draw = 3;
  a.order = order;
  a.clock = shape<const TrainingClock>(1);
  if (size.latent > 0) a.latents = shape<float>(size.latent, size.batch);
  a.classes = size.drawn_classes;
  if (a.classes > 0) a.drawn_labels = shape<std::uint8_t>(size.batch);
  if (size.real == 0) return a;
  a.images = shape<const std::uint8_t>(size.images, size.pixels);
  a.real_count = size.real;
  a.offset = size.offset;
  a.output = shape<float>(size.pixels, size.columns);
  if (size.labels) {
    a.labels = shape<const std::uint8_t>(size.images);
    a.output_labels = shape<std::uint8_t>(size.real);
  }
  return a;
}

BatchInputs<double> make(HostTensors& host, const Inputs& shapes) {
  BatchInputs<double> a{};
  a.seed = shapes.seed;
  a.draw = shapes.draw;
  a.limit = shapes.limit;
  a.range = shapes.range;
  a.order = shapes.order;
  a.offset = shapes.offset;
  a.real_count = shapes.real_count;
  // As late in an epoch as this batch can be, so that the last image is used too; an iteration of both halves.
  const int first = shapes.images.rows - shapes.offset - shapes.real_count;
  a.clock = host.vector<TrainingClock>(
      {{(std::uint64_t{1} << 32) + 5, 3, static_cast<std::uint64_t>(first > 0 ? first : 0)}});
  if (shapes.latents) a.latents = host.matrix(shapes.latents.rows, shapes.latents.columns);
  a.classes = shapes.classes;
  if (shapes.drawn_labels) a.drawn_labels = {host.bytes(shapes.drawn_labels.rows, 1).data, shapes.drawn_labels.rows};
  if (shapes.real_count == 0) return a;
  a.images = host.bytes(shapes.images.rows, shapes.images.columns);
  a.output = host.uniform(shapes.output.rows, shapes.output.columns, -1, 1);  // other columns must stay
  if (shapes.labels) {
    a.labels = {host.bytes(shapes.images.rows, 1).data, shapes.images.rows};
    a.output_labels = {host.bytes(shapes.real_count, 1).data, shapes.real_count};
  }
  return a;
}

// Latents as latent_normal. A byte becomes a float in three roundings of values of at most 1; the last division is
// exact but doubles them.
Bounds bounds_of(const BatchInputs<double>&, const BatchInputs<double>& a) {
  Bounds bounds;
  bounds.set("latents", std::vector(a.latents.size(), 16 * 6 * kRounding));
  std::vector<double> output(a.output.size());
  for (int row = 0; row < a.output.rows; ++row) {
    for (int c = 0; c < a.real_count; ++c) output[static_cast<std::size_t>(row) * a.output.columns + c] = 4 * kRounding;
  }
  bounds.set("output", std::move(output));
  return bounds;
}

std::vector<Case<Inputs>> cases() {
  std::vector<Case<Inputs>> result;
  const auto add = [&](const Sizes& size, ImageOrder order, const std::string& note, bool of_training = false,
                       int misalignment = 0, float limit = 0, ImageRange range = ImageRange::minus_one_to_one) {
    const std::string name = std::to_string(size.latent) + " x " + std::to_string(size.batch) + " latents, " +
                             std::to_string(size.real) + " of " + std::to_string(size.images) + " images of " +
                             std::to_string(size.pixels) + note;
    Inputs shapes = shapes_of(size, order);
    shapes.limit = limit;
    shapes.range = range;
    result.push_back({name, shapes, misalignment, of_training});
  };
  using enum ImageOrder;
  add({100, 64, 6000, 784, 64, 128}, shuffled, "", true);
  add({100, 64, 0, 0, 0, 0}, shuffled, ", latents alone");
  add({100, 64, 6000, 784, 64, 128, 0, true, 10}, shuffled, ", labels of both", true);
  for (const int classes : {1, 2, 3, 255, 256}) {
    add({5, 65, 0, 0, 0, 0, 0, false, classes}, shuffled, ", labels of " + std::to_string(classes) + " classes");
  }
  add({0, 0, 70, 28, 33, 66}, as_stored, ", images alone");
  add({0, 0, 6000, 784, 128, 128, 0, true}, shuffled, ", labels", true);
  for (const ImageOrder order : {as_stored, shuffled}) {
    for (const int pixels : {1, 16, 113}) {
      add({0, 0, 70, pixels, 33, 40, 5, true}, order, order == shuffled ? ", labels" : ", labels, as stored");
    }
  }
  add({5, 33, 70, 20, 33, 66, 16}, shuffled, ", of the second discriminator step");
  add({0, 0, 70, 784, 64, 64}, as_stored, ", images alone");
  add({0, 0, 70, 100, 1, 1}, shuffled, ", a batch of 1");
  for (const int pixels : {1, 3, 31, 127, 111, 112, 113, 225}) add({5, 33, 70, pixels, 33, 66}, shuffled, "");
  for (const int latent : {1, 4, 31, 112, 115}) add({latent, 65, 70, 20, 7, 7}, shuffled, "");
  add({3, 1, 1, 20, 1, 2}, shuffled, "");
  add({31, 65, 70, 113, 33, 66}, shuffled, ", uniform latents, pixels from 0", false, 0, 1.75f,
      ImageRange::zero_to_one);
  for (const int misalignment : {1, 2, 3}) {
    add({10, 33, 70, 100, 33, 66}, shuffled, ", " + std::to_string(misalignment) + " elements off", false,
        misalignment);
  }
  return result;
}

}  // namespace

OpCases<BatchInputs<double>, Inputs> batch_inputs_cases() {
  return {batch_inputs_op(), batch_inputs_reference, make, bounds_of, cases};
}

}  // namespace duel::verify
