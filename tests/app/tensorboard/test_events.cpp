// Event files for TensorBoard: their records, what they hold, and what is cut off when a run goes on.
#include <cmath>
#include <limits>

#include "app/errors/exit_code.h"
#include "app/tensorboard/event_file.h"
#include "app/tensorboard/event_records.h"
#include "app/tensorboard/value_histogram.h"
#include "duel_has.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::test::contains;
using duel::test::TemporaryFolder;

}  // namespace

TEST_CASE("the checksum is CRC-32C") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xe3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);  // RFC 3720, B.4
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43);
}

TEST_CASE("records are read until one is not whole or has another checksum") {
  const std::string first = event_record("one"), second = event_record(""), third = event_record(std::string(300, 'x'));
  const std::string all = first + second + third;
  const auto contents = event_contents(all);
  REQUIRE(contents.size() == 3);
  CHECK((contents[0] == "one" && contents[1].empty() && contents[2] == std::string(300, 'x')));
  CHECK(event_contents("").empty());
  for (std::size_t size = 0; size < all.size(); ++size) {
    CAPTURE(size);
    const std::string cut = all.substr(0, size);
    CHECK(event_contents(cut).size() == (size < first.size() ? 0u : size < first.size() + second.size() ? 1u : 2u));
  }
  for (std::size_t at = 0; at < first.size(); ++at) {
    CAPTURE(at);
    std::string flipped = all;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    CHECK(event_contents(flipped).empty());
  }
  const std::string endless = event_record("x").replace(0, 8, 8, '\xff');
  CHECK(event_contents(endless).empty());
}

TEST_CASE("a histogram has every finite value in one bucket") {
  std::vector<float> values;
  for (int i = 0; i <= 100; ++i) values.push_back(static_cast<float>(i) / 10 - 5);
  values.push_back(std::numeric_limits<float>::infinity());
  values.push_back(std::nanf(""));
  const ValueHistogram histogram = histogram_of(values);
  CHECK((histogram.min == -5 && histogram.max == 5 && histogram.count == 101));
  CHECK(std::abs(histogram.sum) < 1e-4);
  CHECK(histogram.sum_squares == Approx(858.5));
  REQUIRE((histogram.limits.size() == 50 && histogram.counts.size() == 50));
  CHECK((histogram.limits.front() == Approx(-4.8) && histogram.limits.back() == 5));
  double sum = 0;
  for (const double count : histogram.counts) sum += count;
  CHECK(sum == 101);
  CHECK((histogram.counts.front() >= 2 && histogram.counts.back() >= 2));
  const ValueHistogram same = histogram_of(std::vector<float>(7, 0.25f));
  CHECK((same.limits == std::vector<double>{0.25} && same.counts == std::vector<double>{7}));
  CHECK(histogram_of(std::vector<float>{std::nanf("")}).limits.empty());
}

#if DUEL_HAS_PROTOBUF

TEST_CASE("when a run goes on, events of later steps are cut from its files, and no others") {
  const TemporaryFolder folder;
  std::string name;
  {
    EventFile file(folder.path(), 0);
    name = file.path().filename().string();
    for (int step = 1; step <= 5; ++step) file.add_scalars(step, {{"loss", step}});
    file.add_picture(3, "samples", {.height = 2, .width = 2, .pixels = {0, 1, 2, 3}});
    file.add_histogram(4, "weights", std::vector<float>{1, 2, 3});
    file.flush();
  }
  const auto events = [&] { return event_contents(folder.read(name)).size(); };
  REQUIRE(events() == 8);
  const std::string whole = folder.read(name);
  cut_event_files(folder.path(), 5);
  CHECK(folder.read(name) == whole);
  folder.write(name, whole.substr(0, whole.size() - 3));  // killed while it wrote
  cut_event_files(folder.path(), 5);
  CHECK(events() == 7);
  cut_event_files(folder.path(), 3);
  CHECK(events() == 5);  // the version, three scalars, the picture
  folder.write("other.txt", "kept");
  cut_event_files(folder.path(), 0);
  CHECK(events() == 1);
  CHECK(folder.read("other.txt") == "kept");
}

TEST_CASE("each session has an event file of its own, and nothing is written over") {
  const TemporaryFolder folder;
  EventFile first(folder.path(), 0), second(folder.path(), 7);
  CHECK(first.path() != second.path());
  CHECK(event_contents(folder.read(first.path().filename().string())).size() == 1);
  CHECK(event_contents(folder.read(second.path().filename().string())).size() == 2);  // where it begins, too
  second.add_histogram(8, "nothing", std::vector<float>{std::nanf("")});
  second.flush();
  CHECK(event_contents(folder.read(second.path().filename().string())).size() == 2);
  CHECK_THROWS_AS(EventFile("/nonexistent/folder", 0), std::system_error);
}

#else

TEST_CASE("a build without protobuf says what is missing") {
  try {
    require_event_files();
    FAIL("event files without protobuf");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(), "libprotobuf-dev"));
  }
}

#endif
