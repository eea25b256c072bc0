#include <vector>

#include "kernels/ops/class_rows/cases.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/support/check_cases.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

TEST_CASE("class rows: every case against the reference") {
  CHECK(check_cases(verify::class_rows_cases(), 1) == "");
}

TEST_CASE("class rows: real images, generated ones, and the real ones again") {
  const std::vector<std::uint8_t> real = {2, 0}, generated = {1, 3};  // there is no class 3
  for (const auto& variant : class_rows_op().variants) {
    if (!variant.supports({}, Device::current())) continue;
    INFO(variant.name);
    const Stream stream;
    const DeviceBuffer<std::uint8_t> device_real(real, stream), device_generated(generated, stream);
    const DeviceBuffer<float> of_discriminator(3 * 6), of_generator(3 * 2);
    variant.launch({.real_labels = device_real.vector(),
                    .generated_labels = device_generated.vector(),
                    .discriminator = of_discriminator.matrix(3, 6),
                    .generator = of_generator.matrix(3, 2)},
                   stream);
    CHECK(of_discriminator.download(stream) == std::vector<float>{0, 1, 0, 0, 0, 1,  //
                                                                  0, 0, 1, 0, 0, 0,  //
                                                                  1, 0, 0, 0, 1, 0});
    CHECK(of_generator.download(stream) == std::vector<float>{0, 0, 1, 0, 0, 0});
  }
}

TEST_CASE("class rows: planes of a class stand one after another") {
  const std::vector<std::uint8_t> labels = {1, 0};
  for (const auto& variant : class_rows_op().variants) {
    if (!variant.supports({}, Device::current())) continue;
    INFO(variant.name);
    const Stream stream;
    const DeviceBuffer<std::uint8_t> real(labels, stream);
    const DeviceBuffer<float> planes(2 * 3 * 2);
    variant.launch({.real_labels = real.vector(), .discriminator = planes.matrix(2 * 3, 2), .pixels = 3}, stream);
    CHECK(planes.download(stream) == std::vector<float>{0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0});
  }
}

TEST_CASE("class rows: wrong arguments are refused by name") {
  ClassRows<float> valid{};
  valid.real_labels = shape<const std::uint8_t>(4);
  valid.generated_labels = shape<const std::uint8_t>(3);
  valid.discriminator = shape<float>(5, 11);
  valid.generator = shape<float>(5, 3);
  class_rows_op().validate(valid);
  auto wrong = valid;
  wrong.discriminator = shape<float>(5, 12);
  CHECK(check_refusal(class_rows_op(), wrong, "1 to 11 columns") == "");
  wrong = valid, wrong.generator = shape<float>(5, 4);
  CHECK(check_refusal(class_rows_op(), wrong, "generator") == "");
  wrong = valid, wrong.generated_labels = {}, wrong.discriminator = {};
  CHECK(check_refusal(class_rows_op(), wrong, "at least one") == "");
  wrong = valid, wrong.discriminator = {}, wrong.generator = {};
  CHECK(check_refusal(class_rows_op(), wrong, "rows of the discriminator or of the generator") == "");
  wrong = valid, wrong.pixels = 2;
  CHECK(check_refusal(class_rows_op(), wrong, "discriminator with 2 rows for each class") == "");
  wrong = valid, wrong.discriminator = shape<float>(0, 4);
  CHECK(check_refusal(class_rows_op(), wrong, "at least one class") == "");
}

}  // namespace
}  // namespace duel::test
