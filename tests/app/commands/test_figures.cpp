// Pictures from a checkpoint: interpolations, nearest training images, the script's grids.
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "app/commands/interpolate.h"
#include "app/commands/sample.h"
#include "app/drawing/nearest_pictures.h"
#include "app/drawing/pictures.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/data/float_images.h"
#include "engine/io/data_error.h"
#include "engine/training/trainer.h"
#include "tests/app/commands/drawing.h"
#include "tests/app/workplace.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using Values = std::vector<float>;

bool is_near(double a, double b) {
  return std::abs(a - b) < 1e-6;
}

double length_of(const Values& z, std::size_t row, std::size_t columns) {
  double sum = 0;
  for (std::size_t i = 0; i < columns; ++i) sum += z[row * columns + i] * z[row * columns + i];
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("interpolation: evenly along the line, both ends bit for bit") {
  const Values z0 = {0.1f, -2, 4}, z1 = {1.1f, 2, -0.3f};
  const Values line = interpolate_latents(z0, z1, 5, false);
  REQUIRE(line.size() == 15);
  CHECK(Values(line.begin(), line.begin() + 3) == z0);
  CHECK(Values(line.end() - 3, line.end()) == z1);
  for (std::size_t step = 0; step < 5; ++step) {
    CHECK(is_near(line[step * 3 + 1], -2 + static_cast<double>(step)));
  }
  CHECK(interpolate_latents(z0, z1, 2, false) == Values{0.1f, -2, 4, 1.1f, 2, -0.3f});
}

TEST_CASE("interpolation: an arc keeps the length and turns evenly") {
  const Values z0 = {2, 0, 0}, z1 = {0, 0, 2};
  const Values arc = interpolate_latents(z0, z1, 4, true);
  for (std::size_t step = 0; step < 4; ++step) {
    CHECK(is_near(length_of(arc, step, 3), 2));
    CHECK(is_near(std::atan2(arc[step * 3 + 2], arc[step * 3]), static_cast<double>(step) * std::acos(0.0) / 3));
  }
  const Values line = interpolate_latents(z0, z1, 4, false);
  CHECK(length_of(line, 1, 3) < 1.5);
}

TEST_CASE("interpolation: classes go along a line where latents turn") {
  const Values z0 = {2, 0, 1, 0}, z1 = {0, 2, 0, 1};
  const Values way = interpolate_latents(z0, z1, 3, true, 2);
  CHECK(is_near(way[4], std::sqrt(2)));
  CHECK(is_near(way[5], std::sqrt(2)));
  CHECK(way[6] == 0.5f);
  CHECK(way[7] == 0.5f);
  CHECK(Values(way.end() - 4, way.end()) == z1);
}

TEST_CASE("interpolation: where there is no arc, the line serves") {
  const Values z0 = {1, 2}, opposite = {-1, -2}, same = {2, 4}, zero = {0, 0};
  for (const Values& z1 : {opposite, same, zero}) {
    CHECK(interpolate_latents(z0, z1, 7, true) == interpolate_latents(z0, z1, 7, false));
  }
}

TEST_CASE("the interpolation's ends are what sample draws of the same seed") {
  Workplace place;
  const fs::path checkpoint = train_a_little(place);
  auto options = drawing<InterpolateOptions>(place, checkpoint);
  options.seed = 4;
  options.rows = 3;
  options.count = 2;
  CHECK(interpolate(options) == ExitCode::ok);
  const fs::path drawn = place.path() / "drawn";
  CHECK(place.out.str() == (drawn / "interpolation_seed4_3x2.png").string() + "\n");
  auto sampling = drawing<SampleOptions>(place, checkpoint);
  sampling.seed = 4;
  sampling.count = 6;
  sampling.columns = 2;
  sample(sampling);
  CHECK(content_of(drawn / "interpolation_seed4_3x2.png") == content_of(drawn / "samples_seed4_6.png"));

  options.count = 5;
  interpolate(options);
  options.spherical = true;
  interpolate(options);
  const std::string line = content_of(drawn / "interpolation_seed4_3x5.png");
  const std::string arc = content_of(drawn / "interpolation_spherical_seed4_3x5.png");
  CHECK(!line.empty());
  CHECK(!arc.empty());
  CHECK(line != arc);
}

TEST_CASE("sample with the script's settings draws what preset blog writes") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.batch_size = 25;
  options.training.step = duel::StepKind::plain;
  options.training.optimizer.Adam::learning_rate = 0;
  const duel::ImageSet images = duel::read_idx_folder(options.data, duel::Split::train);
  duel::Trainer trainer(options.training, images);
  trainer.run_given({duel::draw_latents(25, options.training.networks, 3), duel::float_images(images, 0, 25).values});
  const fs::path checkpoint = place.path() / "state.safetensors", written = place.path() / "images.png";
  duel::write_safetensors(checkpoint, trainer.state());
  write_grid(written, trainer.last_generated(25), 5, duel::PixelRange::minmax);

  auto sampling = drawing<SampleOptions>(place, checkpoint);
  sampling.seed = 3;
  sampling.count = 25;
  sampling.columns = 5;
  sampling.statistics = duel::BatchStatistics::batch;
  sampling.range = duel::PixelRange::minmax;
  sample(sampling);
  const fs::path drawn = place.path() / "drawn/samples_seed3_25.png";
  CHECK(content_of(drawn) == content_of(written));
  sampling.range = duel::PixelRange::fixed;
  sampling.outdir = place.path() / "fixed";
  sample(sampling);
  CHECK(content_of(place.path() / "fixed/samples_seed3_25.png") != content_of(written));
}

