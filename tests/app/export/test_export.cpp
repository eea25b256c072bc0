#include <nlohmann/json.hpp>

#include "app/errors/exit_code.h"
#include "app/export/directions.h"
#include "app/export/explorer.h"
#include "app/export/exported_network.h"
#include "app/export/onnx_model.h"
#include "app/export/plain_weights.h"
#include "duel_has.h"
#include "engine/configuration/config_json.h"
#include "engine/networks/discriminator.h"
#include "engine/networks/latents.h"
#include "engine/networks/state_file.h"
#include "engine/training/trainer.h"
#include "tests/app/export/run_modules.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel;
using namespace duel::app;
using namespace duel::test;
using duel::app::test::run_modules;

/// What a training of some iterations leaves.
GeneratorFile trained(const TrainingConfig& config) {
  Trainer trainer(config, striped_images(config.networks, 40));
  trainer.run(7);
  GeneratorFile file{"run.safetensors", trainer.state(), config.networks};
  file.loss = config.loss;
  file.has_average = config.ema_decay > 0;
  return file;
}

std::vector<TrainingConfig> configs() {
  TrainingConfig squares = small_config();
  squares.loss = loss_kind<LeastSquares>();
  squares.ema_decay = 0.5;
  TrainingConfig conditional = small_config(), planes = dcgan_config();
  conditional.networks.classes = planes.networks.classes = 3;
  std::vector<TrainingConfig> configs = {small_config(), paper_config(), squares, dcgan_config(), conditional, planes};
  for (const TrainingConfig& like : {small_config(), dcgan_config()}) {
    configs.push_back(like);
    configs.back().networks.discriminator_norm = NetworkNorm::spectral;
  }
  for (const TrainingConfig& like : {conditional, planes}) {
    configs.push_back(like);
    configs.back().networks.class_input = ClassInput::embedding;
    configs.push_back(configs.back());
    configs.back().networks.discriminator_norm = NetworkNorm::spectral;
  }
  return configs;
}

