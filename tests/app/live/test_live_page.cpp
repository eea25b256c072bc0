// What a browser that watches a run is answered, and what nobody is.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/live/live_page.h"
#include "app/run_folder/run_outcome.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/data_error.h"
#include "files/file_lock.h"
#include "tests/app/report/xml_fault.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::test::contains;
using duel::test::TemporaryFolder;
namespace fs = std::filesystem;

/// A run with pictures, beside a file that is nobody's business.
struct Fixture {
  TemporaryFolder parent;
  fs::path run = parent.path() / "00000-run";
  double now = 100;

  Fixture() {
    parent.write("secret.png", "secret");
    parent.write("00000-run/config.toml", "seed = 7\n");
    parent.write("00000-run/outcome.json", to_json({.goal = 100}));
    parent.write("00000-run/log.txt", "");
    parent.write("00000-run/reals.png", "reals");
    parent.write("00000-run/samples/000400.png", "sample");
    parent.write("00000-run/checkpoints/000400.safetensors", "weights");
  }
  LivePage page() {
    return LivePage(mnist_gan(), run, [this] { return now; });
  }
};

std::string answered(LivePage& page, const char* key) {
  return nlohmann::json::parse(page.answer("/state").body)[key];
}
std::string version_in(LivePage& page) {
  return answered(page, "version");
}

}  // namespace

TEST_CASE("a live page is the report, and follows the run") {
  Fixture place;
  const auto training = duel::FileLock::try_for(place.run / "log.txt");
  LivePage page = place.page();
  const LiveAnswer answer = page.answer("/");
  CHECK(answer.status == 200);
  CHECK(answer.type == "text/html; charset=utf-8");
  CHECK(duel::app::test::xml_fault(answer.body) == "");
  CHECK(contains(answer.body, "<h1>00000-run</h1>"));
  CHECK(contains(answer.body, "This run goes on"));
  CHECK(contains(answer.body, "src=\"samples/000400.png?"));
  CHECK(!contains(answer.body, "http"));
  CHECK(contains(answer.body, "let version = '" + version_in(page) + "', state = 'running';"));
}

TEST_CASE("a live page is made anew when a file has changed, but not all the time") {
  Fixture place;
  LivePage page = place.page();
  const std::string first = version_in(page);
  place.now += 5;
  CHECK(version_in(page) == first);
  place.parent.write("00000-run/stats.jsonl", "{\"iteration\":0,\"d_real\":0.5}\n");
  place.now += 5;
  const std::string second = version_in(page);
  CHECK(second != first);
  CHECK(contains(page.answer("/").body, "What D says"));
  std::ofstream(place.run / "log.txt") << "more\n";
  place.now += 0.5;
  CHECK(version_in(page) == second);
  place.now += 1;
  CHECK(version_in(page) != second);
}

TEST_CASE("a live page sees that the training was killed, though no file has changed") {
  Fixture place;
  LivePage page = place.page();
  auto training = duel::FileLock::try_for(place.run / "log.txt");
  REQUIRE(training);
  const std::string first = version_in(page);
  CHECK(contains(page.answer("/").body, "This run goes on"));
  training.reset();
  place.now += 5;
  CHECK(version_in(page) != first);
  CHECK(contains(page.answer("/").body, "The run was killed"));
}

TEST_CASE("a live page tells the state of the run beside its notice") {
  Fixture place;
  auto training = duel::FileLock::try_for(place.run / "log.txt");
  REQUIRE(training);
  LivePage page = place.page();
  CHECK(answered(page, "state") == "running");
  training.reset();
  place.now += 5;
  CHECK(answered(page, "state") == "killed");
  CHECK(contains(page.answer("/").body, "state = 'killed';"));
  place.parent.write("00000-run/outcome.json", to_json({.end = RunEnd::finished, .goal = 100}));
  place.now += 5;
  CHECK(answered(page, "state") == "finished");
  place.parent.write("00000-run/outcome.json", "damaged");
  place.now += 5;
  CHECK(answered(page, "state") == "unknown");
}

TEST_CASE("a live page has the run's pictures and its report") {
  Fixture place;
  LivePage page = place.page();
  LiveAnswer answer = page.answer("/samples/000400.png");
  CHECK((answer.status == 200 && answer.type == "image/png" && answer.body == "sample" && answer.is_kept));
  CHECK(page.answer("/reals.png").body == "reals");
  answer = page.answer("/report.html");
  CHECK((answer.status == 200 && !contains(answer.body, "let version") && contains(answer.body, "base64,")));
}

TEST_CASE("a live page answers nothing else, however it is asked for") {
  Fixture place;
  fs::create_symlink(place.parent.path() / "secret.png", place.run / "samples/000401.png");
  fs::create_symlink("000400.png", place.run / "samples/000402.png");
  place.parent.write("00000-run/samples/.png", "x");
  place.parent.write("00000-run/samples/a.png", "x");
  LivePage page = place.page();
  for (const char* path : {"",
                           "//",
                           "/config.toml",
                           "/log.txt",
                           "/checkpoints/000400.safetensors",
                           "/samples",
                           "/samples/",
                           "/samples/.png",
                           "/samples/a.png",
                           "/samples/000401.png",
                           "/samples/000402.png",
                           "/samples/000403.png",
                           "/samples/../reals.png",
                           "/samples/../../secret.png",
                           "/../secret.png",
                           "/samples/000400.png/",
                           "/samples/000400.png/../../reals.png",
                           "/samples//000400.png",
                           "/./reals.png",
                           "reals.png",
                           "/etc/passwd",
                           "//etc/passwd",
                           "/%2e%2e/secret.png",
                           "/samples/000400.png%00",
                           "/reals.png/../../secret.png",
                           "/state/",
                           "/samples/1111111111111111111.png"}) {
    CAPTURE(path);
    const LiveAnswer answer = page.answer(path);
    CHECK(answer.status == 404);
    CHECK(!contains(answer.body, "secret"));
  }
  CHECK(page.answer(std::string("/reals.png\0", 11)).status == 404);
  // The folder of the samples leads somewhere else.
  fs::remove_all(place.run / "samples");
  place.parent.write("others/000400.png", "other");
  fs::create_directory_symlink(place.parent.path() / "others", place.run / "samples");
  CHECK(page.answer("/samples/000400.png").status == 404);
}

TEST_CASE("a folder without a run, or none, is refused by its name") {
  const TemporaryFolder empty;
  const auto now = [] { return 0.0; };
  CHECK_THROWS_AS(LivePage(mnist_gan(), empty.path(), now), duel::DataError);
  CHECK_THROWS_AS(LivePage(mnist_gan(), empty.path() / "absent", now), duel::DataError);
}
