// A training that is saved and continued elsewhere is the uninterrupted one, bit for bit.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>

#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel;
using namespace duel::test;

constexpr int kImages = 10;  // batches of 4: an epoch is three iterations, the last has two images

/// The message of load_state()'s DataError after `change`; "" where there is none.
std::string load_refusal(const std::function<void(TensorFile&)>& change) {
  const TrainingConfig config = tiny_config();
  Trainer trainer(config, striped_images(config.networks, kImages));
  TensorFile state = trainer.state();
  change(state);
  return thrown_message<DataError>([&] { trainer.load_state(state); });
}

void remove(TensorFile& file, const std::string& name) {
  std::erase_if(file.tensors, [&](const Tensor& tensor) { return tensor.name == name; });
}

}  // namespace

TEST_CASE("a continued training is the uninterrupted one, from any iteration") {
  TrainingConfig config = tiny_config();
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  config.discriminator_steps = GENERATE(1, 2);
  config.ema_decay = GENERATE(0.0, 0.9);
  config.networks.classes = GENERATE(0, 3);
  const ImageSet images = striped_images(config.networks, kImages);
  constexpr int kEnd = 11;
  Trainer whole(config, images);
  std::vector<TensorFile> saved = {whole.state()};
  for (int i = 0; i < kEnd; ++i) {
    whole.run(1);
    saved.push_back(whole.state());
  }
  for (int point = 0; point <= kEnd; ++point) {
    CAPTURE(point);
    Trainer continued(config, images);
    continued.load_state(saved[static_cast<std::size_t>(point)]);
    CHECK(continued.iteration() == point);
    CHECK(first_difference(continued.state(), saved[static_cast<std::size_t>(point)]) == "");
    std::vector<std::int64_t> reported;
    continued.run(kEnd - point, [&](auto stats) {
      for (const IterationStats& s : stats) reported.push_back(s.iteration);
    });
    REQUIRE(reported.size() == static_cast<std::size_t>(kEnd - point));
    if (point < kEnd) CHECK((reported.front() == point && reported.back() == kEnd - 1));
    CHECK(first_difference(continued.state(), saved.back()) == "");
  }
}

TEST_CASE("a trainer that has been elsewhere continues all the same") {
  const TrainingConfig config = small_config();
  const ImageSet images = striped_images(config.networks, 40);
  Trainer whole(config, images), busy(config, images);
  whole.run(1025);  // the device's records have wrapped
  const TensorFile saved = whole.state();
  whole.run(9);
  busy.run(5);
  busy.load_state(saved);
  std::vector<std::int64_t> reported;
  busy.run(9, [&](auto stats) {
    for (const IterationStats& s : stats) reported.push_back(s.iteration);
  });
  CHECK(first_difference(busy.state(), whole.state()) == "");
  CHECK(reported == std::vector<std::int64_t>{1025, 1026, 1027, 1028, 1029, 1030, 1031, 1032, 1033});
  busy.load_state(saved);  // and back
  busy.run(9);
  CHECK(first_difference(busy.state(), whole.state()) == "");
}

TEST_CASE("a state survives its file") {
  TrainingConfig config = small_config();
  config.networks.classes = GENERATE(0, 3);
  const ImageSet images = striped_images(config.networks, 40);
  Trainer whole(config, images), continued(config, images);
  whole.run(4);
  const duel::test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "state.safetensors";
  write_safetensors(file, whole.state());
  const TensorFile read = read_safetensors(file);
  CHECK(first_difference(read, whole.state()) == "");
  CHECK(read.metadata.at("format") == "duel checkpoint 1");
  continued.load_state(read);
  continued.run(3);
  whole.run(3);
  CHECK(first_difference(continued.state(), whole.state()) == "");
}

TEST_CASE("given iterations count: the dataset goes on as if they had taken theirs") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, kImages);
  Trainer trainer(config, images), continued(config, images);
  std::mt19937_64 random(1);
  trainer.run(1);
  for (const int rows : {4, 1, 3}) {
    const GivenBatch batch = random_batch(config.networks, rows, random);
    trainer.run_given(batch.inputs());
  }
  continued.load_state(trainer.state());
  trainer.run(5);
  continued.run(5);
  CHECK(first_difference(trainer.state(), continued.state()) == "");
  CHECK(integer_of(trainer.state(), "iteration") == 9);
  CHECK(integer_of(trainer.state(), "generator.adam.step") == 9);
  CHECK(integer_of(trainer.state(), "generator.model.3.num_batches_tracked") == 9);
}