double largest_difference(const std::vector<double>& a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("export: a generator's modules and tensors draw what the generator draws") {
  for (const TrainingConfig& config : configs()) {
    const GeneratorFile file = trained(config);
    const int dim = config.networks.generator_inputs(), pixels = config.networks.pixels();
    const std::vector<float> latents = draw_latents(5, config.networks, 3);
    for (const GeneratorWeights weights : {GeneratorWeights::average, GeneratorWeights::last}) {
      const Generator generator(config.networks, file.tensors, weights);
      const FloatImages images = generator.generate(latents, BatchStatistics::running);
      const ExportedNetwork network = exported_generator(file, weights);
      for (int i = 0; i < 5; ++i) {
        const auto ours = run_modules(network, {latents.begin() + i * dim, latents.begin() + (i + 1) * dim});
        CHECK(largest_difference(ours, std::span(images.values).subspan(i * pixels, pixels)) < 1e-5);
      }
    }
  }
}

TEST_CASE("export: a discriminator's modules and tensors judge as the discriminator judges") {
  for (const TrainingConfig& config : configs()) {
    const GeneratorFile file = trained(config);
    const NetworkLayout layout = discriminator_layout(config.networks);
    Arena memory(weight_bytes(layout));
    const Stream stream;
    const NetworkState state = NetworkState::take_weights(memory, layout);
    load_network(file.tensors, kDiscriminatorPrefix, layout, state, NetworkPart::weights, stream);
    const int pixels = config.networks.pixels();
    const std::vector<float> images = draw_latents(4 * pixels / config.networks.latent_dim + 1, config.networks, 5);
    const std::span<const float> some(images.data(), static_cast<std::size_t>(4 * pixels));
    const std::vector<std::uint8_t> labels =
        config.networks.classes > 0 ? std::vector<std::uint8_t>{2, 0, 1, 1} : std::vector<std::uint8_t>();
    const std::vector<float> scores = judge_images({}, config.networks, layout, state, some, labels, stream);
    const ExportedNetwork network = exported_discriminator(file);
    const bool is_probability = network.modules.back().kind == "Sigmoid";
    CHECK(is_probability == (config.loss != loss_kind<LeastSquares>()));
    for (int i = 0; i < 4; ++i) {
      std::vector<double> input(some.begin() + i * pixels, some.begin() + (i + 1) * pixels);
      for (int number = 0; number < network.classes; ++number) {
        const bool is_own = labels[static_cast<std::size_t>(i)] == number;
        input.insert(input.end(), static_cast<std::size_t>(network.pixels_of_class), is_own ? 1.0 : 0.0);
      }
      const auto judgement = run_modules(network, input);
      const double score = scores[static_cast<std::size_t>(i)];
      CHECK(judgement.at(0) == Approx(is_probability ? 1 / (1 + std::exp(-score)) : score).margin(1e-5));
    }
  }
}

TEST_CASE("export: weights for PyTorch are the networks' alone, and our reader needs no more words") {
  const GeneratorFile file = trained(paper_config());
  const TensorFile weights =
      plain_weights({exported_generator(file, GeneratorWeights::last), exported_discriminator(file)}, file);
  for (const Tensor& tensor : weights.tensors) {
    CAPTURE(tensor.name);
    REQUIRE(file.tensors.find(tensor.name) != nullptr);
    CHECK(file.tensors.find(tensor.name)->bytes == tensor.bytes);
    CHECK((tensor.name.starts_with("generator.model.") || tensor.name.starts_with("discriminator.model.")));
  }
  CHECK(weights.tensors.size() == generator_layout(file.networks).parameter_slots().size() +
                                      discriminator_layout(file.networks).parameter_slots().size());
  CHECK(config_from_json(weights.metadata.at("config")) == paper_config());
  CHECK(weights.metadata.at("discriminator").starts_with("[[\"Dropout\",0.2],[\"Linear\",64,"));
  CHECK(weights.metadata.at("generator").ends_with("[\"Sigmoid\"]]"));
  CHECK(weights.metadata.at("discriminator_names").starts_with("[\"\",\"model.1\",\"\","));
  CHECK(weights.metadata.count("format") == 0);  // by which the reader would take it for another program's
}

TEST_CASE(
    "export: what is written is read again, as a network to draw, to judge and to go on with, and exported again") {
  for (const TrainingConfig& config : configs()) {
    const GeneratorFile file = trained(config);
    const auto exported = [](const GeneratorFile& from) {
      return plain_weights({exported_generator(from, GeneratorWeights::last), exported_discriminator(from)}, from);
    };
    const TensorFile weights = exported(file);
    const TrainingConfig read = config_from_json(weights.metadata.at("config"));
    CHECK(read.networks.class_input == ClassInput::one_hot);
    CHECK(read.networks.discriminator_norm != NetworkNorm::spectral);
    GeneratorFile again{"again.safetensors", weights, read.networks};
    again.loss = file.loss;
    const std::vector<float> latents = draw_latents(3, config.networks, 3);
    const Generator before(config.networks, file.tensors, GeneratorWeights::last),
        after(read.networks, weights, GeneratorWeights::last);
    const std::vector<float> images = before.generate(latents, BatchStatistics::running).values;
    const std::vector<float> drawn = after.generate(latents, BatchStatistics::running).values;
    for (std::size_t i = 0; i < images.size(); ++i) REQUIRE(drawn[i] == Approx(images[i]).margin(1e-5));
    const TensorFile twice = exported(again);
    CHECK(twice.metadata == weights.metadata);
    REQUIRE(twice.tensors.size() == weights.tensors.size());
    for (const Tensor& tensor : weights.tensors) CHECK(twice.find(tensor.name)->bytes == tensor.bytes);
    Trainer trainer(read, striped_images(read.networks, read.batch_size));
    CHECK(trainer.load_weights(weights));
  }
}

TEST_CASE("export: networks of convolutions, in torch.nn's arguments and under the script's names") {
  const GeneratorFile file = trained(dcgan_config());
  const ExportedNetwork generator = exported_generator(file, GeneratorWeights::last);
  CHECK(
      modules_json(generator) ==
      R"([["Linear",5,24],["Unflatten",1,[6,2,2]],["BatchNorm2d",6,1e-05,0.1],["Upsample",null,2],["Conv2d",6,5,3,1,1],)"
      R"(["BatchNorm2d",5,0.8,0.1],["LeakyReLU",0.2],["Upsample",null,2],["Conv2d",5,4,3,1,1],["BatchNorm2d",4,0.8,0.1],)"
      R"(["LeakyReLU",0.2],["Conv2d",4,1,3,1,1],["Tanh"],["Flatten"]])");
  CHECK(module_names_json(generator) ==
        R"(["l1.0","","conv_blocks.0","","conv_blocks.2","conv_blocks.3","","","conv_blocks.6","conv_blocks.7","",)"
        R"("conv_blocks.9","",""])");
  CHECK(
      modules_json(exported_discriminator(file))
          .starts_with(
              R"([["Unflatten",1,[1,8,8]],["Conv2d",1,4,3,2,1],["LeakyReLU",0.2],["Dropout2d",0.25],["Conv2d",4,5,3,2,1],)"));
}

TEST_CASE("export: without a configuration, or without a discriminator, there is only a generator") {
  GeneratorFile file = trained(small_config());
  file.loss.reset();
  CHECK_THROWS_AS(exported_discriminator(file), DataError);
  file.loss = small_config().loss;
  std::erase_if(file.tensors.tensors, [](const Tensor& tensor) { return tensor.name.starts_with("discriminator."); });
  try {
    exported_discriminator(file);
    FAIL("a file without a discriminator gave one");
  } catch (const DataError& error) {
    CHECK(contains(error.what(), "run.safetensors: expected a discriminator"));
    CHECK(contains(error.what(), "found none"));
  }
}

TEST_CASE("export: directions are those along which images change, the strongest first") {
  // Images of 3 pixels: A z, with the singular values 5, 2 and 1 along the axes 1, 2 and 0.
  const auto draw = [](std::span<const float> z) {
    FloatImages images{static_cast<int>(z.size() / 3), 1, 1, 3, {}};
    for (std::size_t i = 0; i < z.size(); i += 3) {
      const float row[] = {-5 * z[i + 1], 2 * z[i + 2], z[i]};
      images.values.insert(images.values.end(), row, row + 3);
    }
    return images;
  };
  const std::vector<float> latents = {0.1f, 0.2f, 0.3f, -1, 2, 0.5f};
  const std::vector<float> found = strongest_directions(latents, 3, 2, draw);
  const std::vector<float> expected = {0, 1, 0, 0, 0, 1};
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(1e-4));
  CHECK(strongest_directions(latents, 3, 10, draw).size() == 9);
}

