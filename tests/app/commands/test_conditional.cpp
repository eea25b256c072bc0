// Conditional training, from labels to drawings of classes.
#include <span>

#include "app/commands/animate.h"
#include "app/commands/interpolate.h"
#include "app/commands/sample.h"
#include "app/commands/train.h"
#include "app/data/dataset_file.h"
#include "app/drawing/generator_file.h"
#include "app/settings/commands.h"
#include "engine/io/data_identity.h"
#include "engine/io/npy.h"
#include "engine/io/picture_file.h"
#include "engine/networks/latents.h"
#include "tests/app/commands/drawing.h"
#include "tests/app/labelled_dataset.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;

constexpr int kLetters = 80;

/// Images of three classes with names; their labels are 3, 4 and 9.
struct Letters : Workplace {
  Letters() {
    write_labelled_set(path(), "train", kLetters, 1);
    std::ofstream labels(path() / "train-labels-idx1-ubyte", std::ios::binary);
    for (const int value : {0x801, kLetters}) write_number(labels, value);
    for (int i = 0; i < kLetters; ++i) labels.put("\3\4\11"[i % 3]);
    labels.close();
    write_dataset_file(path(), "letters", {{3, "cat"}, {4, "dog"}}, {});
  }

  TrainOptions conditional() const {
    TrainOptions options = this->options();
    options.conditional = true;
    options.max_iterations = 6;
    options.quiet = true;
    return options;
  }
  fs::path checkpoint() {
    REQUIRE(train(conditional()) == ExitCode::ok);
    out.str("");
    return path() / "runs/00000-default/checkpoints/latest.safetensors";
  }
};

std::vector<float> image(const std::vector<float>& images, int index) {
  const auto begin = images.begin() + std::ptrdiff_t{kSize * kSize} * index;
  return {begin, begin + kSize * kSize};
}

}  // namespace

TEST_CASE("conditional: networks read as many classes as there are labels, and checkpoints know their names") {
  Letters place;
  const fs::path checkpoint = place.checkpoint();
  const GeneratorFile file = read_generator_file(mnist_gan(), checkpoint.string(), "");
  CHECK(file.networks.classes == 3);
  CHECK(file.classes == std::vector<std::string>{"cat", "dog", "9"});
  CHECK(file.tensors.find("generator.model.0.weight")->shape == std::vector<std::int64_t>{8, 6 + 3});
  CHECK(file.tensors.find("discriminator.model.0.weight")->shape == std::vector<std::int64_t>{10, kSize * kSize + 3});
  CHECK(contains(content_of(place.path() / "runs/00000-default/config.toml"), "conditional = true"));
}

TEST_CASE("conditional: networks of convolutions read classes as planes, and draw those that are asked for") {
  Letters place;
  TrainOptions training = place.conditional();
  training.training.networks = duel::with_networks(duel::NetworkKind::dcgan, training.training.networks);
  training.training.networks.generator_widths = {4, 3}, training.training.networks.discriminator_widths = {2, 3};
  REQUIRE(train(training) == ExitCode::ok);
  const std::string checkpoint = (place.path() / "runs/00000-default/checkpoints/latest.safetensors").string();
  const GeneratorFile file = read_generator_file(mnist_gan(), checkpoint, "");
  CHECK(file.tensors.find("generator.l1.0.weight")->shape == std::vector<std::int64_t>{4 * 16, 6 + 3});
  CHECK(file.tensors.find("discriminator.model.0.weight")->shape == std::vector<std::int64_t>{2, 1 + 3, 3, 3});
  place.out.str("");
  auto options = drawing<SampleOptions>(place, checkpoint);
  options.count = 6;
  const std::vector<float> all = drawn(place, options);
  options.classes = {"dog"};
  const std::vector<float> dogs = drawn(place, options);
  CHECK(image(dogs, 1) == image(all, 1));
  CHECK(image(dogs, 0) != image(all, 0));
}