TEST_CASE("counters of the state: one of each per pass") {
  TrainingConfig config = tiny_config();
  config.discriminator_steps = 2;
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  Trainer trainer(config, striped_images(config.networks, kImages));  // 8 images, then 2
  trainer.run(4);
  const TensorFile state = trainer.state();
  CHECK(integer_of(state, "generator.adam.step") == 4);
  CHECK(integer_of(state, "discriminator.adam.step") == 2 + 1 + 2 + 1);
  const bool shared = config.order == UpdateOrder::generator_first;
  CHECK(integer_of(state, "generator.model.3.num_batches_tracked") == (shared ? 6 : 10));
}

TEST_CASE("a state with a tensor missing, or of another shape or type, is refused by its name") {
  CHECK(load_refusal([](auto&) {}) == "");
  const TrainingConfig config = tiny_config();
  const TensorFile complete = Trainer(config, striped_images(config.networks, kImages)).state();
  REQUIRE(complete.tensors.size() > 40);
  for (const Tensor& tensor : complete.tensors) {
    const std::string name = tensor.name, quoted = "tensor '" + name + "'";
    CAPTURE(name);
    CHECK(contains(load_refusal([&](TensorFile& file) { remove(file, name); }), quoted + " is missing"));
    CHECK(contains(load_refusal([&](TensorFile& file) { tensor_of(file, name).shape.push_back(1); }), quoted));
    CHECK(contains(load_refusal([&](TensorFile& file) { tensor_of(file, name).type = DType::f64; }), quoted));
    CHECK(contains(load_refusal([&](TensorFile& file) {
                     tensor_of(file, name).shape = {7, 7};
                     tensor_of(file, name).bytes.resize(49 * size_of(tensor.type));
                   }),
                   "found shape [7, 7] of "));
  }
}

TEST_CASE("a state of another network, dataset or time is refused") {
  const auto set = [](const std::string& name, std::int64_t value) {
    return [=](TensorFile& file) { set_values(file, name, std::vector{value}); };
  };
  CHECK(contains(load_refusal(set("images", 11)), "11 images, here are 10"));
  CHECK(contains(load_refusal(set("iteration", -1)), "tensor 'iteration' holds -1"));
  CHECK(contains(load_refusal(set("generator.adam.step", -7)), "tensor 'generator.adam.step' holds -7"));
  CHECK(contains(load_refusal([](TensorFile& file) {
                   const TrainingConfig other = small_config();
                   file = Trainer(other, striped_images(other.networks, kImages)).state();
                 }),
                 "tensor 'generator.model.0.weight': expected shape [4, 3] of F32, found shape [16, 10] of F32"));
  CHECK(contains(load_refusal([](TensorFile& file) {
                   TrainingConfig other = tiny_config();
                   other.networks.classes = 3;
                   file = Trainer(other, striped_images(other.networks, kImages)).state();
                 }),
                 "tensor 'generator.model.0.weight': expected shape [4, 3] of F32, found shape [4, 6] of F32"));
}

TEST_CASE("a training that begins with weights has nothing else of those who had them") {
  TrainingConfig config = tiny_config();
  config.ema_decay = 0.9;
  const ImageSet images = striped_images(config.networks, kImages);
  Trainer trained(config, images);
  trained.run(20);
  const TensorFile given = trained.state();
  TensorFile generator_alone = given;
  std::erase_if(generator_alone.tensors, [](const Tensor& tensor) { return !tensor.name.starts_with("generator."); });
  const bool has_both = GENERATE(true, false);
  Trainer trainer(config, images);
  const TensorFile fresh = trainer.state();
  CHECK(trainer.load_weights(has_both ? given : generator_alone) == has_both);
  const TensorFile state = trainer.state();
  CHECK(floats_of(state, "generator.model.3.running_var") == floats_of(given, "generator.model.3.running_var"));
  CHECK(floats_of(state, "generator.model.2.weight") == floats_of(given, "generator.model.2.weight"));
  CHECK(floats_of(state, "generator_average.model.2.weight") == floats_of(given, "generator.model.2.weight"));
  CHECK(floats_of(state, "discriminator.model.0.weight") ==
        floats_of(has_both ? given : fresh, "discriminator.model.0.weight"));
  CHECK(floats_of(state, "generator.adam.exp_avg.model.2.weight") ==
        floats_of(fresh, "generator.adam.exp_avg.model.2.weight"));
  CHECK(integer_of(state, "iteration") == 0);
  CHECK(integer_of(state, "generator.adam.step") == 0);
  remove(generator_alone, "generator.model.0.bias");
  CHECK_THROWS_AS(trainer.load_weights(generator_alone), DataError);
  CHECK(first_difference(trainer.state(), state) == "");
  trainer.run(1);
  CHECK_THROWS_AS(trainer.load_weights(given), std::logic_error);
}

