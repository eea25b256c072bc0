// `data stack`: a dataset of stacks, looked at, trained on and measured.
#include "app/commands/data_stack.h"

#include <nlohmann/json.hpp>

#include "app/commands/data_info.h"
#include "app/commands/train.h"
#include "app/evaluate/evaluate.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/data_identity.h"
#include "engine/io/idx.h"
#include "tests/app/labelled_dataset.h"
#include "tests/app/workplace.h"
#include "tests/support/thrown.h"

namespace duel::app::test {
namespace {

using duel::test::thrown_message;
using nlohmann::json;

/// Grey images of two classes.
struct Grey : Workplace {
  Grey() {
    write_labelled_set(path(), "train", 200, 1);
    write_labelled_set(path(), "t10k", 60, 2);
  }

  DataStackOptions stacking(const std::string& out) const {
    DataStackOptions options;
    options.program = &mnist_gan();
    options.data = path();
    options.out = path() / out;
    options.count = 300;
    options.test_count = 120;
    return options;
  }
};

TEST_CASE("data stack: the channels are images of the dataset, as the seed decides") {
  Grey place;
  DataStackOptions options = place.stacking("stack");
  REQUIRE(data_stack(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "300 training and 120 test images of 8 x 8 pixels"));
  CHECK(contains(place.out.str(), "8 combinations of 2 classes"));
  CHECK(contains(place.out.str(), "train --data "));
  const ImageSet train = read_idx_folder(options.out, Split::train), test = read_idx_folder(options.out, Split::test);
  CHECK((train.count == 300 && train.channels == 3 && train.channel_labels.size() == 900));
  CHECK((test.count == 120 && test.channels == 3 && test.labels.empty()));
  const json about = json::parse(content_of(options.out / "dataset.json"));
  CHECK((about["stacked_channels"] == 3 && about["seed"] == 0));

  options.out = place.path() / "again";
  data_stack(options);
  CHECK(identity_of(read_idx_folder(options.out, Split::train)).checksum == identity_of(train).checksum);
  options.out = place.path() / "other";
  options.seed = 1;
  data_stack(options);
  CHECK(identity_of(read_idx_folder(options.out, Split::train)).checksum != identity_of(train).checksum);
}

TEST_CASE("data stack: what cannot be stacked is refused, and nothing is left") {
  Grey place;
  DataStackOptions options = place.stacking("stack");
  data_stack(options);
  CHECK(contains(thrown_message<std::invalid_argument>([&] { data_stack(options); }), "--out"));
  options = place.stacking("twice");
  options.data = place.path() / "stack";
  CHECK(contains(thrown_message<DataError>([&] { data_stack(options); }), "stack: expected grey images to stack"));
  options = place.stacking("large");
  options.count = 900'000'000;
  CHECK(contains(thrown_message<UsageError>([&] { data_stack(options); }), "--count: 900000000 images of 3 x 8 x 8"));
  fs::remove(place.path() / "train-labels-idx1-ubyte");
  options = place.stacking("unlabelled");
  CHECK(contains(thrown_message<DataError>([&] { data_stack(options); }), "expected images with labels to stack"));
  for (const char* name : {"twice", "large", "unlabelled"}) CHECK(!fs::exists(place.path() / name));
}

TEST_CASE("data info: of a stack its combinations") {
  Grey place;
  data_stack(place.stacking("stack"));
  place.out.str("");
  DataInfoOptions options;
  options.program = &mnist_gan();
  options.data = place.path() / "stack";
  REQUIRE(data_info(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "classes    2 in each of 3 channels, 8 together, of which 8 occur\n"));
  place.out.str("");
  options.result.format = ResultFormat::json;
  data_info(options);
  CHECK(json::parse(place.out.str())["stacked_classes"] ==
        json({{"of_channel", 2}, {"combinations", 8}, {"found", 8}}));
}

TEST_CASE("evaluate: of a stack the modes that a generator draws") {
  Grey place;
  data_stack(place.stacking("stack"));
  TrainOptions training = place.options();
  training.data = place.path() / "stack";
  training.training.networks.channels = 3;
  REQUIRE(train(training) == ExitCode::ok);
  EvaluateOptions options = defaults_of<EvaluateOptions>(mnist_gan());
  options.checkpoints = {place.path() / "runs" / names_in(place.path() / "runs").back()};
  options.data = training.data;
  options.metrics = {"histogram", "fd", "is"};
  options.samples = 400;
  options.seeds = 1;
  options.classifier_cache = place.path() / "cache";
  options.result.file = place.path() / "quality.json";
  place.out.str("");
  REQUIRE(evaluate(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "% of the test images' channels right"));
  const json result = json::parse(content_of(options.result.file));
  CHECK(result["classifier"]["labels"] == json({0, 1}));
  CHECK(result["classifier"]["classes"].size() == 8);
  CHECK(result["classifier"]["classes"][6] == "1 1 0");
  CHECK(result["real"]["figures"]["classes_found"] == 8);
  CHECK(result["real"]["figures"]["class_divergence"] < 0.1);  // 120 images: about 7 / 240
  CHECK(result["real"]["class_shares"].size() == 8);
  const json& figures = result["checkpoints"][0]["figures"];
  CHECK(figures["classes_found"]["mean"] >= 1);
  CHECK(figures["class_divergence"]["mean"] > 0);
  CHECK(figures["inception_score"]["mean"] <= 8.001);
}

TEST_CASE("evaluate: of a stack of many classes no combinations are counted") {
  Grey place;
  data_stack(place.stacking("stack"));
  ImageSet set = read_idx_folder(place.path() / "stack", Split::train);
  for (std::size_t i = 0; i < set.channel_labels.size(); ++i) set.channel_labels[i] = static_cast<std::uint8_t>(i % 11);
  write_idx_folder(place.path() / "stack", Split::train, set);
  EvaluateOptions options = defaults_of<EvaluateOptions>(mnist_gan());
  options.self_test = true;
  options.data = place.path() / "stack";
  options.metrics = {"histogram"};
  CHECK(contains(thrown_message<DataError>([&] { evaluate(options); }), "channels of at most 10 classes, found 11"));
}

}  // namespace
}  // namespace duel::app::test
