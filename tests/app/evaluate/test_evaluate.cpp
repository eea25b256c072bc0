#include "app/evaluate/evaluate.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "app/commands/train.h"
#include "app/drawing/generator_file.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/data_identity.h"
#include "engine/io/idx.h"
#include "engine/networks/generator.h"
#include "engine/quality/figures.h"
#include "engine/training/trainer.h"
#include "tests/app/labelled_dataset.h"
#include "tests/app/workplace.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel;
using namespace duel::app;
using namespace duel::app::test;
using nlohmann::json;

constexpr int kTrainImages = 300, kTestImages = 120, kSamples = 50;

/// A workplace with a dataset of both splits, and a trained checkpoint.
struct Trained : Workplace {
  Trained() {
    write_labelled_set(path(), "train", kTrainImages, 1);
    write_labelled_set(path(), "t10k", kTestImages, 2);
  }

  std::string checkpoint(std::uint64_t seed) {
    TrainOptions training = options();
    training.training.seed = seed;
    training.epochs = 1;
    REQUIRE(train(training) == ExitCode::ok);
    const auto run = path() / "runs" / names_in(path() / "runs").back();
    return run / "checkpoints" / "latest.safetensors";
  }

  EvaluateOptions evaluation(const std::vector<std::string>& checkpoints) const {
    EvaluateOptions result = defaults_of<EvaluateOptions>(mnist_gan());
    result.checkpoints.assign(checkpoints.begin(), checkpoints.end());
    result.data = path().string();
    result.samples = kSamples;
    result.seeds = 2;
    result.result.file = path() / "quality.json";
    result.threads = 2;
    return result;
  }

  json result_of(const EvaluateOptions& options) {
    REQUIRE(evaluate(options) == ExitCode::ok);
    return json::parse(content_of(options.result.file));
  }
};

/// What evaluate() refuses with, an error of that kind.
template <class Error>
std::string refusal(const EvaluateOptions& options) {
  return duel::test::thrown_message<Error>([&] { evaluate(options); });
}

TEST_CASE("evaluate: every figure by seed, its mean and range, beside what real images measure") {
  Trained place;
  const json result = place.result_of(place.evaluation({place.checkpoint(0)}));
  CHECK(result["format"] == "mnist_gan evaluate 1");
  CHECK(result["sampling_seeds"] == json({0, 1}));
  CHECK(result["classifier"]["hash"].get<std::string>().size() == 16);
  REQUIRE(result["checkpoints"].size() == 1);
  const json& one = result["checkpoints"][0];
  for (const FigureInfo& info : figure_infos()) {
    INFO(info.key);
    CHECK(result["real"]["figures"].contains(info.key) == !duel::needs_classes(info.metric));
    if (duel::needs_classes(info.metric)) continue;
    CHECK(std::isfinite(result["real"]["figures"][info.key].get<double>()));
    const json& figure = one["figures"][info.key];
    const double first = figure["values"].at(0), second = figure["values"].at(1);
    CHECK(figure["values"].size() == 2);
    CHECK(figure["mean"] == (first + second) / 2);
    CHECK(figure["minimum"] == std::min(first, second));
    CHECK(figure["maximum"] == std::max(first, second));
    CHECK(contains(place.out.str(), info.name));
  }
  CHECK(one["class_shares_by_seed"].at(1).size() == result["real"]["class_shares"].size());
  const json& distances = one["figures"]["nearest_training_distance"]["values"];
  CHECK(distances.at(0) != distances.at(1));  // other latents
  // These images are none of the published ones, whose anchors say nothing about them.
  CHECK((result["context"].empty() && result["dataset"].is_null()));
  CHECK((!contains(place.out.str(), "MNIST") && contains(place.out.str(), "What may be compared: ")));
  CHECK(!result.contains("all_checkpoints"));
}

