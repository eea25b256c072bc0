#include "engine/networks/state_file.h"

#include <algorithm>
#include <limits>

#include "kernels/runtime/buffer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel;
using namespace duel::test;

using Names = std::vector<std::string>;

/// A generator's arrays on the device, at first full of 1, 2, 3, ...
class DeviceNetwork {
 public:
  explicit DeviceNetwork(const NetworkLayout& layout) : layout_(layout), arena_(bytes(layout)) {
    state = NetworkState::take(arena_, layout);
    float next = 1;
    for (const auto& array :
         {state.parameters, state.gradients, state.optimizer_state[0], state.optimizer_state[1], state.statistics}) {
      std::vector<float> values(array.size());
      std::generate(values.begin(), values.end(), [&] { return next++; });
      upload(array, values);
    }
    const OptimizerProgress progress{41, {0.5, 0.25}};
    check(
        cudaMemcpyAsync(state.progress.data, &progress, sizeof progress, cudaMemcpyHostToDevice, stream.view().get()));
    stream.synchronize();
  }

  void fill(float value) {
    for (const auto& array :
         {state.parameters, state.gradients, state.optimizer_state[0], state.optimizer_state[1], state.statistics}) {
      upload(array, std::vector<float>(array.size(), value));
    }
  }
  std::vector<float> download(Vector<float> array) const {
    std::vector<float> values(array.size());
    check(cudaMemcpyAsync(values.data(), array.data, array.bytes(), cudaMemcpyDeviceToHost, stream.view().get()));
    stream.synchronize();
    return values;
  }
  TensorFile save(NetworkPart part) const {
    TensorFile file;
    append_network(file, "generator.", layout_, state, part, 7, stream);
    return file;
  }
  std::int64_t load(const TensorFile& file, NetworkPart part) const {
    return load_network(file, "generator.", layout_, state, part, stream);
  }

  Stream stream;
  NetworkState state;

 private:
  static std::size_t bytes(const NetworkLayout& layout) {
    ArenaPlan plan;
    NetworkState::take(plan, layout);
    return plan.bytes();
  }
  void upload(Vector<float> array, const std::vector<float>& values) {
    check(cudaMemcpyAsync(array.data, values.data(), array.bytes(), cudaMemcpyHostToDevice, stream.view().get()));
    stream.synchronize();
  }

  const NetworkLayout& layout_;
  Arena arena_;
};

Names names_of(const TensorFile& file) {
  Names names;
  for (const Tensor& tensor : file.tensors) names.push_back(tensor.name);
  return names;
}

std::string load_refusal(const DeviceNetwork& network, const TensorFile& file, NetworkPart part) {
  return thrown_message<DataError>([&] { network.load(file, part); });
}

std::string integers_refusal(const TensorFile& file, std::size_t count) {
  return thrown_message<DataError>([&] { find_integers(file, "steps", count); });
}

}  // namespace

TEST_CASE("the weights of a network are its state_dict") {
  const NetworkLayout layout = generator_layout(tiny_config().networks);  // 3 -> 4 -> 5 -> 16
  const DeviceNetwork network(layout);
  const TensorFile file = network.save(NetworkPart::weights);
  CHECK(names_of(file) == Names{"generator.model.0.weight", "generator.model.0.bias", "generator.model.2.weight",
                                "generator.model.2.bias", "generator.model.3.weight", "generator.model.3.bias",
                                "generator.model.5.weight", "generator.model.5.bias", "generator.model.3.running_mean",
                                "generator.model.3.running_var", "generator.model.3.num_batches_tracked"});
  CHECK(file.find("generator.model.0.weight")->shape == std::vector<std::int64_t>{4, 3});
  CHECK(floats_of(file, "generator.model.0.weight").front() == 1);  // the first of the array
  CHECK(file.find("generator.model.3.num_batches_tracked")->shape.empty());
  CHECK(integer_of(file, "generator.model.3.num_batches_tracked") == 7);
}

TEST_CASE("gradients have the names of the parameters, and everything holds Adam too") {
  const NetworkLayout layout = generator_layout(tiny_config().networks);
  const DeviceNetwork network(layout);
  const TensorFile gradients = network.save(NetworkPart::gradients);
  CHECK(gradients.tensors.size() == 8);
  CHECK(floats_of(gradients, "generator.model.0.weight").front() == 1 + static_cast<float>(layout.parameters));
  const TensorFile everything = network.save(NetworkPart::everything);
  CHECK(everything.tensors.size() == 11 + 2 * 8 + 1);
  CHECK(floats_of(everything, "generator.adam.exp_avg.model.0.weight").front() ==
        1 + 2 * static_cast<float>(layout.parameters));
  CHECK(floats_of(everything, "generator.adam.exp_avg_sq.model.0.weight").front() ==
        1 + 3 * static_cast<float>(layout.parameters));
  CHECK(integer_of(everything, "generator.adam.step") == 41);
}

