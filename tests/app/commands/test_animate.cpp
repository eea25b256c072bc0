// `animate`: moving pictures of runs and of walks.
#include "app/commands/animate.h"

#include <fstream>

#include "app/commands/train.h"
#include "engine/io/animation.h"
#include "engine/io/data_error.h"
#include "tests/app/workplace.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using duel::test::count_of;

/// Frames of an animated PNG.
std::size_t frames_in(const fs::path& file) {
  return count_of(content_of(file), "fcTL");
}

}  // namespace

TEST_CASE("a run and a checkpoint become moving pictures, which take the place of no other") {
  Workplace place;
  TrainOptions training = place.options();
  training.quiet = true;
  train(training);
  place.out.str("");
  AnimateOptions options = defaults_of<AnimateOptions>(mnist_gan());
  options.run = place.path() / "runs/00000-default";
  options.outdir = place.path() / "drawn";
  CHECK(animate(options) == ExitCode::ok);
  const fs::path png = options.outdir / "00000-default_samples.png", gif = options.outdir / "00000-default_samples.gif";
  CHECK(frames_in(png) == 4);  // after 0, 4, 8, 10 iterations
  CHECK(fs::exists(gif) == duel::has_gif());
  CHECK(contains(place.out.str(), png.string()));
  const std::string before = content_of(png);
  options.frames = 2;
  options.format = AnimationFormat::png;
  CHECK(animate(options) == ExitCode::ok);
  CHECK(content_of(png) == before);  // the new one has another name

  options.run = "";
  options.walk = true;
  options.checkpoint = place.path() / "runs/00000-default";
  options.threads = 1;
  options.count = 3;
  options.columns = 2;
  options.stops = 2;
  options.steps = 3;
  options.scale = 1;
  CHECK(animate(options) == ExitCode::ok);
  const fs::path walk = options.outdir / "walk_seed0_3.png";
  CHECK(frames_in(walk) == 6);
  const std::string once = content_of(walk);
  CHECK(animate(options) == ExitCode::ok);
  CHECK(content_of(walk) == once);
}

TEST_CASE("a run without pictures, or with damaged ones, is refused by their names") {
  Workplace place;
  AnimateOptions options = defaults_of<AnimateOptions>(mnist_gan());
  options.format = AnimationFormat::png;
  options.outdir = place.path() / "drawn";
  options.run = place.path() / "absent";
  CHECK_THROWS_AS(animate(options), duel::DataError);
  fs::create_directories(place.path() / "run/samples");
  options.run = place.path() / "run";
  CHECK_THROWS_AS(animate(options), duel::DataError);
  std::ofstream(place.path() / "run/samples/000400.png") << "no picture";
  try {
    animate(options);
    FAIL("a damaged picture was taken");
  } catch (const duel::DataError& error) {
    CHECK(contains(error.what(), "000400.png"));
  }
}