TEST_CASE("conditional: a run goes on where it was, and only as conditional as it was") {
  Letters place;
  TrainOptions options = place.conditional();
  REQUIRE(train(options) == ExitCode::ok);
  const fs::path run = place.path() / "runs/00000-default";
  const auto resumed = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "--resume", run.string(), "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return parse_command_line(mnist_gan(), arguments, {}).as<TrainOptions>();
  };
  REQUIRE(train(resumed({"--max-iterations", "9"})) == ExitCode::ok);
  CHECK(contains(content_of(run / "outcome.json"), "\"iterations\":9"));
  CHECK(contains(refusal_of([&] { resumed({"--conditional=false"}); }), "conditional"));

  // As many iterations at once leave the same bits.
  options.max_iterations = 9;
  REQUIRE(train(options) == ExitCode::ok);
  const auto tensors_of = [&](const fs::path& folder) {
    return read_generator_file(mnist_gan(), (folder / "checkpoints/latest.safetensors").string(), "").tensors;
  };
  const auto one = tensors_of(run), other = tensors_of(place.path() / "runs/00001-default");
  CHECK(one.find("generator.model.0.weight")->bytes == other.find("generator.model.0.weight")->bytes);
}

TEST_CASE("conditional: without labels there is nothing to be told") {
  Workplace place;
  TrainOptions options = place.options();
  options.conditional = true;
  const std::string message = refusal_of([&] { train(options); });
  CHECK(contains(message, "--conditional: expected images with labels, found that the images have no labels"));
  CHECK(contains(message, "or leave --conditional out"));
}

TEST_CASE("conditional: sample pictures have a row for each class, of the same latents") {
  Letters place;
  place.checkpoint();
  const duel::Picture picture = duel::read_picture(place.path() / "runs/00000-default/samples/000006.png");
  constexpr int kStep = kSize + 2;
  CHECK(picture.width == 8 * kStep + 2);
  CHECK(picture.height == 3 * kStep + 2);
}

TEST_CASE("conditional: sample draws each class in turn, or those that are asked for by name or number") {
  Letters place;
  auto options = drawing<SampleOptions>(place, place.checkpoint());
  options.count = 6;
  const std::vector<float> all = drawn(place, options);
  CHECK(contains(place.out.str(), "samples_seed0_6.npy"));
  options.classes = {"dog"};
  const std::vector<float> dogs = drawn(place, options);
  CHECK(contains(place.out.str(), "samples_seed0_6_class1.npy"));
  CHECK(image(dogs, 1) == image(all, 1));
  CHECK(image(dogs, 4) == image(all, 4));
  CHECK(image(dogs, 0) != image(all, 0));
  options.classes = {"1"};
  CHECK(drawn(place, options) == dogs);
  options.classes = {"9", "dog"};  // the label of a class without a name is its name
  const std::vector<float> two = drawn(place, options);
  CHECK(image(two, 1) == image(dogs, 1));
  CHECK(image(two, 2) == image(all, 2));

  options.classes = {"bird"};
  const std::string message = refusal_of([&] { sample(options); });
  CHECK(contains(message, "0 (cat), 1 (dog), 2 (9); found 'bird'"));
  options.classes = {"3"};
  CHECK(contains(refusal_of([&] { sample(options); }), "found '3'"));
}

TEST_CASE("conditional: a picture has a class in each row") {
  Letters place;
  auto options = drawing<SampleOptions>(place, place.checkpoint());
  options.columns = 2;
  options.count = 4;
  options.individual = true;
  REQUIRE(sample(options) == ExitCode::ok);
  const auto pixels_of = [&](const std::string& name) {
    return duel::read_picture(place.path() / "drawn" / name).pixels;
  };
  const auto first = pixels_of("samples_seed0_4/000001.png"), third = pixels_of("samples_seed0_4/000002.png");
  options.classes = {"dog"};
  REQUIRE(sample(options) == ExitCode::ok);
  CHECK(pixels_of("samples_seed0_4_class1/000001.png") != first);
  CHECK(pixels_of("samples_seed0_4_class1/000002.png") == third);
}

