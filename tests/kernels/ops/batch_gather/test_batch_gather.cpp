#include "kernels/ops/batch_gather/cases.h"

#include "kernels/device/permutation.cuh"
#include "kernels/verify/check_op.h"
#include "kernels/verify/host_tensors.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

struct GatherSettings {
  ImageOrder order = ImageOrder::shuffled;
  int offset = 0;
  std::uint64_t seed = 1;
  TrainingClock clock{};
  bool labels = false;
  ImageRange range = ImageRange::minus_one_to_one;
};

template <class T>
BatchGather<T> gather_scalars(const GatherSettings& settings) {
  BatchGather<T> a{};
  a.order = settings.order;
  a.offset = settings.offset;
  a.seed = settings.seed;
  a.range = settings.range;
  return a;
}

BatchGather<double> gather_case(HostTensors& host, int images, int pixels, int batch, const GatherSettings& settings) {
  auto a = gather_scalars<double>(settings);
  a.images = host.bytes(images, pixels);
  a.clock = host.vector<TrainingClock>({settings.clock});
  a.output = host.matrix(batch, pixels);
  if (settings.labels) {
    a.labels = {host.bytes(images, 1).data, images};
    a.output_labels = {host.bytes(batch, 1).data, batch};
  }
  return a;
}

std::string check_gather(int images, int pixels, int batch, const GatherSettings& settings,
                         const CheckOptions& options = {}) {
  HostTensors host(1);
  return check_op<BatchGather<double>>(batch_gather_op(), batch_gather_reference,
                                       gather_case(host, images, pixels, batch, settings),
                                       gather_scalars<float>(settings), batch_gather_bounds, options);
}

TEST_CASE("gather: any shape, in both orders") {
  for (const ImageOrder order : {ImageOrder::shuffled, ImageOrder::as_stored}) {
    for (const int batch : {1, 2, 33, 64}) {
      for (const int pixels : {1, 3, 31, 127, 128, 129, 784}) {
        INFO("batch " << batch << ", pixels " << pixels);
        CHECK(check_gather(70, pixels, batch, {order}) == "");
      }
    }
  }
}

TEST_CASE("gather: pixels from 0 to 1") {
  for (const int pixels : {1, 31, 128, 784}) {
    CHECK(check_gather(70, pixels, 33, {.range = ImageRange::zero_to_one}) == "");
  }
}

TEST_CASE("gather: every schedule on every number of threads, and tensors that begin anywhere") {
  CHECK(check_gather(100, 784, 64, {}, {.executions = HowMany::all}) == "");
  for (const int misalignment : {1, 2, 3}) CHECK(check_gather(70, 100, 33, {}, {.misalignment = misalignment}) == "");
}

TEST_CASE("gather: the clock says where the batch begins, the offset how far behind") {
  for (const ImageOrder order : {ImageOrder::shuffled, ImageOrder::as_stored}) {
    CHECK(check_gather(100, 20, 32, {order, 0, 1, {5, 0, 64}}) == "");
    CHECK(check_gather(100, 20, 32, {order, 36, 1, {5, 3, 32}}) == "");  // the last images of an epoch
    CHECK(check_gather(1, 20, 1, {order, 0, 1, {5, 3, 0}}) == "");
  }
}

TEST_CASE("gather: labels go with their images") {
  for (const ImageOrder order : {ImageOrder::shuffled, ImageOrder::as_stored}) {
    for (const int batch : {1, 33, 64}) {
      const GatherSettings settings{order, 3, 1, {5, 3, 2}, true};
      CHECK(check_gather(70, 20, batch, settings) == "");
      HostTensors host(4);
      auto a = gather_case(host, 70, 1, batch, settings);
      a.labels = {a.images.data, 70};  // every image of one pixel is its own label
      batch_gather_reference(a);
      for (int i = 0; i < batch; ++i) CHECK(a.output.data[i] == (a.output_labels.data[i] / 255.0 - 0.5) / 0.5);
    }
  }
  CHECK(check_gather(100, 129, 64, {.labels = true}, {.executions = HowMany::all}) == "");
}

TEST_CASE("gather: as stored means as stored") {
  HostTensors host(2);
  const auto a = gather_case(host, 10, 3, 4, {ImageOrder::as_stored, 1, 1, {0, 0, 5}});
  batch_gather_reference(a);
  for (int i = 0; i < 12; ++i) CHECK(a.output.data[i] == (a.images.data[6 * 3 + i] / 255.0 - 0.5) / 0.5);
}

// What torchvision's ToTensor and Normalize(0.5, 0.5) make of a byte, in its float arithmetic.
float as_torchvision(int byte) {
  volatile float x = static_cast<float>(byte);  // volatile: rounded after every step, on any compiler
  x = x / 255.f;
  x = x - 0.5f;
  x = x / 0.5f;
  return x;
}

TEST_CASE("gather: every byte becomes the very float of torchvision") {
  std::vector<std::uint8_t> bytes(256);
  for (int i = 0; i < 256; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
  const Stream stream;
  const std::vector<TrainingClock> clock{{0, 0, 0}};
  const DeviceBuffer<std::uint8_t> images(bytes, stream);
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  for (const auto& variant : batch_gather_op().variants) {
    const DeviceBuffer<float> output(256);
    auto a = gather_scalars<float>({});
    a.images = {images.data(), 1, 256};
    a.clock = device_clock.vector();
    a.output = output.matrix(1, 256);
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
TEST_CASE("gather: an epoch of batches takes every image once") {
  HostTensors host(3);
  std::vector<std::vector<double>> orders;
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<double> order;
    for (int first = 0; first < 200; first += 64) {
      const int batch = std::min(64, 200 - first);
      auto a = gather_case(host, 200, 1, batch, {.clock = {0, epoch, static_cast<std::uint64_t>(first)}});
      std::vector<std::uint8_t> numbers;
      for (int i = 0; i < 200; ++i) numbers.push_back(static_cast<std::uint8_t>(i));
      a.images = {host.vector(numbers).data, 200, 1};
      batch_gather_reference(a);
      order.insert(order.end(), a.output.data, a.output.data + batch);
    }
    std::vector<double> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
    orders.push_back(order);
  }
  CHECK(orders[0] != orders[1]);
}

TEST_CASE("gather: wrong arguments are refused by name") {
  auto valid = gather_scalars<float>({.offset = 3});
  valid.images = shape<const std::uint8_t>(10, 6);
  valid.clock = shape<const TrainingClock>(1);
  valid.output = shape<float>(7, 6);
  valid.labels = shape<const std::uint8_t>(10);
  valid.output_labels = shape<std::uint8_t>(7);
  CHECK(check_shapes(batch_gather_op(), valid, {.defining = {"images", "output"}}) == "");
  valid.labels = {};
  valid.output_labels = {};
  CHECK(check_shapes(batch_gather_op(), valid,
                     {.defining = {"images"},
                      .optional = {"labels", "output_labels"},
                      .free = {"images", "output", "labels", "output_labels"}}) == "");
  auto wrong = valid;
  wrong.offset = -1;
  CHECK(check_refusal(batch_gather_op(), wrong, "offset") == "");
  wrong.offset = 4;  // 4 + 7 images of 10
  CHECK(check_refusal(batch_gather_op(), wrong, "offset") == "");
  wrong = valid;
  wrong.output.rows = 0;
  CHECK(check_refusal(batch_gather_op(), wrong, "") == "");
  wrong = valid;
  wrong.images = {wrong.images.data, 0, 6};
  CHECK(check_refusal(batch_gather_op(), wrong, "image") == "");
}

}  // namespace
}  // namespace duel::test