TEST_CASE("a refused state changes nothing, whichever tensor is wrong") {
  TrainingConfig config = tiny_config();
  config.ema_decay = 0.9;
  config.optimizer.kind = GENERATE(kind_of<Adam>, kind_of<SgdMomentum>, kind_of<Rmsprop>);
  const ImageSet images = striped_images(config.networks, kImages);
  Trainer elsewhere(config, images), trainer(config, images);
  elsewhere.run(5);
  trainer.run(2);
  const TensorFile other = elsewhere.state(), mine = trainer.state();
  for (const Tensor& tensor : other.tensors) {
    CAPTURE(tensor.name);
    TensorFile changed = other;
    remove(changed, tensor.name);
    CHECK_THROWS_AS(trainer.load_state(changed), DataError);
    CHECK(first_difference(trainer.state(), mine) == "");
  }
}

TEST_CASE("what cannot be a state is refused by tensor and value") {
  const auto set_first = [](const std::string& name, float value) {
    return [=](TensorFile& file) {
      std::vector<float> values = floats_of(file, name);
      values.back() = value;
      set_values(file, name, values);
    };
  };
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInfinity = std::numeric_limits<float>::infinity();
  for (const char* const name : {"generator.model.0.weight", "discriminator.model.0.bias",
                                 "generator.model.3.running_mean", "generator.adam.exp_avg.model.0.bias"}) {
    CAPTURE(name);
    CHECK(contains(load_refusal(set_first(name, kNan)), "tensor '" + std::string(name) + "': value "));
    CHECK(contains(load_refusal(set_first(name, -kInfinity)), "expected finite numbers;"));
    CHECK(load_refusal(set_first(name, -1)) == "");
  }
  for (const char* const name : {"generator.model.3.running_var", "discriminator.adam.exp_avg_sq.model.0.weight"}) {
    CAPTURE(name);
    const std::string refusal = load_refusal(set_first(name, -1e-30f));
    CHECK(contains(refusal, " is -1e-30; expected finite numbers of at least 0"));
    CHECK(load_refusal(set_first(name, 0)) == "");
  }
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  for (const char* const name : {"iteration", "generator.adam.step", "generator.model.3.num_batches_tracked"}) {
    for (const std::int64_t value : {kEnd, kEnd - 1000, kEnd / 2 + 2, std::int64_t{-1}}) {
      CAPTURE(name, value);
      CHECK(contains(load_refusal([&](TensorFile& file) { set_values(file, name, std::vector{value}); }),
                     "tensor '" + std::string(name) + "' holds " + std::to_string(value)));
    }
  }
}

TEST_CASE("a training goes on from counters that are large, but not too large") {
  const TrainingConfig config = tiny_config();
  Trainer trainer(config, striped_images(config.networks, kImages));
  TensorFile state = trainer.state();
  const std::int64_t large = std::int64_t{1} << 62;
  for (const char* const name :
       {"iteration", "generator.adam.step", "discriminator.adam.step", "generator.model.3.num_batches_tracked"}) {
    set_values(state, name, std::vector{large});
  }
  trainer.load_state(state);
  trainer.run(3);
  CHECK(trainer.iteration() == large + 3);
  CHECK(integer_of(trainer.state(), "generator.adam.step") == large + 3);
}

TEST_CASE("what a state holds that a trainer does not know is left alone") {
  const Tensor extra{"ema.model.0.weight", DType::f32, {1}, std::vector<std::byte>(4)};
  CHECK(load_refusal([&](TensorFile& file) { file.tensors.push_back(extra); }) == "");
}