TEST_CASE("conditional: where nobody says how many, sample draws a row of every class") {
  Letters place;
  auto options = drawing<SampleOptions>(place, place.checkpoint());
  options.columns = 30;
  const std::size_t values = drawn(place, options).size();
  CHECK(values == 90 * kSize * kSize);
  options.columns = 8;
  CHECK(drawn(place, options).size() == 64 * kSize * kSize);
}

TEST_CASE("conditional: latents of an array draw classes in rows, or bring shares of classes") {
  Letters place;
  auto options = drawing<SampleOptions>(place, place.checkpoint());
  options.count = 3;
  options.truncation = 0.5;
  const std::vector<float> expected = drawn(place, options);
  duel::NetworkConfig networks = place.options().training.networks;
  networks.classes = 3;
  const auto write = [&](std::int64_t width, const std::vector<float>& values) {
    const auto bytes = std::as_bytes(std::span(values));
    const auto file = duel::encode_npy({"", duel::DType::f32, {3, width}, {bytes.begin(), bytes.end()}});
    std::ofstream(place.path() / "z.npy", std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
    options.latents = place.path() / "z.npy";
  };
  write(6, duel::draw_latents(3, duel::without_classes(networks), 0));
  CHECK(drawn(place, options) == expected);
  write(9, duel::draw_latents(3, networks, 0));
  CHECK(drawn(place, options) == expected);
  write(7, std::vector<float>(21));
  CHECK(contains(refusal_of([&] { sample(options); }),
                 "expected latents [images, 6] or [images, 9], found an array "
                 "[3, 7]. The checkpoint's generator has a latent-dim of 6 "
                 "and reads 3 classes."));
}

TEST_CASE("conditional: seeds draw their classes in rows, too") {
  Letters place;
  auto options = drawing<SampleOptions>(place, place.checkpoint());
  options.seeds = {"4,5", {4, 5}};
  const std::vector<float> both = drawn(place, options);
  options.seeds = {"5", {5}};
  options.classes = {"dog"};
  CHECK(drawn(place, options) == image(both, 1));
}

TEST_CASE("conditional: interpolations and walks go from class to class") {
  Letters place;
  const fs::path checkpoint = place.checkpoint();
  auto options = drawing<InterpolateOptions>(place, checkpoint);
  options.rows = 2;
  options.count = 3;
  CHECK(interpolate(options) == ExitCode::ok);
  const auto picture = [&] { return duel::read_picture(place.path() / "drawn/interpolation_seed0_2x3.png").pixels; };
  const auto through_all = picture();
  fs::remove(place.path() / "drawn/interpolation_seed0_2x3.png");
  options.classes = {"cat"};
  CHECK(interpolate(options) == ExitCode::ok);
  CHECK(picture() != through_all);

  auto walk = drawing<AnimateOptions>(place, checkpoint);
  walk.walk = true;
  walk.count = walk.stops = walk.steps = 2;
  walk.format = AnimationFormat::png;
  CHECK(animate(walk) == ExitCode::ok);
}

TEST_CASE("conditional: a generator that reads no classes is asked for none") {
  Workplace place;
  auto options = drawing<SampleOptions>(place, train_a_little(place));
  options.classes = {"1"};
  CHECK(contains(refusal_of([&] { sample(options); }), "reads no classes; train one that does: train --conditional"));
}

TEST_CASE("conditional: names of classes that are damaged are refused") {
  for (const char* names : {"", "[]", R"(["cat","dog"])", R"(["cat","dog",9])", R"({"0":"cat"})"}) {
    CAPTURE(names);
    CHECK_THROWS_AS(duel::class_names_from_json(names, 3), duel::DataError);
  }
  CHECK(duel::class_names_from_json(duel::class_names_json({"a\"b", "", "c"}), 3) ==
        std::vector<std::string>{"a\"b", "", "c"});
}
