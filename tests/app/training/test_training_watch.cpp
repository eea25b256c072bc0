// Looks at a training, and what happens when the generator collapses.
#include "app/training/training_watch.h"

#include <csignal>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/commands/train.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/commands.h"
#include "app/training/training_session.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "tests/app/labelled_dataset.h"
#include "tests/app/workplace.h"
#include "tests/support/catch.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using Json = nlohmann::json;

std::vector<Json> lines_of(const fs::path& file) {
  std::vector<Json> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  return lines;
}

/// A training of 40 iterations whose samples are of all classes for the first `good` looks, then of one. Real images
/// are all alike, so that nothing is said about distances.
class Collapsing {
 public:
  Collapsing(Workplace& place, OnCollapse on_collapse, int good, std::int64_t patience = 0)
      : options_(options_of(place, on_collapse, patience)),
        images_(duel::read_idx_folder(options_.data, duel::Split::train)),
        folder_(RunFolder::create(options_.outdir, "collapsing")) {
    std::fill(images_.pixels.begin(), images_.pixels.end(), std::uint8_t{100});
    trainer.emplace(options_.training, images_);
    session_.emplace(
        options_, images_, *trainer, folder_, progress_,
        SessionRequests{[this] { return trainer->iteration() == stop_after ? SIGTERM : 0; }},
        [this, good](const duel::FloatImages&) {
          return duel::class_histogram(++looks <= good ? std::vector<double>(10, 0.1) : std::vector<double>{1, 0, 0});
        });
  }

  SessionResult run() { return session_->run(); }
  std::string log() const { return content_of(folder_.path() / "log.txt"); }
  fs::path convergence_file() const { return folder_.convergence_file(); }

  int looks = 0;
  std::int64_t stop_after = -1;  ///< iterations done when a signal comes; -1: never
  std::optional<duel::Trainer> trainer;

 private:
  static TrainOptions options_of(Workplace& place, OnCollapse on_collapse, std::int64_t patience) {
    TrainOptions options = place.options();
    options.epochs = 8;
    options.watch_interval = 2;
    options.on_collapse = on_collapse;
    options.collapse_patience = patience;
    return options;
  }

  TrainOptions options_;
  duel::ImageSet images_;
  RunFolder folder_;
  Progress progress_{std::cerr, {}, {.epochs = 8, .iterations = 40, .iterations_per_epoch = 5}, [] { return 0.0; }};
  std::optional<TrainingSession> session_;
};

}  // namespace

TEST_CASE("a look is a line of JSON, with null for what is not finite") {
  Look look{.iteration = 401, .players = {0.75, 0.25, -1, 0.5}, .updates = {0.001, 0.004}, .samples = {{}, 0.5}};
  const duel::Equilibrium even =
      duel::equilibrium_of(duel::loss_kind<duel::CrossEntropy>(), 1, duel::GeneratorLoss::non_saturating);
  Json line = Json::parse(look_line(look, 2, even));
  CHECK(line["iteration"] == 401);
  CHECK(line["epoch"] == 2);
  CHECK(line["d_real"] == 0.75);
  CHECK(line["d_fake"] == 0.25);
  CHECK(line["value"] == -1);
  CHECK(std::abs(line["value_gap"].get<double>() - 0.386294361) < 1e-8);
  const duel::Equilibrium smoothed =
      duel::equilibrium_of(duel::loss_kind<duel::CrossEntropy>(), 0.9, duel::GeneratorLoss::non_saturating);
  CHECK(std::abs(Json::parse(look_line(look, 2, smoothed))["value_gap"].get<double>() - 0.396344689) < 1e-8);
  CHECK(line["d_accuracy"] == 0.5);
  CHECK(line["update_ratio"] == 0.25);
  CHECK(line["pairwise_distance"] == 0.5);
  CHECK(line["alarm"] == "");
  CHECK(!line.contains("class_shares"));

  look.samples.classes = duel::class_histogram({0.5, 0.5});
  look.alarm = "what is wrong";
  look.players.value = -std::numeric_limits<double>::infinity();
  line = Json::parse(look_line(look, 2, even));
  CHECK(line["class_shares"] == Json({0.5, 0.5}));
  CHECK(std::abs(line["class_entropy"].get<double>() - 0.693147181) < 1e-8);
  CHECK(line["value"].is_null());
  CHECK(line["alarm"] == "what is wrong");
}

TEST_CASE("looks change no bit of the training, and each has a line") {
  Workplace place;
  TrainOptions options = place.options();
  options.quiet = true;
  options.watch_interval = 0;
  train(options);
  const fs::path runs = place.path() / "runs";
  CHECK(!fs::exists(runs / "00000-default/convergence.jsonl"));
  for (const int interval : {1, 3, 400}) {
    options.watch_interval = interval;
    options.name = "watched" + std::to_string(interval);
    train(options);
  }
  const std::string unwatched = content_of(runs / "00000-default/checkpoints/latest.safetensors");
  for (const std::string run : {"00001-watched1", "00002-watched3", "00003-watched400"}) {
    CHECK(content_of(runs / run / "checkpoints/latest.safetensors") == unwatched);
  }
  CHECK(lines_of(runs / "00001-watched1/convergence.jsonl").size() == 10);
  const auto lines = lines_of(runs / "00002-watched3/convergence.jsonl");
  REQUIRE(lines.size() == 4);
  CHECK(lines[0]["iteration"] == 1);
  CHECK(lines[1]["iteration"] == 4);
  CHECK(lines[3]["iteration"] == 10);
  CHECK(lines[3]["epoch"] == 2);
  for (const Json& line : lines) {
    CHECK((line["d_real"] > 0 && line["d_real"] < 1));
    CHECK(line["generator_update"] > 0);
    CHECK(line["discriminator_update"] > 0);
  }
}

