// The images of batch_inputs: which ones come when, and what becomes of their bytes.
#include <algorithm>
#include <cmath>

#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/runtime/buffer.h"
#include "kernels/verify/host_tensors.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// Images of one pixel, whose bytes tell them apart.
BatchInputs<double> batch_of(HostTensors& host, int images, int batch, const TrainingClock& clock, ImageOrder order) {
  std::vector<std::uint8_t> numbers;
  for (int i = 0; i < images; ++i) numbers.push_back(static_cast<std::uint8_t>(i));
  BatchInputs<double> a{};
  a.seed = 1;
  a.order = order;
  a.clock = host.vector<TrainingClock>({clock});
  a.images = {host.vector(numbers).data, images, 1};
  a.real_count = batch;
  a.output = host.matrix(1, batch);
  return a;
}

TEST_CASE("inputs: as stored means as stored, from the clock's place and the offset on") {
  HostTensors host(2);
  BatchInputs<double> a = batch_of(host, 10, 4, {0, 0, 5}, ImageOrder::as_stored);
  a.offset = 1;
  batch_inputs_reference(a);
  for (int i = 0; i < 4; ++i) CHECK(a.output.data[i] == ((6 + i) / 255.0 - 0.5) / 0.5);
}

TEST_CASE("inputs: labels go with their images") {
  for (const ImageOrder order : {ImageOrder::shuffled, ImageOrder::as_stored}) {
    HostTensors host(4);
    BatchInputs<double> a = batch_of(host, 70, 33, {5, 3, 2}, order);
    a.labels = {a.images.data, 70};  // every image is its own label
    a.output_labels = {host.bytes(33, 1).data, 33};
    batch_inputs_reference(a);
    for (int i = 0; i < 33; ++i) CHECK(a.output.data[i] == (a.output_labels.data[i] / 255.0 - 0.5) / 0.5);
  }
}

TEST_CASE("inputs: drawn labels are of all classes alike, whatever their number, and new for every draw") {
  constexpr int kCount = 3000;
  const auto labels = [](int classes, std::uint64_t seed, std::uint64_t iteration, std::uint32_t draw) {
    HostTensors host(1);
    BatchInputs<double> a{.seed = seed, .clock = host.vector<TrainingClock>({{iteration, 0, 0}}), .draw = draw};
    a.latents = host.matrix(1, kCount);
    a.drawn_labels = {host.bytes(kCount, 1).data, kCount};
    a.classes = classes;
    batch_inputs_reference(a);
    return std::vector<std::uint8_t>(a.drawn_labels.data, a.drawn_labels.data + kCount);
  };
  for (const int classes : {1, 3, 10, 256}) {
    CAPTURE(classes);
    const std::vector<std::uint8_t> drawn = labels(classes, 1, 2, 3);
    CHECK(*std::max_element(drawn.begin(), drawn.end()) < classes);
    double squares = 0;  // chi squared, of mean classes - 1 and variance 2 (classes - 1)
    for (int k = 0; k < classes; ++k) {
      const double expected = static_cast<double>(kCount) / classes;
      const auto found = static_cast<double>(std::count(drawn.begin(), drawn.end(), static_cast<std::uint8_t>(k)));
      squares += (found - expected) * (found - expected) / expected;
    }
    CHECK(squares <= classes - 1 + 4 * std::sqrt(2.0 * (classes - 1)));
  }
  CHECK(labels(10, 1, 2, 3) == labels(10, 1, 2, 3));
  CHECK(labels(10, 1, 2, 3) != labels(10, 2, 2, 3));
  CHECK(labels(10, 1, 2, 3) != labels(10, 1, 3, 3));
  CHECK(labels(10, 1, 2, 3) != labels(10, 1, 2, 4));
}

// What torchvision's ToTensor and Normalize(0.5, 0.5) make of a byte, in its float arithmetic.
float as_torchvision(int byte) {
  volatile float x = static_cast<float>(byte);  // volatile: rounded after every step, on any compiler
  x = x / 255.f;
  x = x - 0.5f;
  x = x / 0.5f;
  return x;
}

TEST_CASE("inputs: every byte becomes the very float of torchvision") {
  std::vector<std::uint8_t> bytes(256);
  for (int i = 0; i < 256; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
  const Stream stream;
  const std::vector<TrainingClock> clock{{0, 0, 0}};
  const DeviceBuffer<std::uint8_t> images(bytes, stream);
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  for (const auto& variant : batch_inputs_op().variants) {
    const DeviceBuffer<float> output(256);
    BatchInputs<float> a{};
    a.images = {images.data(), 1, 256};
    a.real_count = 1;
    a.clock = device_clock.vector();
    a.output = output.matrix(256, 1);
    if (!variant.supports(a, Device::current())) continue;
    variant.launch(a, stream);
    const auto pixels = output.download(stream);
    for (int i = 0; i < 256; ++i) {
      INFO(variant.name << ", byte " << i);
      CHECK(pixels[static_cast<std::size_t>(i)] == as_torchvision(i));
    }
    CHECK(pixels[0] == -1.f);
    CHECK(pixels[255] == 1.f);
  }
}

// An epoch in batches of 64 with a smaller last one takes every image once; the next epoch in another order.
TEST_CASE("inputs: an epoch of batches takes every image once") {
  HostTensors host(3);
  std::vector<std::vector<double>> orders;
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<double> order;
    for (int first = 0; first < 200; first += 64) {
      const int batch = std::min(64, 200 - first);
      const auto a = batch_of(host, 200, batch, {0, epoch, static_cast<std::uint64_t>(first)}, ImageOrder::shuffled);
      batch_inputs_reference(a);
      order.insert(order.end(), a.output.data, a.output.data + batch);
    }
    std::vector<double> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
    orders.push_back(order);
  }
  CHECK(orders[0] != orders[1]);
}

}  // namespace
}  // namespace duel::test