TEST_CASE("evaluate: the same seeds give the same numbers, and several checkpoints a range over them") {
  Trained place;
  const std::vector<std::string> files = {place.checkpoint(0), place.checkpoint(1)};
  EvaluateOptions options = place.evaluation(files);
  options.metrics = {"border", "nearest", "parzen"};
  const json both = place.result_of(options);
  options.checkpoints = {files[1]};
  options.threads = 1;
  const json second = place.result_of(options);
  REQUIRE(both["checkpoints"].size() == 2);
  CHECK(both["checkpoints"][1]["figures"] == second["checkpoints"][0]["figures"]);
  CHECK(both["checkpoints"][0]["figures"] != both["checkpoints"][1]["figures"]);
  CHECK(both["checkpoints"][0]["figures"].size() == 7);
  const json& all = both["all_checkpoints"]["nearest_training_distance"];
  for (const int i : {0, 1}) {
    CHECK(all["values"][i] == both["checkpoints"][i]["figures"]["nearest_training_distance"]["mean"]);
  }
  options.seed = 1;
  options.seeds = 1;
  const json shifted = place.result_of(options);  // a seed's numbers do not depend on the others
  CHECK(shifted["checkpoints"][0]["figures"]["parzen_log_likelihood"]["values"][0] ==
        second["checkpoints"][0]["figures"]["parzen_log_likelihood"]["values"][1]);
}

TEST_CASE("evaluate: with the batch's statistics images come from other normalisations") {
  Trained place;
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  options.metrics = {"nearest"};
  const json running = place.result_of(options);
  options.statistics = BatchStatistics::batch;
  const json batch = place.result_of(options);
  CHECK(batch["statistics"] == "batch");
  CHECK(running["checkpoints"][0]["figures"] != batch["checkpoints"][0]["figures"]);
  // Whole batches: fewer samples are the first of more.
  options.samples = 30;
  const json fewer = place.result_of(options);
  CHECK(fewer["samples"] == 30);
}

/// The generator of a checkpoint alone, as PyTorch would write its state_dict, with this prefix.
TensorFile plain_weights(const std::string& checkpoint, const std::string& prefix) {
  TensorFile plain;
  for (Tensor tensor : read_safetensors(checkpoint).tensors) {
    const std::string begin = "generator.";
    const bool is_state = contains(tensor.name, ".adam.") || !tensor.name.starts_with(begin);
    if (is_state) continue;
    tensor.name = prefix + tensor.name.substr(begin.size());
    plain.tensors.push_back(tensor);
  }
  return plain;
}

TEST_CASE("evaluate: CSV has a line for each figure, with the numbers of the JSON") {
  Trained place;
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  options.metrics = {"ndb", "border"};
  const json result = place.result_of(options);
  place.out.str("");
  options.result = {.format = duel::ResultFormat::csv, .file = {}};
  REQUIRE(evaluate(options) == ExitCode::ok);
  std::string expected = "checkpoint,figure,mean,minimum,maximum,real\n";
  const json& checkpoint = result["checkpoints"][0];
  for (const char* name : {"different_bins", "bright_border_pixels"}) {
    const json& figure = checkpoint["figures"][name];
    expected += checkpoint["file"].get<std::string>() + "," + name;
    for (const char* value : {"mean", "minimum", "maximum"}) expected += "," + figure[value].dump();
    expected += "," + result["real"]["figures"][name].dump() + "\n";
  }
  CHECK(place.out.str() == expected);
}

TEST_CASE("evaluate: the file of results is none of those that it reads") {
  Trained place;
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  fs::create_symlink("train-images-idx3-ubyte", place.path() / "link.json");
  for (const fs::path& input : {fs::path(options.checkpoints[0]), place.path() / "link.json"}) {
    options.result.file = input;
    const std::string before = content_of(input);
    CHECK(contains(refusal<std::invalid_argument>(options), "neither empty nor an earlier result"));
    CHECK(content_of(input) == before);
  }
}