TEST_CASE("the last look is at the last iteration, without one more iteration and without the sizes of updates") {
  Workplace place;
  TrainOptions options = place.options();
  options.quiet = true;
  options.watch_interval = 400;
  train(options);
  const auto lines = lines_of(place.path() / "runs/00000-default/convergence.jsonl");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["iteration"] == 1);
  CHECK(lines[1]["iteration"] == 10);
  CHECK(lines[1]["epoch"] == 2);
  CHECK((lines[1]["d_real"] > 0 && lines[1]["pairwise_distance"] > 0));
  for (const char* name : {"generator_update", "discriminator_update", "update_ratio"}) CHECK(lines[1][name].is_null());

  options.minutes = 1e-9;  // stopped before the first iteration: nothing to look at
  train(options);
  CHECK(lines_of(place.path() / "runs/00001-default/convergence.jsonl").empty());
}

TEST_CASE("a collapse that the last look finds is one, where it was to be acted on") {
  Workplace place;
  const auto action = GENERATE(OnCollapse::warn, OnCollapse::stop, OnCollapse::rollback);
  Collapsing training(place, action, 18);  // looks after 37 and 39 iterations, and at the end, are bad
  const SessionResult result = training.run();
  CHECK(result.has_collapsed == (action != OnCollapse::warn));
  CHECK(result.iterations == 40);
  CHECK(training.looks == 21);
  const std::string log = training.log();
  CHECK(contains(log, "collapse, iteration 40: the classes of the samples are too uneven"));
  CHECK(!contains(log, "stopped "));
  const std::string no_rollback =
      "no rollback: no iterations are left; a resumed run with a farther goal can return to "
      "the networks after iteration 35";
  CHECK(contains(log, no_rollback) == (action == OnCollapse::rollback));
  const auto lines = lines_of(training.convergence_file());
  CHECK(lines.at(19)["alarm"] == "");
  CHECK(contains(lines.at(20)["alarm"].get<std::string>(), "too uneven"));
}

TEST_CASE("a collapse that is found where a signal stops the run does not take the signal's exit code") {
  Workplace place;
  Collapsing training(place, OnCollapse::stop, 0);
  training.stop_after = 4;  // bad looks after 1, 3 and, at the end, 4
  const SessionResult result = training.run();
  CHECK(!result.has_collapsed);
  CHECK(result.signal != 0);
  CHECK(training.looks == 3);
  CHECK(contains(training.log(), "collapse, iteration 4: "));
}

TEST_CASE("a generator that has never looked well has time to learn, and a run that ends before says so") {
  Workplace place;
  SECTION("too little time") {
    Collapsing training(place, OnCollapse::stop, 0, 11);
    CHECK(!training.run().has_collapsed);
    CHECK(
        contains(training.log(), "no look has found the generator well yet; the last one, iteration 40: the classes "));
    CHECK(!contains(training.log(), "collapse, "));
  }
  SECTION("enough: four times the patience, and the first look then") {
    Collapsing training(place, OnCollapse::stop, 0, 8);
    const SessionResult result = training.run();
    CHECK(result.has_collapsed);
    CHECK(result.iterations == 33);
  }
  SECTION("after a good look, the patience") {
    Collapsing training(place, OnCollapse::stop, 2, 9);  // good after 1 and 3
    const SessionResult result = training.run();
    CHECK(result.has_collapsed);
    CHECK(result.iterations == 13);
  }
}

TEST_CASE("on-collapse warn: the run goes on, and says it once") {
  Workplace place;
  Collapsing training(place, OnCollapse::warn, 2);
  const SessionResult result = training.run();
  CHECK(!result.has_collapsed);
  CHECK(result.iterations == 40);
  const std::string log = training.log();
  // Looks at 1 and 3 are good; those at 5, 7 and 9 are not.
  CHECK(contains(log, "collapse, iteration 9: the classes of the samples are too uneven"));
  CHECK(log.find("collapse, iteration") == log.rfind("collapse, iteration"));
  const auto lines = lines_of(training.convergence_file());
  REQUIRE(lines.size() == 20 + 1);  // and one of the end
  CHECK(lines[3]["alarm"] == "");
  CHECK(contains(lines[4]["alarm"].get<std::string>(), "too uneven"));
}

