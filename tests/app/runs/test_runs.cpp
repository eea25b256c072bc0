#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/commands/runs.h"
#include "app/report/run_record.h"
#include "app/runs/comparison.h"
#include "app/runs/comparison_page.h"
#include "app/runs/run_summary.h"
#include "app/runs/run_table.h"
#include "files/file_lock.h"
#include "tests/app/report/xml_fault.h"
#include "tests/app/workplace.h"

namespace {

using namespace duel;
using namespace duel::app;
using namespace duel::app::test;

struct WrittenRun {
  std::string outcome = "finished";
  std::string config = "preset = \"default\"\nbatch-size = 64\ndiscriminator-steps = 1\ndata = \"/data/mnist\"\n";
  int lines = 20;
  double d_loss = 0.5;
};

/// A run folder as training leaves it: a line of statistics for each of the iterations, of which an epoch has ten.
fs::path write_run(const fs::path& folder, const WrittenRun& run) {
  fs::create_directories(folder / "samples");
  std::ofstream(folder / "config.toml") << run.config;
  std::ofstream(folder / "log.txt") << "mnist_gan\n";
  std::ofstream(folder / "outcome.json") << R"({"outcome":")" << run.outcome << R"(","exit_code":0,"iterations":)"
                                         << run.lines << R"(,"goal":40,"reason":"","remedy":"","begun":)"
                                         << R"("2026-01-31T23:59:59Z"})"
                                         << "\n";
  std::ofstream stats(folder / "stats.jsonl"), looks(folder / "convergence.jsonl");
  for (int i = 0; i < run.lines; ++i) {
    // Only the last tenth counts for the list.
    const double loss = i < run.lines * 9 / 10 ? 9 : run.d_loss;
    stats << R"({"iteration":)" << i << R"(,"epoch":)" << i / 10 + 1 << R"(,"d_loss":)" << loss
          << R"(,"g_loss":1.5,"d_real":0.6,"d_fake":0.4,"seconds":)" << (i + 1) * 0.1 << "}\n";
  }
  looks << R"({"iteration":9,"pairwise_distance":0.25,"class_shares":[0.5,0.45,0.05,0.0]})"
        << "\n";
  return folder;
}

RunSummary summary(const fs::path& folder) {
  return summary_of(read_run(mnist_gan(), folder), folder.filename().string());
}

}  // namespace

TEST_CASE("runs: what a folder says of its run") {
  const Workplace place;
  const RunSummary run = summary(write_run(place.path() / "00001-a", {}));
  CHECK(run.state == "finished");
  CHECK(run.preset == "default");
  CHECK(run.data == "mnist");
  CHECK(run.begun == "2026-01-31 23:59 UTC");
  CHECK(run.iterations == 20);
  CHECK(run.goal == 40);
  CHECK(run.epochs == 2);
  CHECK(run.d_loss == 0.5);
  CHECK(run.g_loss == 1.5);
  CHECK(run.diversity == 0.25);
  CHECK(run.classes == 3);  // 0.05 is a fifth of an even share
  CHECK(run.all_classes == 4);
  CHECK(run.images_per_second == Approx(640));
  CHECK(std::isnan(run.frechet));
  const fs::path quality = place.path() / "00001-a" / "quality.json";
  std::ofstream(quality) << R"({"checkpoints":[{"figures":{"frechet_distance":{"mean":12.5}}}]})";
  CHECK(summary(place.path() / "00001-a").frechet == 12.5);
  for (const char* other : {"[]", "{", "null", R"({"checkpoints":7})", R"({"checkpoints":[]})",
                            R"({"checkpoints":[{"figures":{"frechet_distance":{"mean":"x"}}}]})"}) {
    CAPTURE(other);
    std::ofstream(quality) << other;
    CHECK(std::isnan(summary(place.path() / "00001-a").frechet));
  }
}

TEST_CASE("runs: a run that says running is running only while somebody holds its log") {
  const Workplace place;
  const fs::path folder = write_run(place.path() / "00001-a", {.outcome = "running"});
  {
    const auto lock = FileLock::try_for(folder / "log.txt");
    REQUIRE(lock);
    CHECK(summary(folder).state == "running");
  }
  CHECK(summary(folder).state == "killed");
}

