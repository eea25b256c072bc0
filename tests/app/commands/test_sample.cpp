// `sample`: seeds, latents and arrays of NumPy.
#include "app/commands/sample.h"

#include <cmath>
#include <span>

#include "app/drawing/latents_file.h"
#include "app/settings/commands.h"
#include "engine/io/data_error.h"
#include "engine/io/npy.h"
#include "engine/networks/latents.h"
#include "tests/app/commands/drawing.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using duel::DType;
using duel::Tensor;

template <class Number>
fs::path write_latents(const Workplace& place, DType type, const std::vector<std::int64_t>& shape,
                       const std::vector<Number>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  const auto file = duel::encode_npy({"", type, shape, {bytes.begin(), bytes.end()}});
  std::ofstream(place.path() / "z.npy", std::ios::binary)
      .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  return place.path() / "z.npy";
}

SeedList seeds(const std::string& text) {
  SeedList list;
  parse_value(text, list);
  return list;
}

}  // namespace

TEST_CASE("sample: seeds are numbers and ranges") {
  CHECK(seeds("5").seeds == std::vector<std::uint64_t>{5});
  CHECK(seeds("1,5,10-12,3-3").seeds == std::vector<std::uint64_t>{1, 5, 10, 11, 12, 3});
  CHECK(seeds("18446744073709551615").seeds.size() == 1);
  for (const char* bad : {"", ",", "1,", "-1", "5-3", "1-", "1--2", "a", "1 2", "0-99999999", "18446744073709551616"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(seeds(bad), std::invalid_argument);
  }
  const auto given = [](const std::vector<std::string>& arguments) {
    return parse_command_line(mnist_gan(), arguments, {{"MNIST_GAN_SEEDS", "3"}}).as<SampleOptions>();
  };
  CHECK(given({"sample", "--checkpoint", "x"}).seeds.seeds.empty());  // the variable is evaluate's
  CHECK(given({"sample", "--checkpoint", "x", "--seeds", "1,7"}).seeds.seeds.size() == 2);
  CHECK_THROWS_AS(given({"sample", "--checkpoint", "x", "--seeds", "1", "--latents", "z.npy"}), UsageError);
  CHECK_THROWS_AS(given({"sample", "--checkpoint", "x", "--truncation", "-1"}), UsageError);
}

TEST_CASE("sample: an image of a list of seeds is the first one of its seed") {
  Workplace place;
  SampleOptions options = drawing<SampleOptions>(place, train_a_little(place));
  options.seeds = seeds("4,9");
  const std::vector<float> both = drawn(place, options);
  CHECK(contains(place.out.str(), "samples_seeds4_9.npy"));
  options.seeds = {};
  options.count = 2;
  for (const std::uint64_t seed : {4, 9}) {
    options.seed = seed;
    const std::vector<float> of_seed = drawn(place, options);
    REQUIRE(both.size() == of_seed.size());
    const std::size_t half = both.size() / 2, begin = seed == 4 ? 0 : half;
    CHECK(std::equal(of_seed.begin(), of_seed.begin() + static_cast<std::ptrdiff_t>(half),
                     both.begin() + static_cast<std::ptrdiff_t>(begin)));
  }
}

TEST_CASE("sample: latents of an array draw what their seed draws, and truncation multiplies them") {
  Workplace place;
  SampleOptions options = drawing<SampleOptions>(place, train_a_little(place));
  options.count = 3;
  options.seed = 2;
  const std::vector<float> of_seed = drawn(place, options);
  std::vector<float> latents = duel::draw_latents(3, place.options().training.networks, 2);
  options.latents = write_latents(place, DType::f32, {3, 6}, latents);
  CHECK(drawn(place, options) == of_seed);
  CHECK(contains(place.out.str(), "samples_latents_z.npy"));
  options.latents = write_latents(place, DType::f64, {3, 6}, std::vector<double>(latents.begin(), latents.end()));
  CHECK(drawn(place, options) == of_seed);

  for (float& value : latents) value *= 0.5f;
  options.latents = write_latents(place, DType::f32, {3, 6}, latents);
  const std::vector<float> halved = drawn(place, options);
  options.latents = "";
  options.truncation = 0.5;
  CHECK(drawn(place, options) == halved);
  CHECK(contains(place.out.str(), "samples_seed2_3_truncation0.5.npy"));
  CHECK(halved != of_seed);
  options.truncation = 0;  // the mean latent for all
  const std::vector<float> mean = drawn(place, options);
  CHECK(std::equal(mean.begin(), mean.begin() + 64, mean.begin() + 64));
}

TEST_CASE("sample: arrays that are no latents of this generator are refused by what they are") {
  Workplace place;
  SampleOptions options = drawing<SampleOptions>(place, train_a_little(place));
  const auto message = [&](DType type, const std::vector<std::int64_t>& shape, const std::vector<float>& values) {
    options.latents = write_latents(place, type, shape, values);
    return duel::test::thrown_message<duel::DataError>([&] { sample(options); });
  };
  CHECK(contains(message(DType::f32, {1, 5}, std::vector<float>(5)),
                 "expected latents [images, 6], found an array [1, 5]"));
  CHECK(contains(message(DType::f32, {6, 1, 1}, std::vector<float>(6)), "found an array [6, 1, 1]"));
  CHECK(contains(message(DType::i64, {1, 6}, std::vector<float>(12)), "float32 or float64"));
  CHECK(contains(message(DType::f32, {0, 6}, {}), "found 0"));
  CHECK(contains(message(DType::f32, {6}, {1, 2, 3, NAN, 5, 6}), "nan in row 0, column 3"));
  CHECK(!fs::exists(place.path() / "drawn" / "samples_latents_z.png"));
}

TEST_CASE("sample: single files bear their seeds, as pictures and as arrays") {
  Workplace place;
  SampleOptions options = drawing<SampleOptions>(place, train_a_little(place));
  options.individual = true;
  options.seeds = seeds("3,12345");
  sample(options);
  for (const char* name :
       {"samples_seeds3_12345.png", "samples_seeds3_12345/seed0003.png", "samples_seeds3_12345/seed12345.png"}) {
    CAPTURE(name);
    CHECK(fs::exists(place.path() / "drawn" / name));
  }
  options.format = ImageFormat::npy;
  sample(options);
  const Tensor one = duel::read_npy(place.path() / "drawn/samples_seeds3_12345/seed0003.npy");
  CHECK(one.shape == std::vector<std::int64_t>{1, 1, 8, 8});
}

TEST_CASE("sample: an option that another one makes idle is refused, unless a variable gave it") {
  const auto refusal = [](std::vector<std::string> arguments, const Environment& environment = {}) {
    arguments.insert(arguments.begin(), {"sample", "--checkpoint", "x"});
    return duel::test::thrown_message<UsageError>([&] { parse_command_line(mnist_gan(), arguments, environment); });
  };
  CHECK(contains(refusal({"--seeds", "1", "--seed", "0"}), "--seed: expected none with --seeds, found 0"));
  CHECK(contains(refusal({"--seeds", "1", "--count", "64"}), "--count: expected none with --seeds"));
  CHECK(contains(refusal({"--latents", "z.npy", "--seed", "3"}), "--seed: expected none with --latents"));
  CHECK(contains(refusal({"--latents", "z.npy", "--count", "3"}), "--count: expected none with --latents"));
  CHECK(contains(refusal({"--format", "npy", "--columns", "8"}), "--columns: expected none with --format npy"));
  CHECK(contains(refusal({"--format", "npy", "--scale", "2"}), "--scale: expected none with --format npy"));
  CHECK(refusal({"--format", "npy", "--scale", "2", "--nearest"}).empty());
  CHECK(contains(refusal({"--table-format", "csv"}), "--table-format: expected --nearest beside it, found \"csv\""));
  CHECK(refusal({"--table-format", "csv", "--nearest"}).empty());
  CHECK(refusal({"--seeds", "1, 5 ,10-20"}).empty());
  CHECK(refusal({"--seeds", "1"}, {{"MNIST_GAN_SEED", "7"}}).empty());
}

TEST_CASE("sample: spaces around seeds are no part of their list, nor of a file's name") {
  CHECK(seeds("1, 5 , 10-12").seeds == std::vector<std::uint64_t>{1, 5, 10, 11, 12});
  CHECK(seeds("1, 5").text == "1,5");
}

TEST_CASE("sample: a folder that takes no file is told with the file's whole name") {
  Workplace place;
  SampleOptions options = drawing<SampleOptions>(place, train_a_little(place));
  options.outdir = "/proc/self";
  CHECK_THROWS_WITH(sample(options), Catch::Contains("samples_seed0_64.png"));
  options.format = ImageFormat::npy;
  CHECK_THROWS_WITH(sample(options), Catch::Contains("samples_seed0_64.npy"));
}

TEST_CASE("sample: the name of a file of latents is one line of a message") {
  const Workplace place;
  const fs::path file = place.path() / "new\nline.npy";
  std::ofstream(file) << "x";
  CHECK_THROWS_WITH(read_latents(file, duel::NetworkConfig{.latent_dim = 6}, 10),
                    Catch::Contains("new\\x0aline.npy: "));
}