TEST_CASE("evaluate: plain weights with PyTorch's names are the same generator") {
  Trained place;
  const std::string checkpoint = place.checkpoint(0), plain = place.path() / "plain.safetensors";
  EvaluateOptions options = place.evaluation({checkpoint});
  options.metrics = {"nearest"};
  const json expected = place.result_of(options);
  options.checkpoints = {plain};
  options.preset = "blog";
  for (const std::string prefix : {"generator.", "", "module.", "_orig_mod.", "module._orig_mod.",
                                   "_orig_mod.module.module.", "generator.module.", "module.generator._orig_mod."}) {
    write_safetensors(plain, plain_weights(checkpoint, prefix));
    INFO("prefix '" << prefix << "'");
    CHECK(place.result_of(options)["checkpoints"][0]["figures"] == expected["checkpoints"][0]["figures"]);
  }
  const GeneratorFile file = read_generator_file(mnist_gan(), plain, "default");
  CHECK(file.networks.batch_norm_eps == 1e-5f);
  CHECK(file.networks.latent_dim == 6);
  CHECK(file.networks.generator_widths == std::vector<int>{8, 12});
  CHECK((file.networks.image_size == kSize && file.networks.channels == 1));
  options.preset = "";
  CHECK(contains(refusal<UsageError>(options), "or --preset blog (eps 0.8"));
}

TEST_CASE("evaluate: weights of the published DCGAN, under its script's names, have the sizes of its layers") {
  Workplace place;
  TrainingConfig config = preset(mnist_gan(), "dcgan").training;
  config.networks.latent_dim = 6;
  config.networks.image_size = 12;
  config.networks.channels = 3;
  config.networks.generator_widths = {5, 4, 3};
  const std::string trained = place.path() / "trained.safetensors", plain = place.path() / "plain.safetensors";
  write_safetensors(trained, Trainer(config, duel::test::striped_images(config.networks, 4)).state());
  write_safetensors(plain, plain_weights(trained, ""));
  const GeneratorFile file = read_generator_file(mnist_gan(), plain, "dcgan");
  CHECK(file.networks.generator_widths == config.networks.generator_widths);
  CHECK((file.networks.latent_dim == 6 && file.networks.image_size == 12 && file.networks.channels == 3));
  const std::vector<float> latents = draw_latents(5, config.networks, 1);
  const auto draw = [&](const std::string& of, const NetworkConfig& networks) {
    const TensorFile tensors = read_generator_file(mnist_gan(), of, "dcgan").tensors;
    return Generator(networks, tensors).generate(latents, BatchStatistics::running).values;
  };
  CHECK(draw(plain, file.networks) == draw(trained, config.networks));
  const auto message = [&](const std::string& preset_name) {
    return duel::test::thrown_message<DataError>([&] { read_generator_file(mnist_gan(), plain, preset_name); });
  };
  // Whatever the preset, which decides about eps alone, the tensors' names tell the kind of networks.
  const GeneratorFile other = read_generator_file(mnist_gan(), plain, "default");
  CHECK((other.networks.kind == NetworkKind::dcgan && other.networks.batch_norm_eps == 1e-5f));
  CHECK(other.networks.generator_widths == config.networks.generator_widths);
  TensorFile weights = plain_weights(trained, "");
  std::erase_if(weights.tensors, [](const Tensor& tensor) { return tensor.name == "l1.0.weight"; });
  write_safetensors(plain, weights);
  CHECK(contains(message("dcgan"), "it holds no weights of a generator of convolutions, but 'l1.0.bias'"));
  weights.tensors.insert(weights.tensors.begin(),
                         {"l1.0.weight", DType::f32, {44, 6}, std::vector<std::byte>(44 * 6 * 4)});
  write_safetensors(plain, weights);
  CHECK(contains(message("dcgan"), "its first layer has 44 outputs, which make no square image of 5 channels"));
}