TEST_CASE("runs: those below a folder are found, others are passed over") {
  const Workplace place;
  const fs::path all = place.path() / "all";
  write_run(all / "00001-b", {});
  write_run(all / "00000-a", {});
  write_run(all / "later" / "more" / "00000-c", {});
  write_run(all / "00000-a" / "00000-inside", {});  // belongs to the run around it
  fs::create_directories(all / "empty");
  fs::create_directory_symlink(all, all / "circle");
  CHECK(find_runs(all) == std::vector<fs::path>{all / "00000-a", all / "00001-b", all / "later" / "more" / "00000-c"});
  CHECK(find_runs(all / "00001-b") == std::vector<fs::path>{all / "00001-b"});
  CHECK(find_runs(all / "empty").empty());
  CHECK_THROWS_AS(find_runs(all / "nothing"), DataError);
}

TEST_CASE("runs: the table is as wide as it may be, without the least important columns") {
  const Workplace place;
  const std::vector<RunSummary> runs = {summary(write_run(place.path() / "00001-a", {})),
                                        summary(write_run(place.path() / "00002-stopped", {.outcome = "stopped"}))};
  const std::string all = runs_text(runs, 1000);
  for (const char* part : {"run", "begun", "images/s", "2026-01-31 23:59 UTC", "stopped 50 %", "3/4"}) {
    CAPTURE(part);
    CHECK(contains(all, part));
  }
  for (std::size_t width = 20; width < longest_line(all); ++width) {
    const std::string text = runs_text(runs, width);
    CAPTURE(width, text);
    CHECK((longest_line(text) <= width || !contains(text, "state")));
    CHECK(contains(text, "00002-stopped"));
    CHECK(!contains(text, "begun"));
  }
}

TEST_CASE("runs: before the first training the list is empty, but a folder that is named must be there") {
  Workplace place;
  RunsOptions options;
  options.program = &mnist_gan();
  options.runs = place.path() / "nothing";
  CHECK(list_runs(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "No runs below"));
  options.folder = options.runs;
  CHECK_THROWS_AS(list_runs(options), DataError);
}

TEST_CASE("runs: JSON and CSV say the same, and nothing where nothing is known") {
  const Workplace place;
  const fs::path torn = place.path() / "00002-torn, \"odd\"";
  fs::create_directories(torn);
  std::ofstream(torn / "config.toml") << "\x01";
  std::ofstream(torn / "log.txt") << "";
  std::ofstream(torn / "stats.jsonl") << "{\"iteration\":";
  const std::vector<RunSummary> runs = {summary(write_run(place.path() / "00001-a", {})), summary(torn)};
  const auto json = nlohmann::json::parse(runs_json(runs));
  REQUIRE(json.size() == 2);
  CHECK(json[0]["d_loss"] == 0.5);
  CHECK(json[0]["iterations"] == 20);
  CHECK(json[1]["d_loss"].is_null());
  CHECK(json[1]["state"].is_null());
  const std::string csv = runs_csv(runs);
  CHECK(csv.starts_with("run,folder,state,preset,data,begun,iterations,goal,epochs,d_loss,g_loss,"));
  CHECK(contains(csv, "\n\"00002-torn, \"\"odd\"\"\","));
  CHECK(contains(runs_text(runs, 1000), "00002-torn"));
  CHECK(nlohmann::json::parse(runs_json({})).empty());
}

TEST_CASE("runs compare: only settings that differ, and the page is whole") {
  Workplace place;
  write_run(place.path() / "runs" / "00001-a", {.d_loss = 0.5});
  write_run(place.path() / "runs" / "00012-b",
            {.config = "preset = \"default\"\nbatch-size = 128\ndata = \"/data/mnist\"\n"
                       "name = \"b\"\nnew = \"<i>\"\n",
             .lines = 40});
  CompareRunsOptions options;
  options.program = &mnist_gan();
  options.runs = place.path() / "runs";
  options.compared = {"1", place.path() / "runs" / "00012-b"};
  options.out = place.path() / "page.html";
  REQUIRE(compare_runs(options) == ExitCode::ok);
  const std::string text = place.out.str();
  for (const char* part : {"00001-a", "00012-b", "batch-size", "64", "128", "discriminator-steps", "iterations"}) {
    CAPTURE(part);
    CHECK(contains(text, part));
  }
  CHECK(!contains(text, "preset"));
  CHECK(!contains(text, "name"));
  const std::string page = content_of(options.out);
  CHECK(page.starts_with(kComparisonBeginning));
  CHECK(duel::app::test::xml_fault(page.substr(page.find('\n') + 1)) == "");
  CHECK(contains(page, "&lt;i&gt;"));
  CHECK(!contains(page, "http"));
  CHECK(compare_runs(options) == ExitCode::ok);  // an earlier comparison is replaced

  place.out.str("");
  options.format = duel::ResultFormat::json;
  CHECK(compare_runs(options) == ExitCode::ok);
  const auto json = nlohmann::json::parse(place.out.str());
  REQUIRE(json.size() == 2);
  CHECK(json[0]["run"] == "00001-a");
  CHECK(json[0]["d_loss"] == 0.5);
  CHECK(json[0]["settings"]["batch-size"] == "64");
  CHECK(json[1]["settings"]["batch-size"] == "128");
  CHECK(json[0]["settings"]["new"].is_null());
  CHECK(!json[0]["settings"].contains("preset"));
  place.out.str("");
  options.format = duel::ResultFormat::csv;
  CHECK(compare_runs(options) == ExitCode::ok);
  const std::string csv = place.out.str();
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
  CHECK(contains(csv.substr(0, csv.find('\n')), ",settings/batch-size"));
}

