// What a trainer shows of its memory on the device.
#include <algorithm>
#include <numeric>

#include "engine/training/trainer.h"
#include "kernels/runtime/buffer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

std::int64_t extent(const DeviceTensor& tensor) {
  std::int64_t values = 1;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) values += (tensor.shape[i] - 1) * tensor.strides[i];
  return values;
}

/// Row by row.
template <class T>
std::vector<T> values_on_device(const DeviceTensor& tensor) {
  REQUIRE(size_of(tensor.type) == sizeof(T));
  const Stream stream;
  const auto memory =
      download(Vector<const T>{static_cast<const T*>(tensor.data), static_cast<int>(extent(tensor))}, stream.view());
  std::vector<T> values;
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  while (true) {
    const auto place = std::inner_product(index.begin(), index.end(), tensor.strides.begin(), std::int64_t{0});
    values.push_back(memory.at(static_cast<std::size_t>(place)));
    std::size_t dimension = index.size();
    while (dimension > 0 && ++index[dimension - 1] == tensor.shape[dimension - 1]) index[--dimension] = 0;
    if (dimension == 0) return values;
  }
}

const DeviceTensor* find(const std::vector<DeviceTensor>& tensors, const std::string& name) {
  const auto has_name = [&name](const DeviceTensor& tensor) { return tensor.name == name; };
  const auto found = std::find_if(tensors.begin(), tensors.end(), has_name);
  return found == tensors.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a trainer's tensors on the device are those of its state, and its images") {
  TrainingConfig config = tiny_config();
  config.networks.channels = 3;
  config.ema_decay = 0.9;
  const ImageSet images = striped_images(config.networks, 9);
  Trainer trainer(config, images);
  const auto at_first = trainer.device_tensors();
  CHECK(find(at_first, "generated") == nullptr);
  trainer.run(3);
  const TensorFile state = trainer.state();
  std::size_t weights = 0;
  for (const DeviceTensor& tensor : at_first) {
    if (tensor.name == "images") continue;
    const Tensor* const same = state.find(tensor.name);
    REQUIRE(same != nullptr);
    CHECK(tensor.shape == same->shape);
    CHECK(values_on_device<float>(tensor) == floats_of(state, tensor.name));
    ++weights;
  }
  std::size_t expected = 0;
  for (const Tensor& tensor : state.tensors) {
    expected += tensor.name.find(".model.") != std::string::npos && tensor.name.find(".adam.") == std::string::npos &&
                tensor.type == DType::f32;
  }
  CHECK(weights == expected);
  const DeviceTensor* const pixels = find(at_first, "images");
  REQUIRE(pixels != nullptr);
  CHECK(pixels->shape == std::vector<std::int64_t>{9, 3, 4, 4});
  CHECK(values_on_device<std::uint8_t>(*pixels) == images.pixels);
}

TEST_CASE("generated images on the device are the last ones, of whatever batch") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  config.networks.channels = 3;
  Trainer trainer(config, striped_images(config.networks, 10));
  for (const int there : {4, 4, 2}) {  // the batches of an epoch
    trainer.run(1);
    const auto tensors = trainer.device_tensors();
    const DeviceTensor* const generated = find(tensors, "generated");
    REQUIRE(generated != nullptr);
    CHECK(generated->shape == std::vector<std::int64_t>{there, 3, 4, 4});
    CHECK(values_on_device<float>(*generated) == trainer.last_generated(there).values);
  }
  trainer.load_state(trainer.state());
  CHECK(find(trainer.device_tensors(), "generated") == nullptr);
}
