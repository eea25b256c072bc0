#include "kernels/ops/class_rows/cases.h"

#include <string>

namespace duel::verify {
namespace {

using Rows = ClassRows<float>;

struct Sizes {
  int classes, real, generated, columns, pixels = 1;
};

Rows shapes_of(const Sizes& size) {
  Rows a{};
  if (size.real > 0) a.real_labels = shape<const std::uint8_t>(size.real);
  if (size.generated > 0) a.generated_labels = shape<const std::uint8_t>(size.generated);
  if (size.columns > 0) a.discriminator = shape<float>(size.classes * size.pixels, size.columns);
  if (size.generated > 0) a.generator = shape<float>(size.classes, size.generated);
  a.pixels = size.pixels;
  return a;
}

// Every class, and some labels of classes that have no row: their columns are 0.
ClassRows<double> make(HostTensors& host, const Rows& shapes) {
  const int classes = shapes.discriminator ? shapes.discriminator.rows / shapes.pixels : shapes.generator.rows;
  const auto labels = [&](int count, int step) {
    std::vector<std::uint8_t> values;
    for (int i = 0; i < count; ++i) values.push_back(static_cast<std::uint8_t>(step * i % (classes + 1)));
    return host.vector(values);
  };
  ClassRows<double> a{};
  if (shapes.real_labels) a.real_labels = labels(shapes.real_labels.rows, 7);
  if (shapes.generated_labels) a.generated_labels = labels(shapes.generated_labels.rows, 3);
  if (shapes.discriminator) a.discriminator = host.matrix(shapes.discriminator.rows, shapes.discriminator.columns);
  if (shapes.generator) a.generator = host.matrix(classes, shapes.generator.columns);
  a.pixels = shapes.pixels;
  return a;
}

std::vector<Case<Rows>> cases() {
  std::vector<Case<Rows>> result;
  const auto add = [&](const Sizes& size, const std::string& note, bool of_training = false, int misalignment = 0) {
    const std::string name = std::to_string(size.classes) + " classes, " + std::to_string(size.real) + " real and " +
                             std::to_string(size.generated) + " generated" +
                             (size.pixels > 1 ? ", planes of " + std::to_string(size.pixels) : "") + note;
    result.push_back({name, shapes_of(size), misalignment, of_training});
  };
  add({10, 64, 64, 128}, "", true);
  add({10, 64, 64, 192}, ", with points", true);
  add({10, 64, 64, 128, 784}, "", true);
  add({10, 0, 64, 64}, ", of the generator's update");
  add({10, 0, 64, 0}, ", without D");
  add({10, 65, 0, 65}, ", to judge");
  add({3, 5, 2, 9}, ", some of them again");
  for (const int classes : {1, 2, 31, 33, 255}) add({classes, 33, 33, 99}, "");
  for (const int batch : {1, 31, 32, 65}) add({10, batch, batch, 2 * batch}, "");
  for (const int pixels : {2, 25, 255, 257}) add({3, 33, 31, 96, pixels}, "");
  for (const int misalignment : {1, 2, 3}) {
    add({10, 33, 33, 66}, ", " + std::to_string(misalignment) + " elements off", false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<ClassRows<double>, ClassRows<float>> class_rows_cases() {
  return {class_rows_op(),
          class_rows_reference,
          make,
          [](const auto&, const auto&) { return Bounds{}; },
          cases,
          nullptr,
          {{{"classes", 10}, {"samples", 64}}, [](const std::vector<int>& n) {
             return shapes_of({n[0], n[1], n[1], 2 * n[1]});
           }}};
}

}  // namespace duel::verify