TEST_CASE("runs compare: of the optimizers' settings only those of a run's own") {
  const Workplace place;
  const auto compared = [&](const std::string& name, const std::string& config) {
    const fs::path run = write_run(place.path() / name, {.config = config});
    return ComparedRun{read_run(mnist_gan(), run), summary(run)};
  };
  const auto names = [](const std::vector<ComparedRun>& runs) {
    std::vector<std::string> names;
    for (const ComparedRow& row : different_settings(runs)) names.push_back(row.name);
    return names;
  };
  const std::string rates = "\nlearning-rate = 0.0004\nrmsprop-learning-rate = ";
  const ComparedRun wgan = compared("a", "optimizer = \"rmsprop\"" + rates + "5e-05\n");
  const ComparedRun other =
      compared("b", "optimizer = \"rmsprop\"\nlearning-rate = 1\nrmsprop-learning-rate = 5e-05\n");
  const ComparedRun standard = compared("c", "optimizer = \"adam\"" + rates + "0.01\n");
  CHECK(names({wgan, other}).empty());
  CHECK(names({wgan, standard}) == std::vector<std::string>{"optimizer", "learning-rate", "rmsprop-learning-rate"});
  CHECK(different_settings({wgan, standard})[1].values == std::vector<std::string>{"–", "0.0004"});
  const ComparedRun unknown = compared("d", rates + "0.02\n");  // without optimizer
  CHECK(names({unknown, wgan}) == std::vector<std::string>{"learning-rate", "rmsprop-learning-rate", "optimizer"});
}

TEST_CASE("runs compare: what is no run is refused with what there is to do") {
  const Workplace place;
  const fs::path runs = place.path() / "runs", a = write_run(runs / "00001-a", {});
  const auto message = [&](const fs::path& other) {
    CompareRunsOptions options;
    options.program = &mnist_gan();
    options.runs = runs;
    options.compared = {a, other};
    options.out = place.path() / "page.html";
    try {
      compare_runs(options);
    } catch (const DataError& error) {
      CHECK(!fs::exists(options.out));
      return std::string(error.what());
    }
    return std::string("no error");
  };
  CHECK(contains(message("7"), "'7': expected a run, its folder or its number in"));
  CHECK(contains(message(runs), "found a folder of runs"));
  CHECK(contains(message(a / "samples"), "found neither"));
}

TEST_CASE("runs: without config.toml a run is listed and compared, and what is missing is told") {
  Workplace place;
  const fs::path runs = place.path() / "runs", a = write_run(runs / "00001-a", {});
  const fs::path b = write_run(runs / "00002-b", {.outcome = "failed"});
  const fs::path c = write_run(runs / "00003-c", {.config = "preset = \"default\"\nbatch-size = 32\n"});
  fs::remove(b / "config.toml");
  CHECK(find_runs(runs) == std::vector<fs::path>{a, b, c});
  CHECK(summary(b).state == "failed");
  CHECK(std::isnan(summary(b).images_per_second));
  CompareRunsOptions options;
  options.program = &mnist_gan();
  options.runs = runs;
  options.compared = {a, b, c};
  options.out = place.path() / "page.html";
  REQUIRE(compare_runs(options) == ExitCode::ok);
  CHECK(contains(place.error.str(), (b / "config.toml").string() + ": cannot be read"));
  CHECK(contains(place.out.str(), "batch-size"));
  CHECK(!contains(place.out.str(), "preset"));  // of the two that say it, it is the same

  std::ofstream(b / "config.toml") << "batch-size =\n";
  options.compared = {a, b};
  REQUIRE(compare_runs(options) == ExitCode::ok);
  CHECK(contains(place.error.str(), "config.toml:1: "));
  CHECK(contains(place.out.str(), "No two runs have settings that can be read."));
  CHECK(contains(content_of(options.out), "Left out: "));
}