TEST_CASE("evaluate: files that hold no generator of these images are refused by name") {
  Trained place;
  const std::string checkpoint = place.checkpoint(0), plain = place.path() / "plain.safetensors";
  TensorFile weights = plain_weights(checkpoint, "generator.");
  EvaluateOptions options = place.evaluation({plain});
  options.preset = "blog";
  TensorFile without = weights;
  std::erase_if(without.tensors, [](const Tensor& tensor) { return tensor.name == "generator.model.3.running_mean"; });
  write_safetensors(plain, without);
  const std::string missing = refusal<DataError>(options);
  CHECK(contains(missing, plain));
  CHECK(contains(missing, "'generator.model.3.running_mean' is missing; found 'generator.model.0.weight', "));
  write_safetensors(plain, {{}, {weights.tensors.front()}});
  const std::string none = refusal<DataError>(options);
  CHECK(contains(none, "no weights of a generator with hidden layers, but 'generator.model.0.weight';"));
  TensorFile other_names = plain_weights(checkpoint, "net.");
  write_safetensors(plain, other_names);
  CHECK(contains(refusal<DataError>(options), "hidden layers, but 'net.model.0.weight', 'net.model.0.bias', "));
  TensorFile foreign = weights;
  foreign.metadata = {{"format", "pt"}, {"config", "{\"model_type\": \"gan\"}"}, {"dataset", "mnist"}};
  write_safetensors(plain, foreign);
  const GeneratorFile file = read_generator_file(mnist_gan(), plain, "blog");
  CHECK((file.networks.latent_dim == 6 && !file.has_config && !file.trained_on));  // another program's is none
  TensorFile own = read_safetensors(checkpoint);
  own.metadata["format"] = "mnist_gan checkpoint 1";  // as earlier versions called it
  write_safetensors(plain, own);
  CHECK(read_generator_file(mnist_gan(), plain, "").has_config);
  TensorFile twice = weights;
  for (Tensor tensor : weights.tensors) {
    tensor.name = "module." + tensor.name;
    twice.tensors.push_back(tensor);
  }
  write_safetensors(plain, twice);
  CHECK(
      contains(refusal<DataError>(options), "found 'generator.model.0.weight' and 'module.generator.model.0.weight'"));
  options.checkpoints = {checkpoint};
  options.data = "/usr/share/datasets/fashion-mnist";
  if (fs::exists(options.data)) CHECK(contains(refusal<UsageError>(options), "28x28x1"));
  options.data = place.path();
  fs::remove(place.path() / "t10k-labels-idx1-ubyte");
  CHECK(contains(refusal<DataError>(options), "label"));
}

TEST_CASE("evaluate: other images than the training's are told, and refused where nobody named them") {
  Trained place;
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  options.metrics = {"border"};
  CHECK(place.result_of(options)["checkpoints"][0]["trained_on_these_images"] == true);
  CHECK(!contains(place.error.str(), "trained on"));
  const std::string name = place.path().filename();
  write_labelled_set(place.path(), "train", kTrainImages, 3);
  CHECK(place.result_of(options)["checkpoints"][0]["trained_on_these_images"] == false);
  CHECK(contains(place.error.str(),
                 "warning: " + options.checkpoints[0].string() + ": trained on '" + name + "', 300 images"));
  CHECK(contains(place.out.str(), "trained on other images"));

  const fs::path found = place.path() / "mnist_gan/mnist";  // as find_dataset() finds it
  fs::create_directories(found);
  for (const char* split : {"train", "t10k"}) write_labelled_set(found, split, kTestImages, 4);
  setenv("XDG_DATA_HOME", place.path().c_str(), 1);
  unsetenv("MNIST_GAN_DATA");
  options.data = "";
  CHECK(contains(refusal<UsageError>(options), "Name the dataset to compare with: --data DIR"));
  unsetenv("XDG_DATA_HOME");

  write_safetensors(place.path() / "plain.safetensors", plain_weights(options.checkpoints[0], ""));
  options.checkpoints = {place.path() / "plain.safetensors"};
  options.data = place.path();
  options.preset = "blog";
  CHECK(place.result_of(options)["checkpoints"][0]["trained_on_these_images"].is_null());
}

/// Every label becomes `first` and what follows.
void rename_labels(const fs::path& folder, char first) {
  for (const char* split : {"train", "t10k"}) {
    const fs::path file = folder / (std::string(split) + "-labels-idx1-ubyte");
    std::string content = content_of(file);
    for (std::size_t i = 8; i < content.size(); ++i) content[i] = static_cast<char>(content[i] + first);
    std::ofstream(file, std::ios::binary) << content;
  }
}

