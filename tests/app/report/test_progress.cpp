#include "app/report/progress.h"

#include <algorithm>
#include <limits>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::IterationStats;
using Kind = ProgressStyle::Kind;
using duel::test::contains;

const RunSize kSize = {.epochs = 200, .iterations = 187600, .iterations_per_epoch = 938, .images_per_epoch = 60000};
const IterationStats kStats = {1620, 0.402f, 1.2f, 0.6f, 0.4f};  // iteration 683 of epoch 2

const Pace kPace = {.images_per_second = 29000, .seconds_left = 415, .memory = 204 << 20};

/// A Progress that writes into a string and whose clock stands still until the test moves it.
struct Fixture {
  explicit Fixture(Kind kind, int width = 100) : progress(out, style(kind, width), kSize, [this] { return time; }) {}

  static ProgressStyle style(Kind kind, int width) {
    return {kind, false, [width] { return width; }};
  }
  void update_at(double when, std::int64_t iteration) {
    time = when;
    progress.update({iteration, 0.5f, 1.0f, 0.6f, 0.4f});
  }
  std::string take() {
    const std::string text = out.str();
    out.str("");
    return text;
  }

  std::ostringstream out;
  double time = 100;
  Progress progress;
};

}  // namespace

TEST_CASE("durations") {
  CHECK(format_duration(0) == "0.0s");
  CHECK(format_duration(8.24) == "8.2s");
  CHECK(format_duration(59.94) == "59.9s");
  CHECK(format_duration(59.96) == "1m00s");
  CHECK(format_duration(185) == "3m05s");
  CHECK(format_duration(3599.7) == "1h00m");
  CHECK(format_duration(3720) == "1h02m");
  CHECK(format_duration(183600) == "2d03h");
  CHECK(format_duration(-1) == "?");
  CHECK(format_duration(std::numeric_limits<double>::quiet_NaN()) == "?");
  CHECK(format_duration(std::numeric_limits<double>::infinity()) == "?");
}

TEST_CASE("counts") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(999.7) == "1.0k");
  CHECK(format_count(18234) == "18.2k");
  CHECK(format_count(999960) == "1.00M");
  CHECK(format_count(1304000) == "1.30M");
  CHECK(format_count(std::numeric_limits<double>::quiet_NaN()) == "?");
}

TEST_CASE("a wide line shows everything") {
  CHECK(progress_line(kSize, kStats, kPace, 130, true, false) ==
        "epoch 2/200  [##############......]  683/938  eta 6m55s  loss D 0.402 G 1.200  D(x) 0.60 D(G(z)) 0.40  "
        "29.0k img/s  204 MiB");
  CHECK(progress_line(kSize, {937, 1, 1, 1, 1}, {}, 120, true, false) ==
        "epoch 1/200  [####################]  938/938  loss D 1.000 G 1.000  D(x) 1.00 D(G(z)) 1.00");
}

TEST_CASE("no line is wider than the terminal, and the bar is the first to go") {
  for (int width = 0; width < 140; ++width) {
    CHECK(progress_line(kSize, kStats, kPace, width, true, false).size() <= static_cast<std::size_t>(width));
  }
  CHECK(
      progress_line(kSize, kStats, kPace, 109, true, false) ==
      "epoch 2/200  [####..]  683/938  eta 6m55s  loss D 0.402 G 1.200  D(x) 0.60 D(G(z)) 0.40  29.0k img/s  204 MiB");
  CHECK(progress_line(kSize, kStats, kPace, 99, true, false) ==
        "epoch 2/200  683/938  eta 6m55s  loss D 0.402 G 1.200  D(x) 0.60 D(G(z)) 0.40  29.0k img/s  204 MiB");
  CHECK(progress_line(kSize, kStats, kPace, 79, true, false) ==
        "2/200  eta 6m55s  D 0.402 G 1.200  D(x) 0.60 D(G(z)) 0.40  29.0k img/s  204 MiB");
  CHECK(progress_line(kSize, kStats, kPace, 65, false, false) ==
        "2/200  683/938  eta 6m55s  D 0.402 G 1.200  29.0k img/s  204 MiB");
  CHECK(progress_line(kSize, kStats, kPace, 39, true, false) == "2/200 6m55s D0.40 G1.20 29k/s 204M");
}