TEST_CASE("runs compare: a run that lacks outcome.json and log.txt is told what is missing") {
  const Workplace place;
  const fs::path runs = place.path() / "runs", a = write_run(runs / "00001-a", {});
  fs::remove(a / "outcome.json");
  CHECK(find_runs(a) == std::vector<fs::path>{a});  // one of them is enough
  fs::remove(a / "log.txt");
  CompareRunsOptions options;
  options.program = &mnist_gan();
  options.compared = {a, a};
  options.out = place.path() / "page.html";
  CHECK_THROWS_WITH(compare_runs(options), Catch::Contains("found no outcome.json"));
}

TEST_CASE("runs: a folder that cannot be read is told of, and the others are listed") {
  const Workplace place;
  const fs::path runs = place.path() / "runs", a = write_run(runs / "00001-a", {});
  fs::create_directories(runs / "closed");
  fs::permissions(runs / "closed", fs::perms::none);
  fs::permissions(place.path(), static_cast<fs::perms>(0755));
  std::vector<std::string> told;
  std::vector<fs::path> found;
  std::string refused;
  const bool is_root = geteuid() == 0;  // whom permissions do not bind: act as nobody for a moment
  if (is_root && seteuid(65534) != 0) return;
  try {
    found = find_runs(runs, [&told](const std::string& fault) { told.push_back(fault); });
    find_runs(runs / "closed");
  } catch (const std::system_error& error) {
    refused = error.what();
  }
  if (is_root) REQUIRE(seteuid(0) == 0);
  fs::permissions(runs / "closed", fs::perms::owner_all);
  CHECK(found == std::vector<fs::path>{a});
  REQUIRE(told.size() == 1);
  CHECK(told[0] == refused);
  CHECK(contains(refused, "cannot list the folder '" + (runs / "closed").string() + "'; check its permissions"));
  CHECK(contains(refused, "Permission denied"));
}

TEST_CASE("runs: of a log only a regular file is read, and no line without an end") {
  const Workplace place;
  const fs::path folder = write_run(place.path() / "00001-a", {});
  std::ofstream(folder / "stats.jsonl", std::ios::app) << std::string(3 << 20, 'x') << "\n"
                                                       << R"({"iteration":20,"epoch":7})"
                                                       << "\n";
  RunRecord run = read_run(mnist_gan(), folder);
  CHECK(run.stats.iterations.size() == 21);
  CHECK(run.stats.damaged_lines == 1);
  for (const char* name :
       {"stats.jsonl", "convergence.jsonl", "log.txt", "config.toml", "kernels.json", "quality.json", "outcome.json"}) {
    fs::remove(folder / name);
    fs::create_symlink("/dev/zero", folder / name);
  }
  run = read_run(mnist_gan(), folder);
  CHECK(!run.stats.is_there);
  CHECK(run.log.empty());
  CHECK(contains(run.settings_fault, "is a device or a pipe"));
  CHECK(std::isnan(summary_of(run, "a").frechet));
}

TEST_CASE("runs compare: in a narrow terminal the runs stand below each other") {
  const Workplace place;
  std::vector<ComparedRun> runs;
  for (const char* name : {"00001-first", "00002-second", "00003-third", "00004-fourth"}) {
    RunRecord record = read_run(mnist_gan(), write_run(place.path() / name, {}));
    RunSummary summary = summary_of(record, name);
    runs.push_back({std::move(record), std::move(summary)});
  }
  const std::size_t all = longest_line(comparison_text(runs, 1000));
  CHECK(all > 70);
  for (std::size_t width = 40; width <= all; ++width) {
    const std::string text = comparison_text(runs, width);
    CAPTURE(width, text);
    CHECK(longest_line(text) <= width);
    for (const ComparedRun& run : runs) CHECK(contains(text, run.summary.name));
  }
}

TEST_CASE("runs: a name of several lines is one line of the table") {
  RunSummary run = {};
  run.name = "new\nline\xe2\x80\xae";
  CHECK(contains(runs_text({run}, 1000), "new\\x0aline\\xe2\\x80\\xae"));
}