TEST_CASE("evaluate: of conditional generators also whether they draw the classes that are asked for") {
  Trained place;
  TrainOptions training = place.options();
  training.conditional = true;
  training.name = "conditional";
  training.max_iterations = 2;
  training.quiet = true;
  REQUIRE(train(training) == ExitCode::ok);
  fs::path conditional;
  for (const auto& run : fs::directory_iterator(training.outdir)) {
    if (run.path().filename().string().ends_with("-conditional")) conditional = run.path();
  }
  EvaluateOptions options = place.evaluation({conditional});
  options.metrics = {"all"};
  const json result = place.result_of(options);
  const json& figures = result["checkpoints"][0]["figures"];
  CHECK(result["real"]["figures"]["confirmed_classes"] > 0.9);
  CHECK(figures["confirmed_classes"]["mean"] >= 0.2);  // an untrained one draws the same for both
  CHECK(figures["confirmed_classes"]["mean"] <= 0.8);
  CHECK(figures["frechet_within_classes"]["mean"] > result["real"]["figures"]["frechet_within_classes"]);
  CHECK(contains(place.out.str(), "share of the class that was asked for"));

  const std::string other = place.checkpoint(0);
  options.checkpoints.emplace_back(other);
  CHECK_FALSE(place.result_of(options)["real"]["figures"].contains("confirmed_classes"));
  options.metrics = {"classes"};
  CHECK(contains(refusal<UsageError>(options), "--metrics classes: the generator of " + other));
  options.checkpoints.pop_back();
  options.samples = 10;
  CHECK(place.result_of(options)["checkpoints"][0]["figures"].size() == 2);
  rename_labels(place.path(), 0);
  const fs::path labels = place.path() / "train-labels-idx1-ubyte";
  std::string content = content_of(labels);
  content.back() = 2;
  std::ofstream(labels, std::ios::binary) << content;
  CHECK(contains(refusal<UsageError>(options), "expected a generator of the 3 classes of the data, found one of 2"));
}

TEST_CASE("evaluate: classes are called as the labels call them, and are as many") {
  Trained place;
  rename_labels(place.path(), 25);
  const json result = place.result_of(place.evaluation({place.checkpoint(0)}));
  CHECK(result["classifier"]["labels"] == json({25, 26}));
  CHECK(result["real"]["class_shares"].size() == 2);
  CHECK(result["classifier"]["classes"] == json({"25", "26"}));
  CHECK((contains(place.out.str(), "\n  25   ") && contains(place.out.str(), "\n  26   ")));
}

TEST_CASE("evaluate: classes have the names of the dataset, and a damaged list of them is passed over") {
  Trained place;
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  options.metrics = {"histogram"};
  const fs::path names = place.path() / "dataset.json";
  std::ofstream(names) << R"({"classes":{"0":"above","1":"be\nlow"}})";
  json result = place.result_of(options);
  CHECK(result["classifier"]["classes"] == json({"above", "be\nlow"}));
  CHECK((contains(place.out.str(), "\n  above   ") && contains(place.out.str(), "\n  be\\x0alow ")));
  std::ofstream(names) << "{";
  result = place.result_of(options);
  CHECK(result["classifier"]["classes"] == json({"0", "1"}));
  CHECK(contains(place.error.str(), "dataset.json: "));
}

TEST_CASE("evaluate: of a dataset that the program knows, what was measured on it stands beside") {
  Trained place;
  TrainingProgram knowing = mnist_gan();
  const ImageSet train = read_idx_folder_images(place.path(), Split::train);
  knowing.downloads = {{.name = "halves",
                        .about = "",
                        .mirrors = {},
                        .files = {},
                        .classes = {{0, "above"}, {1, "below"}},
                        .checksum = identity_of(train).checksum,
                        .anchors = {{Metric::border, "ours: 17 pixels"}, {Metric::parzen, "not measured here"}}}};
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  options.program = &knowing;
  options.metrics = {"border", "histogram"};
  const json result = place.result_of(options);
  CHECK((result["dataset"] == "halves" && result["context"] == json({"ours: 17 pixels"})));
  CHECK(contains(place.out.str(), "\nContext, of halves:\n  ours: 17 pixels\n"));
  CHECK(contains(place.out.str(), "\n  below   "));
}