TEST_CASE("time left, both losses, speed and memory are there from 39 columns on, whatever they are") {
  const double gib = 1 << 30;
  for (const Pace& pace : {kPace, Pace{123'456, 43'140, 12.3 * gib}, Pace{1'304'000, 183'600, 139 * gib},
                           Pace{999.4, 59.9, 999 * gib / 1024}, Pace{64, 0, 1000}}) {
    for (const IterationStats& stats : {kStats, IterationStats{187599, 12.34f, 123.4f, 1, 0}}) {
      for (int width = 39; width < 140; ++width) {
        CAPTURE(width, pace.images_per_second);
        const std::string line = progress_line(kSize, stats, pace, width, true, false);
        CHECK(line.size() <= static_cast<std::size_t>(width));
        CHECK(contains(line, format_duration(pace.seconds_left)));
        CHECK(contains(line, "D"));
        CHECK(contains(line, " G"));
        CHECK(contains(line, "/s"));
        CHECK((contains(line, "M") || contains(line, "G")));
        CHECK((line.ends_with("B") || line.ends_with("M") || line.ends_with("G")));
      }
    }
  }
}

TEST_CASE("colours only where asked for, and they take no columns") {
  const std::string plain = progress_line(kSize, kStats, kPace, 120, true, false);
  std::string coloured = progress_line(kSize, kStats, kPace, 120, true, true);
  CHECK(!contains(plain, "\x1b"));
  REQUIRE(contains(coloured, "\x1b[32m["));
  coloured.erase(coloured.find("\x1b[32m"), 5);
  coloured.erase(coloured.find("\x1b[0m"), 4);
  CHECK(coloured == plain);
}

TEST_CASE("values that are not finite are shown, not hidden") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(contains(progress_line(kSize, {0, nan, nan, nan, nan}, {1, 1, 1}, 120, true, false), "nan"));
}

TEST_CASE("the epoch's line") {
  CHECK(epoch_line(kSize, {3, 0.5, 1.25, 0.61, 0.39, 2.1}) ==
        "epoch 3/200  loss D 0.500 G 1.250  D(x) 0.61 D(G(z)) 0.39  2.1s  28.6k img/s");
  CHECK(!contains(epoch_line(kSize, {3, 0.5, 1.25, 0.61, 0.39, 0}), "img/s"));
}

TEST_CASE("live: drawn over in place, at most ten times a second") {
  Fixture live(Kind::live);
  live.update_at(100.05, 1);
  CHECK(live.take().empty());
  live.update_at(100.11, 3);
  const std::string first = live.take();
  CHECK(first.starts_with("\r\x1b[Kepoch 1/200"));
  CHECK(!contains(first, "\n"));
  live.update_at(100.15, 4);
  CHECK(live.take().empty());
  live.update_at(100.22, 5);
  CHECK(!live.take().empty());
}

TEST_CASE("live: a message stays above the line, and finish() removes the line once") {
  Fixture live(Kind::live);
  live.update_at(101, 3);
  live.take();
  live.progress.message("hello");
  CHECK(live.take().starts_with("\r\x1b[Khello\n\r\x1b[Kepoch 1/200"));
  live.progress.finish();
  CHECK(live.take() == "\r\x1b[K");
  live.progress.finish();
  live.progress.message("end");
  CHECK(live.take() == "end\n");
}

TEST_CASE("live: the line leaves the last column free") {
  Fixture live(Kind::live, 80);
  live.update_at(101, 3);
  CHECK(live.take().size() <= 79 + std::string("\r\x1b[K").size());
}

TEST_CASE("lines: plain, every five seconds") {
  Fixture lines(Kind::lines);
  for (int i = 1; i <= 120; ++i) lines.update_at(100 + i * 0.1, i);  // 12 seconds
  const std::string text = lines.take();
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(!contains(text, "\x1b"));
  CHECK(!contains(text, "\r"));
  CHECK(!contains(text, "["));
  lines.progress.message("hello");
  CHECK(lines.take() == "hello\n");
}

TEST_CASE("quiet says nothing") {
  Fixture quiet(Kind::quiet);
  quiet.update_at(200, 1);
  quiet.progress.message("hello");
  quiet.progress.finish();
  CHECK(quiet.take().empty());
}

TEST_CASE("speed and time left come from the last ten seconds") {
  Fixture lines(Kind::lines, 200);
  // 10 iterations a second for 20 seconds, then 100 a second for 20: the first speed must be forgotten.
  std::int64_t iteration = -1;
  for (int i = 1; i <= 20; ++i) lines.update_at(100 + i, iteration += 10);
  CHECK(contains(lines.take(), "640 img/s"));  // 10 * 60000 / 938
  for (int i = 1; i <= 20; ++i) lines.update_at(120 + i, iteration += 100);
  const std::string text = lines.take();
  const std::string last = text.substr(text.rfind("epoch"));
  CHECK(contains(last, "6.4k img/s"));
  CHECK(contains(last, "eta 30m54s"));  // (187600 - 2200) / 100 seconds
}

TEST_CASE("a time limit bounds the time left") {
  std::ostringstream out;
  double time = 0;
  RunSize size = kSize;
  size.seconds_limit = 60;
  Progress progress(out, {}, size, [&time] { return time; });
  time = 20;
  progress.update({9, 0.5f, 1.0f, 0.6f, 0.4f});
  CHECK(contains(out.str(), "eta 40.0s"));
  time = 70;
  progress.update({19, 0.5f, 1.0f, 0.6f, 0.4f});
  CHECK(contains(out.str(), "eta 0.0s"));
}