TEST_CASE("a picture never takes the place of another one") {
  Workplace place;
  TrainOptions training = place.options();
  training.training.networks.generator_widths = {8, 12};
  training.training.ema_decay = 0.9f;
  training.max_iterations = 3;
  training.quiet = true;
  train(training);
  place.out.str("");
  auto options = drawing<SampleOptions>(place, place.path() / "runs/00000-default");
  options.count = 4;
  const auto draw = [&](const auto& change) {
    SampleOptions changed = options;
    change(changed);
    place.out.str("");
    place.error.str("");
    sample(changed);
    return place.out.str();
  };
  const fs::path drawn = place.path() / "drawn";
  const std::string plain = (drawn / "samples_seed0_4.png").string();
  CHECK(draw([](auto&) {}) == plain + "\n");
  const std::string first = content_of(plain);
  CHECK(draw([](auto&) {}) == plain + "\n");  // the same picture
  CHECK(place.error.str().empty());
  std::set<std::string> names;
  for (const std::string& printed :
       {draw([](auto& o) { o.weights = duel::GeneratorWeights::last; }),
        draw([](auto& o) { o.statistics = duel::BatchStatistics::batch; }),
        draw([](auto& o) { o.range = duel::PixelRange::minmax; }), draw([](auto& o) { o.columns = 2; })}) {
    CHECK(printed.starts_with((drawn / "samples_seed0_4_").string()));
    CHECK(contains(place.error.str(), "samples_seed0_4.png or a file beside it holds something else and stays"));
    names.insert(printed);
  }
  CHECK(names.size() == 4);
  CHECK(content_of(plain) == first);
  // All pictures of a command share a name, as soon as one of them would replace another.
  const std::string with_others = draw([&](auto& o) {
    o.range = duel::PixelRange::minmax;
    o.individual = true;
  });
  const std::string name = with_others.substr(0, with_others.find(".png"));
  CHECK(contains(with_others, name + "/000003.png\n"));
  CHECK(!fs::exists(drawn / "samples_seed0_4"));

  auto between = drawing<InterpolateOptions>(place, options.checkpoint);
  between.rows = between.count = 2;
  interpolate(between);
  const fs::path line = drawn / "interpolation_seed0_2x2.png";
  const std::string before = content_of(line);
  between.weights = duel::GeneratorWeights::last;
  interpolate(between);
  CHECK(content_of(line) == before);
}

