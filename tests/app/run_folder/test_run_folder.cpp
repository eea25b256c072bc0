#include "app/run_folder/run_folder.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <system_error>
#include <thread>

#include "app/training/stats_log.h"
#include "tests/files/child.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"

namespace {

using duel::test::content_of;
using duel::test::TemporaryFolder;
using namespace duel::app;
namespace fs = std::filesystem;

std::string name_of(const RunFolder& folder) {
  return folder.path().filename().string();
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

duel::TensorFile state_with(std::uint8_t value) {
  duel::TensorFile file;
  file.tensors.push_back({"x", duel::DType::u8, {1}, {std::byte{value}}});
  return file;
}

std::uint8_t value_in(const fs::path& file) {
  return static_cast<std::uint8_t>(duel::read_safetensors(file).tensors.at(0).bytes.at(0));
}

}  // namespace

TEST_CASE("run folder: the outcome says the build, and when the run was begun, also when it is written again") {
  const TemporaryFolder parent;
  const RunFolder folder = RunFolder::create(parent.path(), "run");
  const fs::path file = folder.path() / "outcome.json";
  folder.write_outcome({});
  const auto first = parse_outcome(content_of(file));
  REQUIRE(first);
  CHECK(first->version == DUEL_VERSION);
  CHECK(first->begun.size() == std::string("2026-01-31T23:59:59Z").size());
  std::ofstream(file) << to_json({.begun = "2001-02-03T04:05:06Z"});
  folder.write_outcome({.end = RunEnd::finished});
  CHECK(parse_outcome(content_of(file))->begun == "2001-02-03T04:05:06Z");
}

TEST_CASE("run folder: a run whose log is a pipe is refused, not waited for") {
  const TemporaryFolder parent;
  const fs::path run = RunFolder::create(parent.path(), "run").path();
  for (const char* name : {"log.txt", "stats.jsonl", "convergence.jsonl"}) {
    CAPTURE(name);
    fs::remove(run / name);
    REQUIRE(mkfifo((run / name).c_str(), 0600) == 0);
    CHECK_THROWS_AS(RunFolder::open(run), duel::DataError);
    fs::remove(run / name);
  }
  RunFolder::open(run);
}

TEST_CASE("run folders are numbered from 0, whatever their names") {
  const TemporaryFolder parent;
  const fs::path runs = parent.path() / "deep" / "runs";  // made where missing
  CHECK(name_of(RunFolder::create(runs, "blog")) == "00000-blog");
  CHECK(name_of(RunFolder::create(runs, "blog")) == "00001-blog");
  CHECK(name_of(RunFolder::create(runs, "other")) == "00002-other");
  CHECK(names_in(runs) == std::set<std::string>{"00000-blog", "00001-blog", "00002-other"});
}

TEST_CASE("the next number follows the largest one, not the first gap") {
  const TemporaryFolder parent;
  fs::create_directory(parent.path() / "00007-old");
  fs::create_directory(parent.path() / "00041");  // what a killed process may leave
  std::ofstream(parent.path() / "notes.txt") << "x";
  fs::create_directory(parent.path() / "20240131-not-a-run");
  fs::create_directories(parent.path() / "00040" / "kept");
  CHECK(name_of(RunFolder::create(parent.path(), "a")) == "00042-a");
  CHECK(!fs::exists(parent.path() / "00041"));
  CHECK(fs::exists(parent.path() / "00040" / "kept"));
  fs::create_directory(parent.path() / "99999-old");
  CHECK(name_of(RunFolder::create(parent.path(), "a")) == "100000-a");
}

TEST_CASE("used-up numbers are an error, not an endless search") {
  const TemporaryFolder parent;
  fs::create_directory(parent.path() / "9999999-last");
  CHECK_THROWS_AS(RunFolder::create(parent.path(), "a"), std::system_error);
}

TEST_CASE("an existing run is never touched") {
  const TemporaryFolder parent;
  const RunFolder first = RunFolder::create(parent.path(), "a");
  first.write_config("mine");
  RunFolder::create(parent.path(), "a").write_config("other");
  CHECK(content_of(first.path() / "config.toml") == "mine");
}

TEST_CASE("what a killed run left half-written is removed by the next one") {
  const TemporaryFolder parent;
  const RunFolder killed = RunFolder::create(parent.path(), "a");
  const std::string ending = "." + duel::test::dead_process() + "-0.tmp";
  const fs::path left[] = {killed.path() / ("report.html" + ending), killed.sample_file(5).string() + ending,
                           killed.checkpoints().file(5).string() + ending};
  for (const fs::path& file : left) std::ofstream(file) << "half";
  fs::create_directory(parent.path() / "notes");
  const fs::path foreign = parent.path() / "notes" / ("x" + ending);  // in no run's folder
  std::ofstream(foreign) << "x";
  RunFolder::create(parent.path(), "a");
  for (const fs::path& file : left) CHECK(!fs::exists(file));
  CHECK(fs::exists(foreign));
}

TEST_CASE("a parent that cannot be made is a system error") {
  const TemporaryFolder parent;
  std::ofstream(parent.path() / "file") << "x";
  CHECK_THROWS_AS(RunFolder::create(parent.path() / "file", "a"), std::system_error);
}

TEST_CASE("where a run folder cannot be filled, nothing is left") {
  const TemporaryFolder parent;
  rlimit before = {};
  getrlimit(RLIMIT_NOFILE, &before);
  fs::create_directory(parent.path() / "runs");
  // With one more descriptor there is a lock, but none to flush the new folder with.
  const int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(next);
  const rlimit few = {static_cast<rlim_t>(next) + 1, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  bool is_refused = false;
  try {
    RunFolder::create(parent.path() / "runs", "a");
  } catch (const std::system_error&) {
    is_refused = true;
  }
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(is_refused);
  CHECK(names_in(parent.path() / "runs").empty());
}

TEST_CASE("many at once never share a number") {
  const TemporaryFolder parent;
  constexpr int kThreads = 8, kRuns = 12;
  std::mutex mutex;
  std::vector<std::string> names;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRuns; ++i) {
        // Half of the threads share a name, the others have one each: both kinds of collision.
        const RunFolder folder = RunFolder::create(parent.path(), t % 2 == 0 ? "same" : "name" + std::to_string(t));
        const std::lock_guard lock(mutex);
        names.push_back(name_of(folder));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> numbers;
  for (const std::string& name : names) numbers.insert(name.substr(0, name.find('-')));
  CHECK(numbers.size() == kThreads * kRuns);
  CHECK(names_in(parent.path()).size() == kThreads * kRuns);  // no lock is left
}

TEST_CASE("file names") {
  const TemporaryFolder parent;
  const RunFolder folder = RunFolder::create(parent.path(), "a");
  CHECK(folder.sample_file(400) == folder.path() / "samples" / "000400.png");
  CHECK(folder.sample_file(1234567) == folder.path() / "samples" / "1234567.png");
  CHECK(folder.script_picture_file(0) == folder.path() / "images" / "0.png");
  CHECK(folder.script_picture_file(400) == folder.path() / "images" / "400.png");
  CHECK(folder.checkpoints().file(938) == folder.path() / "checkpoints" / "000938.safetensors");
}

TEST_CASE("the log grows line by line") {
  const TemporaryFolder parent;
  RunFolder folder = RunFolder::create(parent.path(), "a");
  folder.log("one");
  CHECK(content_of(folder.path() / "log.txt") == "one\n");
  folder.log("two");
  CHECK(content_of(folder.path() / "log.txt") == "one\ntwo\n");
}

TEST_CASE("checkpoints: latest names the newest, old ones go") {
  const TemporaryFolder parent;
  const RunFolder folder = RunFolder::create(parent.path(), "a");
  std::ofstream(folder.path() / "checkpoints" / "best.safetensors") << "not numbered";
  for (std::uint8_t i = 1; i <= 5; ++i) {
    folder.checkpoints().save(i * 400'000, state_with(i), 2);
    CHECK(value_in(folder.checkpoints().latest()) == i);
  }
  CHECK(names_in(folder.path() / "checkpoints") ==
        std::set<std::string>{"1600000.safetensors", "2000000.safetensors", "latest.safetensors", "best.safetensors"});
}

TEST_CASE("checkpoints: keep 0 keeps all - latest survives a move of the folder") {
  const TemporaryFolder parent;
  const RunFolder folder = RunFolder::create(parent.path(), "a");
  for (std::uint8_t i = 1; i <= 5; ++i) folder.checkpoints().save(i, state_with(i), 0);
  CHECK(names_in(folder.path() / "checkpoints").size() == 6);
  const fs::path moved = parent.path() / "moved";
  fs::rename(folder.path(), moved);
  CHECK(value_in(moved / "checkpoints" / "latest.safetensors") == 5);
}

TEST_CASE("checkpoints: where the write fails, latest stays the old one") {
  const TemporaryFolder parent;
  const RunFolder folder = RunFolder::create(parent.path(), "a");
  folder.checkpoints().save(1, state_with(1), 1);
  fs::create_directories(folder.checkpoints().file(2) / "in the way");  // rename onto it must fail
  CHECK_THROWS_AS(folder.checkpoints().save(2, state_with(2), 1), std::system_error);
  CHECK(value_in(folder.checkpoints().latest()) == 1);
}

TEST_CASE("statistics: one JSON line") {
  CHECK(stats_line({7, 0.5f, 0.1f, 0.25f, 1.0f}, 2, 1.5, {}) ==
        "{\"iteration\":7,\"epoch\":2,\"d_loss\":0.5,\"g_loss\":0.100000001,\"d_real\":0.25,\"d_fake\":1,"
        "\"seconds\":1.5}");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(stats_line({0, nan, -std::numeric_limits<float>::infinity(), 0, 0}, 1, 0, {}) ==
        "{\"iteration\":0,\"epoch\":1,\"d_loss\":null,\"g_loss\":null,\"d_real\":0,\"d_fake\":0,\"seconds\":0}");
}

TEST_CASE("statistics: the penalty of a game that has one, as JSON and as CSV") {
  const duel::IterationStats stats{7, 0.5f, 0.25f, 0.75f, 1.0f, 0.125f};
  CHECK(stats_line(stats, 2, 1.5, {LogFormat::jsonl, true}) ==
        "{\"iteration\":7,\"epoch\":2,\"d_loss\":0.5,\"g_loss\":0.25,\"d_real\":0.75,\"d_fake\":1,\"seconds\":1.5,"
        "\"penalty\":0.125}");
  CHECK(stats_header({LogFormat::csv, true}) == "iteration,epoch,d_loss,g_loss,d_real,d_fake,seconds,penalty\n");
  CHECK(stats_line(stats, 2, 1.5, {LogFormat::csv, true}) == "7,2,0.5,0.25,0.75,1,1.5,0.125");
}

TEST_CASE("statistics: every n-th iteration, the first and the last") {
  const TemporaryFolder parent;
  const fs::path file = parent.path() / "stats.jsonl";
  const auto iterations_in_file = [&file] {
    std::vector<std::string> found;
    std::ifstream input(file);
    for (std::string line; std::getline(input, line);) found.push_back(line.substr(13, line.find(',') - 13));
    return found;
  };
  StatsLog log(file, 10, 5);
  for (std::int64_t i = 0; i < 23; ++i) log.add({i, 0, 0, 0, 0}, 0);
  log.flush();
  CHECK(iterations_in_file() == std::vector<std::string>{"0", "10", "20"});
  log.finish();
  CHECK(iterations_in_file() == std::vector<std::string>{"0", "10", "20", "22"});
  log.finish();
  CHECK(iterations_in_file().size() == 4);
  CHECK(content_of(file).find("\"iteration\":22,\"epoch\":5,") != std::string::npos);
}

TEST_CASE("statistics: a file that cannot be made or a full disk is a system error") {
  CHECK_THROWS_AS(StatsLog("/nonexistent/stats.jsonl", 1, 1), std::system_error);
  if (!fs::exists("/dev/full")) return;
  StatsLog log("/dev/full", 1, 1);
  log.add({0, 0, 0, 0, 0}, 0);
  CHECK_THROWS_AS(log.flush(), std::system_error);
}