TEST_CASE("on-collapse stop: the run saves and ends") {
  Workplace place;
  Collapsing training(place, OnCollapse::stop, 2);
  const SessionResult result = training.run();
  CHECK(result.has_collapsed);
  CHECK(result.iterations == 9);
  CHECK(contains(training.log(), "stopped as the generator has collapsed after 9 iterations; the state is saved"));
}

TEST_CASE("on-collapse rollback: back to what looked well, three times, with other random numbers") {
  Workplace place;
  Collapsing training(place, OnCollapse::rollback, 2);
  const SessionResult result = training.run();
  CHECK(result.has_collapsed);
  CHECK(training.looks == 2 + 4 * 3);
  CHECK(result.iterations == 27);  // time goes on
  const std::string log = training.log();
  for (const std::string time : {"1", "2", "3"}) {
    CHECK(contains(log, "returned to the networks after iteration 3, rollback " + time + " of 3"));
  }
  CHECK(contains(log, "no rollback: the run has returned 3 times, and ends with this collapse"));
}

TEST_CASE("on-collapse rollback without a state that ever looked well: the run ends") {
  Workplace place;
  Collapsing training(place, OnCollapse::rollback, 0);
  const SessionResult result = training.run();
  CHECK(result.has_collapsed);
  CHECK(result.iterations == 5);
  const std::string log = training.log();
  CHECK(!contains(log, "returned"));
  CHECK(contains(log, "no rollback: no look has found the generator well, so there is no state to return to"));
  CHECK(contains(log, "stopped as the generator has collapsed after 5 iterations"));
}

TEST_CASE("a collapsed run has an exit code of its own") {
  Workplace place;
  TrainOptions options = place.options();
  options.on_collapse = OnCollapse::stop;
  options.watch_interval = 1;
  options.collapse_patience = 1;
  options.training.optimizer.Adam::learning_rate = 0;  // the first images, all nearly grey, are the last
  CHECK(train(options) == ExitCode::collapsed);
  CHECK(static_cast<int>(ExitCode::collapsed) == 7);
  CHECK(contains(place.error.str(), "too alike"));
  CHECK(place.out.str().starts_with("collapse     the samples are too alike"));  // with --quiet, too
  CHECK(fs::exists(place.path() / "runs/00000-default/checkpoints/latest.safetensors"));
}

TEST_CASE("acting on a collapse needs looks") {
  const std::vector<std::string> line = {"train", "--on-collapse", "stop", "--watch-interval", "0"};
  CHECK_THROWS_AS(parse_command_line(mnist_gan(), line, {}), UsageError);
  CHECK(parse_command_line(mnist_gan(), {"train", "--on-collapse", "rollback"}, {}).as<TrainOptions>().on_collapse ==
        OnCollapse::rollback);
  CHECK_THROWS_AS(parse_command_line(mnist_gan(), {"train", "--on-collapse", "panic"}, {}), UsageError);
}

TEST_CASE("classes are counted by the classifier of all training images, once there is one") {
  Workplace place;
  write_labelled_set(place.path(), "train", 300, 1);
  write_labelled_set(place.path(), "t10k", 120, 2);
  TrainOptions options = place.options();
  options.max_iterations = 3;
  options.watch_interval = 1;
  const auto classes_of = [&](const std::string& run) {
    const auto lines = lines_of(place.path() / "runs" / run / "convergence.jsonl");
    return lines.at(2).contains("class_shares") ? lines[2]["class_shares"] : Json();
  };
  train(options);
  CHECK(contains(content_of(place.path() / "runs/00000-default/log.txt"), "mnist_gan evaluate trains a classifier"));
  CHECK(classes_of("00000-default").is_null());

  CHECK(!fs::exists(place.path() / "runs/00000-default/dataset.json"));

  std::ofstream(place.path() / "dataset.json") << R"({"classes":{"0":"above"}})";
  options.on_collapse = OnCollapse::rollback;  // needs to see the classes
  train(options);
  const Json named = Json::parse(content_of(place.path() / "runs/00001-default/dataset.json"));
  CHECK(named["classes"] == Json({{"0", "above"}, {"1", "1"}}));
  CHECK(contains(content_of(place.path() / "runs/00001-default/log.txt"), "counted by classifier "));
  const Json shares = classes_of("00001-default");
  REQUIRE(shares.size() == 2);
  CHECK(std::abs(shares[0].get<double>() + shares[1].get<double>() - 1) < 1e-6);

  options.on_collapse = OnCollapse::warn;  // it is in the cache now, whatever part of the images is trained on
  options.train_images = 100;
  train(options);
  CHECK(classes_of("00002-default").size() == 2);
}

TEST_CASE("images without labels, or without test images, are trained on all the same") {
  Workplace place;
  TrainOptions options = place.options();
  options.max_iterations = 1;
  train(options);
  CHECK(contains(content_of(place.path() / "runs/00000-default/log.txt"), "not counted; the images have no labels"));
  write_labelled_set(place.path(), "train", 100, 1);
  train(options);
  CHECK(contains(content_of(place.path() / "runs/00001-default/log.txt"), "not counted; "));
  CHECK(contains(content_of(place.path() / "runs/00001-default/log.txt"), "t10k"));
}