TEST_CASE("what was saved is loaded, and the padding is zero") {
  const NetworkLayout layout = generator_layout(tiny_config().networks);
  const DeviceNetwork saved(layout);
  DeviceNetwork loaded(layout);
  loaded.fill(std::numeric_limits<float>::quiet_NaN());
  const TensorFile file = saved.save(NetworkPart::everything);
  CHECK(loaded.load(file, NetworkPart::everything) == 7);
  CHECK(first_difference(file, loaded.save(NetworkPart::everything)) == "");
  for (const auto& array :
       {loaded.state.parameters, loaded.state.optimizer_state[0], loaded.state.optimizer_state[1]}) {
    std::vector<float> values = loaded.download(array);
    CHECK(std::count(values.begin(), values.end(), 0.f) > 0);
    for (const TensorSlot* slot : layout.parameter_slots()) {
      std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(slot->offset), slot->size(), 0.f);
    }
    CHECK(values == std::vector<float>(values.size(), 0.f));
  }
}

TEST_CASE("loading weights leaves the optimizer alone") {
  const NetworkLayout layout = generator_layout(tiny_config().networks);
  const DeviceNetwork saved(layout);
  DeviceNetwork loaded(layout);
  loaded.fill(-1);
  CHECK(loaded.load(saved.save(NetworkPart::weights), NetworkPart::weights) == 7);
  CHECK(first_difference(saved.save(NetworkPart::weights), loaded.save(NetworkPart::weights)) == "");
  const auto moments = loaded.download(loaded.state.optimizer_state[0]);
  CHECK(moments == std::vector<float>(moments.size(), -1));
  CHECK(contains(load_refusal(loaded, saved.save(NetworkPart::weights), NetworkPart::everything),
                 "tensor 'generator.adam.exp_avg.model.0.weight' is missing"));
}

TEST_CASE("a network without batch norm has no statistics") {
  const NetworkLayout layout = discriminator_layout(tiny_config().networks);
  const DeviceNetwork network(layout);
  const TensorFile file = network.save(NetworkPart::everything);
  CHECK(file.tensors.size() == 4 + 2 * 4 + 1);
  CHECK(network.load(file, NetworkPart::everything) == 0);
}

TEST_CASE("errors name the tensor, what was expected and what was found") {
  const NetworkLayout layout = generator_layout(tiny_config().networks);
  const DeviceNetwork network(layout);
  TensorFile file = network.save(NetworkPart::weights);
  tensor_of(file, "generator.model.3.running_var").shape = {1, 5};
  CHECK(contains(load_refusal(network, file, NetworkPart::weights),
                 "tensor 'generator.model.3.running_var': expected shape [5] of F32, found shape [1, 5] of F32"));
  file = network.save(NetworkPart::weights);
  tensor_of(file, "generator.model.3.num_batches_tracked").type = DType::f32;
  CHECK(contains(load_refusal(network, file, NetworkPart::weights),
                 "tensor 'generator.model.3.num_batches_tracked': expected shape [] of I64, found shape [] of F32"));
}

TEST_CASE("integers: both ways, and refused where they are not what they should be") {
  TensorFile file;
  append_integers(file, "steps", {3, 0, std::numeric_limits<std::int64_t>::max()});
  CHECK(find_integers(file, "steps", 3) == std::vector<std::int64_t>{3, 0, std::numeric_limits<std::int64_t>::max()});
  CHECK(integers_refusal(file, 3) == "");
  CHECK(contains(integers_refusal(file, 2), "tensor 'steps': expected shape [2] of I64, found shape [3] of I64"));
  CHECK(contains(integers_refusal({}, 3), "tensor 'steps' is missing"));
  set_values(file, "steps", std::vector<std::int64_t>{3, -2, 1});
  CHECK(contains(integers_refusal(file, 3), "tensor 'steps' holds -2"));
  tensor_of(file, "steps").type = DType::f64;
  CHECK(contains(integers_refusal(file, 3), "tensor 'steps': expected shape [3] of I64, found shape [3] of F64"));
}