TEST_CASE("export: the page is whole, loads nothing and cannot be left by a text") {
  const GeneratorFile file = trained(small_config());
  const ExportedNetwork network = exported_generator(file, GeneratorWeights::last);
  const std::vector<float> directions(static_cast<std::size_t>(2 * file.networks.latent_dim), 0.5f);
  const std::string page =
      explorer_page(network, file.networks, {"a <b> & </script>", "\"about\"", "mnist_gan", directions});
  CHECK(page.starts_with(kExplorerBeginning));
  CHECK(contains(page, "<h1>a &lt;b&gt; &amp; &lt;/script&gt;</h1>"));
  CHECK(!contains(page, "{{"));
  for (const char* loads : {"http:", "https:", " src=", "@import", "url("}) {
    CAPTURE(loads);
    CHECK(!contains(page, loads));
  }
  const std::string begin = "<script type=\"application/json\" id=\"model\">";
  const std::size_t at = page.find(begin) + begin.size();
  const auto model = nlohmann::json::parse(page.substr(at, page.find("</script>", at) - at));
  CHECK(model["latent"]["size"] == file.networks.latent_dim);
  CHECK(model["image"]["low"] == -1);
  CHECK(model["layers"].size() == file.networks.generator_widths.size() + 1);
  CHECK(model["layers"].back()["activation"] == "Tanh");
}

#if DUEL_HAS_ONNX
TEST_CASE("export: ONNX models begin as the form says, with and without batch norm, maxout and dropout") {
  for (const TrainingConfig& config : configs()) {
    const GeneratorFile file = trained(config);
    for (const ExportedNetwork& network :
         {exported_generator(file, GeneratorWeights::average), exported_discriminator(file)}) {
      const std::string model = onnx_model(network);  // which the checker has seen
      CHECK(model.starts_with(kOnnxBeginning));
      CHECK(contains(model, network.name == "generator" ? "latents" : "judgements"));
    }
  }
}
#else
TEST_CASE("export: a build without ONNX says how to get it") {
  const GeneratorFile file = trained(small_config());
  try {
    onnx_model(exported_generator(file, GeneratorWeights::last));
    FAIL("a model without the library");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(), "libonnx-dev"));
  }
}
#endif