TEST_CASE("grids that no picture holds are refused before they are drawn") {
  Workplace place;
  const fs::path checkpoint = train_a_little(place);
  auto options = drawing<SampleOptions>(place, checkpoint);
  const auto refusal = [](const auto& draw) { return duel::test::thrown_message<std::invalid_argument>(draw); };
  options.count = options.columns = 100'000;
  CHECK(contains(refusal([&] { sample(options); }), "100000 x 1 images would have 1000002 x 12 pixels"));
  options.count = options.columns = 60'000;  // fits, but not beside other images
  options.nearest = true;
  options.data = place.path().string();
  CHECK(contains(refusal([&] { sample(options); }), "60000 x 1 images would have 1260002 x 14 pixels"));
  auto between = drawing<InterpolateOptions>(place, checkpoint);
  between.rows = 1;
  between.count = 100'000;
  CHECK(contains(refusal([&] { interpolate(between); }), "expected at most 1000000 a side"));
  CHECK(!fs::exists(place.path() / "drawn"));
}

TEST_CASE("pairs: the right image has a frame") {
  const duel::FloatImages left{2, 1, 1, 2, {0.1f, 0.2f, 0.3f, 0.4f}}, right{2, 1, 1, 2, {0.5f, 0.6f, 0.7f, 0.8f}};
  const duel::FloatImages pairs = framed_pairs(left, right);
  CHECK((pairs.count == 2 && pairs.channels == 1 && pairs.height == 3 && pairs.width == 7));
  CHECK(pairs.values == Values{-1,   -1,   -1, 0, 0,    0,    0,  //
                               0.1f, 0.2f, -1, 0, 0.5f, 0.6f, 0,  //
                               -1,   -1,   -1, 0, 0,    0,    0,  //
                               -1,   -1,   -1, 0, 0,    0,    0,  //
                               0.3f, 0.4f, -1, 0, 0.7f, 0.8f, 0,  //
                               -1,   -1,   -1, 0, 0,    0,    0});
}

TEST_CASE("sample --nearest draws each image beside the nearest training image, and prints the distances") {
  Workplace place;
  const fs::path checkpoint = train_a_little(place);
  auto options = drawing<SampleOptions>(place, checkpoint);
  options.count = 5;
  options.columns = 2;
  options.nearest = true;
  options.data = place.path().string();
  CHECK(sample(options) == ExitCode::ok);
  const fs::path drawn = place.path() / "drawn";
  CHECK(names_in(drawn) == Names{"samples_seed0_5.png", "samples_seed0_5_nearest.png"});
  std::istringstream printed(place.out.str());
  std::string line;
  std::getline(printed, line);
  std::getline(printed, line);
  CHECK(line == (drawn / "samples_seed0_5_nearest.png").string());
  for (int i = 0; i < 5; ++i) {
    std::getline(printed, line);
    CHECK(contains(line, "sample " + std::to_string(i) + "  training image "));
  }
  std::getline(printed, line);
  CHECK(contains(line, "mean distance "));
  CHECK(contains(line, "; of the first 5 training images to the nearest other one "));

  options.data = (place.path() / "nowhere").string();
  CHECK_THROWS_AS(sample(options), duel::DataError);
}

TEST_CASE("sample --nearest tells which samples are copies") {
  Workplace place;
  const fs::path checkpoint = train_a_little(place), copying = place.path() / "copying.safetensors";
  duel::TensorFile file = duel::read_safetensors(checkpoint);
  for (duel::Tensor& tensor : file.tensors) {  // whatever the latent: black
    if (!tensor.name.ends_with("model.5.weight") && !tensor.name.ends_with("model.5.bias")) continue;
    const float value = tensor.name.ends_with("bias") ? -20.f : 0.f;
    for (std::size_t i = 0; i < tensor.bytes.size(); i += sizeof value) {
      std::memcpy(tensor.bytes.data() + i, &value, sizeof value);
    }
  }
  duel::write_safetensors(copying, file);
  auto options = drawing<SampleOptions>(place, copying);
  options.count = 3;
  options.nearest = true;
  options.data = place.path().string();
  sample(options);
  CHECK(!contains(place.out.str(), "copies"));
  std::fstream images(place.path() / "train-images-idx3-ubyte", std::ios::binary | std::ios::in | std::ios::out);
  images.seekp(16 + 5 * kSize * kSize);
  images << std::string(kSize * kSize, '\0');
  images.close();
  place.out.str("");
  sample(options);
  CHECK(contains(place.out.str(), "sample 2  training image 5  distance 0.000  a copy\n"));
  CHECK(contains(place.out.str(), "3 of 3 samples are copies of training images\n"));
  std::istringstream printed(place.out.str());
  std::string nearest_file;
  printed >> nearest_file >> nearest_file;
  place.out.str("");
  options.table_format = duel::ResultFormat::json;
  sample(options);
  const auto json = nlohmann::json::parse(place.out.str());
  CHECK(json["copies"] == 3);
  CHECK(json["samples"].size() == 3);
  CHECK(json["samples"][2]["training_image"] == 5);
  CHECK(json["samples"][2]["copy"] == true);
  CHECK(json["files"][1] == nearest_file);
  CHECK(json["training_distance"] > 0.1);
  place.out.str("");
  options.table_format = duel::ResultFormat::csv;
  sample(options);
  CHECK(place.out.str().starts_with("sample,training_image,distance,copy\n0,5,0"));
  CHECK(duel::test::count_of(place.out.str(), "\n") == 4);
}