TEST_CASE("evaluate: figures of pixels alone need no labels and no classifier") {
  Trained place;
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  options.classifier_cache = place.path() / "classifiers";
  for (const char* split : {"train", "t10k"}) {
    std::ofstream(place.path() / (std::string(split) + "-labels-idx1-ubyte")) << "damaged";
  }
  options.metrics = {"ndb", "parzen", "duplicates", "nearest", "border"};
  const json result = place.result_of(options);
  CHECK(result["classifier"].is_null());
  CHECK(result["checkpoints"][0]["figures"].size() == 9);
  CHECK(!fs::exists(options.classifier_cache));
  CHECK(!contains(place.out.str(), "classifier  "));
  for (const char* metric : {"fd", "is", "pr", "dc", "histogram"}) {
    options.metrics = {metric};
    const std::string message = refusal<DataError>(options);
    CHECK(contains(message, "train-labels-idx1-ubyte"));
    CHECK(contains(message, "Figures of pixels alone need no labels: --metrics ndb,parzen,duplicates,nearest,border"));
  }
}

TEST_CASE("evaluate: data that are too few, or of two sizes, are refused before a classifier is trained") {
  Trained place;
  EvaluateOptions options = place.evaluation({place.checkpoint(0)});
  options.classifier_cache = place.path() / "classifiers";
  write_labelled_set(place.path(), "train", 59, 1);
  CHECK(contains(refusal<DataError>(options),
                 place.path().string() + ": expected at least 60 training images, found 59"));
  CHECK(!fs::exists(options.classifier_cache));
}

TEST_CASE("evaluate: a generator that draws no numbers is refused") {
  Trained place;
  const std::string plain = place.path() / "plain.safetensors";
  TensorFile weights = plain_weights(place.checkpoint(0), "generator.");
  const float nan = std::nanf("");
  std::memcpy(weights.tensors.front().bytes.data(), &nan, sizeof nan);
  write_safetensors(plain, weights);
  EvaluateOptions options = place.evaluation({plain});
  options.preset = "blog";
  CHECK(contains(refusal<DataError>(options), "value 0 of 'generator.model.0.weight' is not finite"));
}

TEST_CASE("evaluate: options are checked before anything runs") {
  const auto refused = [](std::vector<std::string> arguments) -> std::string {
    arguments.insert(arguments.begin(), "evaluate");
    return duel::test::thrown_message<UsageError>([&] { parse_command_line(mnist_gan(), arguments, {}); });
  };
  CHECK(contains(refused({}), "--checkpoint"));
  CHECK(contains(refused({"--checkpoint", "a", "--self-test"}), "--self-test"));
  CHECK(contains(refused({"--checkpoint", "a", "--samples", "9"}), "--samples"));
  CHECK(contains(refused({"--checkpoint", "a", "--seeds", "0"}), "--seeds"));
  CHECK(contains(refused({"--checkpoint", "a", "--metrics", "fd,parzn"}), "did you mean parzen?"));
  CHECK(contains(refused({"--checkpoint", "a", "--preset", "blogs"}), "--preset"));
  CHECK(contains(refused({"--checkpoint", "a", "--sample", "9"}), "did you mean --samples?"));
  CHECK(refused({"--self-test"}) == "");
  const auto options =
      parse_command_line(mnist_gan(), {"evaluate", "--checkpoint", "a", "--checkpoint", "b", "--metrics", "fd,is"}, {})
          .as<EvaluateOptions>();
  CHECK(options.checkpoints == std::vector<fs::path>{"a", "b"});
  CHECK(options.metrics == Names{"fd", "is"});

  Workplace place;
  EvaluateOptions nowhere = defaults_of<EvaluateOptions>(mnist_gan());
  nowhere.checkpoints = {"a"};
  nowhere.result.file = place.path() / "none" / "quality.json";
  CHECK(contains(refusal<std::invalid_argument>(nowhere), "--out"));
}

}  // namespace