TEST_CASE("sample --nearest refuses training images of another size than the checkpoint's") {
  Workplace place;
  TrainOptions training = place.options();
  const fs::path checkpoint = train_a_little(place);
  std::ofstream other(place.path() / "train-images-idx3-ubyte", std::ios::binary);
  const char header[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 7};
  other.write(header, sizeof(header));
  other.close();
  auto options = drawing<SampleOptions>(place, checkpoint);
  options.nearest = true;
  options.data = place.path().string();
  try {
    sample(options);
    FAIL("expected an error");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(), "are 1x2x1, the checkpoint's networks draw 8x8x1"));
    CHECK(contains(error.what(), "only square images are supported"));
  }
  CHECK(!fs::exists(place.path() / "drawn"));
}

TEST_CASE("interpolate and sample take their options, and refuse what cannot be") {
  const auto parse = [](std::vector<std::string> arguments) { return parse_command_line(mnist_gan(), arguments, {}); };
  const InterpolateOptions options =
      parse({"interpolate", "--checkpoint", "c",   "--count",      "3",     "--rows=2",  "--seed", "5",
             "--spherical", "--outdir",     "o",   "--statistics", "batch", "--weights", "last",   "--range",
             "minmax",      "--device",     "cpu", "--threads",    "2"})
          .as<InterpolateOptions>();
  CHECK(options.checkpoint == "c");
  CHECK((options.count == 3 && options.rows == 2 && options.seed == 5 && options.spherical));
  CHECK(options.outdir == "o");
  CHECK(options.statistics == duel::BatchStatistics::batch);
  CHECK(options.weights == duel::GeneratorWeights::last);
  CHECK(options.range == duel::PixelRange::minmax);
  CHECK((options.device == "cpu" && options.threads == 2));
  const SampleOptions sampling =
      parse({"sample", "--checkpoint", "c", "--nearest", "--data", "d", "--range", "minmax"}).as<SampleOptions>();
  CHECK((sampling.nearest && sampling.data == "d" && sampling.range == duel::PixelRange::minmax));

  const auto refusal = [&](std::vector<std::string> arguments) {
    return duel::test::thrown_message<UsageError>([&] { parse(std::move(arguments)); });
  };
  CHECK(contains(refusal({"interpolate"}), "--checkpoint: expected the file of a checkpoint"));
  CHECK(contains(refusal({"interpolate", "--checkpoint", "c", "--count", "1"}),
                 "--count: expected a whole number from 2"));
  CHECK(contains(refusal({"interpolate", "--checkpoint", "c", "--rows", "0"}), "--rows"));
  CHECK(contains(refusal({"interpolate", "--checkpoint", "c", "--count", "1000", "--rows", "1000"}), "from 1 to 100"));
  CHECK(contains(refusal({"interpolate", "--sed", "1"}), "did you mean --seed?"));
  CHECK(contains(refusal({"interpolat"}), "did you mean interpolate?"));
  CHECK(contains(refusal({"sample", "--checkpoint", "c", "--range", "wide"}), "expected fixed or minmax"));
  CHECK(contains(parse({"interpolate", "--help"}).as<ShowText>().text, "--rows N=8"));
  CHECK(parse_command_line(mnist_gan(), {"train"}, {{"MNIST_GAN_SPHERICAL", "1"}}).warnings.empty());
}
