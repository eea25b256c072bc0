// Logs that grow, lack values or are damaged, and curves with few points.
#include "app/report/log_table.h"

#include <cmath>
#include <numeric>

#include "app/report/buckets.h"
#include "app/training/stats_log.h"
#include "tests/app/report/xml_fault.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using duel::test::TemporaryFolder;
using Values = std::vector<double>;

LogTable table_of(const std::string& text) {
  const TemporaryFolder folder;
  folder.write("log.jsonl", text);
  return read_log_table(folder.path() / "log.jsonl");
}

bool is_nan(double value) {
  return std::isnan(value);
}

}  // namespace

TEST_CASE("a log's columns: values, nulls, lists, and what only some lines have") {
  const LogTable table = table_of(
      "{\"iteration\":0,\"epoch\":1,\"a\":0.5,\"shares\":[0.25,0.75]}\n"
      "{\"iteration\":10,\"a\":null,\"text\":\"b\",\"late\":7}\n"
      "{\"iteration\":20,\"a\":-2e3,\"shares\":[null,1]}\n");
  CHECK(table.is_there);
  CHECK(table.damaged_lines == 0);
  CHECK(table.iterations == Values{0, 10, 20});
  const Values& a = *table.find("a");
  CHECK((a.size() == 3 && a[0] == 0.5 && is_nan(a[1]) && a[2] == -2000));
  const Values& late = *table.find("late");
  CHECK((late.size() == 3 && is_nan(late[0]) && late[1] == 7 && is_nan(late[2])));
  const Values& first = *table.find("shares[0]");
  CHECK((first.size() == 3 && first[0] == 0.25 && is_nan(first[1]) && is_nan(first[2])));
  CHECK(table.find("shares[1]")->back() == 1);
  CHECK(table.find("text") == nullptr);
  CHECK(table.find("shares[2]") == nullptr);
  CHECK(table.last("late") == 7);
  CHECK(is_nan(table.last("nothing")));
}

TEST_CASE("a log's lines are those that training writes") {
  const std::string text = stats_line({3, 0.5f, 0.25f, 0.75f, 0.125f}, 1, 2.5, {}) + "\n" +
                           stats_line({4, NAN, 0.25f, 0.75f, 0.125f}, 1, 2.6, {}) + "\n";
  const LogTable table = table_of(text);
  CHECK(table.iterations == Values{3, 4});
  CHECK(table.find("d_loss")->front() == 0.5);
  CHECK(is_nan(table.find("d_loss")->back()));
  CHECK(table.last("seconds") == 2.6);
}

TEST_CASE("a log of comma-separated values is read as one of JSON") {
  const TemporaryFolder folder;
  const std::string text = stats_header({LogFormat::csv}) +
                           stats_line({3, 0.5f, 0.25f, 0.75f, 0.125f}, 1, 2.5, {LogFormat::csv}) + "\n" +
                           stats_line({4, NAN, 0.25f, 0.75f, 0.125f}, 2, 2.6, {LogFormat::csv}) + "\n";
  CHECK(text ==
        "iteration,epoch,d_loss,g_loss,d_real,d_fake,seconds\n3,1,0.5,0.25,0.75,0.125,2.5\n"
        "4,2,,0.25,0.75,0.125,2.6\n");
  folder.write("stats.csv", text + "5,1\nx\n6,2,a,\"b\",0.5,,7\n7,2,0.");
  const LogTable table = read_log_table(folder.path() / "stats.csv");
  CHECK(table.iterations == Values{3, 4, 6});
  CHECK(table.damaged_lines == 2);
  CHECK((table.find("d_loss")->front() == 0.5 && is_nan(table.find("d_loss")->at(1)) &&
         is_nan(table.find("d_loss")->back())));
  CHECK(table.last("g_loss") == 0.25);
  CHECK(table.last("d_real") == 0.5);
  CHECK(table.last("seconds") == 7);
}

TEST_CASE("damaged lines of a log are counted and left out - an unfinished last line is only left out") {
  const std::string good = "{\"iteration\":1,\"a\":1}\n";
  for (const std::string bad :
       {"{\"iteration\":2,\"a\":", "not JSON", "", "[1,2]", "7", "{\"a\":5}", "{\"iteration\":\"2\"}",
        "{\"iteration\":1,\"a\":5}", "{\"iteration\":0}", "\x80\xff", "{\"iteration\":2.5}", "{\"iteration\":1e300}"}) {
    CAPTURE(bad);
    const LogTable table = table_of(good + bad + "\n{\"iteration\":3,\"a\":3}\n");
    CHECK(table.damaged_lines == 1);
    CHECK(table.iterations == Values{1, 3});
    CHECK(*table.find("a") == Values{1, 3});
  }
  const LogTable growing = table_of(good + "{\"iteration\":2,\"a\":2}\n{\"itera");
  CHECK(growing.damaged_lines == 0);
  CHECK(growing.iterations == Values{1, 2});
  CHECK(table_of(good + "{\"iteration\":2,\"a\":2}").iterations == Values{1, 2});  // whole, only the newline is missing
  CHECK(table_of(std::string("\0\0\n", 3)).damaged_lines == 1);
}

TEST_CASE("a log that is absent, empty or no file") {
  const TemporaryFolder folder;
  CHECK(!read_log_table(folder.path() / "none").is_there);
  CHECK(read_log_table(folder.path()).iterations.empty());
  const LogTable empty = table_of("");
  CHECK((empty.is_there && empty.iterations.empty() && empty.columns.empty()));
}

TEST_CASE("a log with far too many columns takes bounded memory") {
  std::string line = "{\"iteration\":1";
  for (int i = 0; i < 1000; ++i) line += ",\"c" + std::to_string(i) + "\":1";
  CHECK(table_of(line + "}\n").columns.size() <= 256);
}

TEST_CASE("alarms of lines in a row are one") {
  const LogTable table = table_of(
      "{\"iteration\":1,\"alarm\":\"\"}\n{\"iteration\":2,\"alarm\":\"few\"}\n{\"iteration\":3,\"alarm\":\"fewer\"}\n"
      "{\"iteration\":4,\"alarm\":\"\"}\n{\"iteration\":5,\"alarm\":\"alike\"}\n{\"iteration\":6}\n");
  REQUIRE(table.alarms.size() == 2);
  CHECK((table.alarms[0].first == 2 && table.alarms[0].last == 3 && table.alarms[0].text == "few"));
  CHECK((table.alarms[1].first == 5 && table.alarms[1].last == 5 && table.alarms[1].text == "alike"));
}

TEST_CASE("buckets: few points stay what they are") {
  const Values x = {0, 10, 20}, y = {1, NAN, 3};
  const std::vector<Bucket> buckets = into_buckets(x, y, 3);
  REQUIRE(buckets.size() == 3);
  CHECK((buckets[2].x == 20 && buckets[2].mean == 3 && buckets[2].low == 3 && buckets[2].high == 3));
  CHECK((buckets[1].x == 10 && is_nan(buckets[1].mean)));
  CHECK(into_buckets({}, {}, 3).empty());
}

TEST_CASE("buckets: many points become means with their lowest and highest values, and no point is lost") {
  constexpr std::size_t kPoints = 1003;
  Values x(kPoints), y(kPoints);
  std::iota(x.begin(), x.end(), 0.0);
  for (std::size_t i = 0; i < kPoints; ++i) y[i] = i == 500 ? 1000.0 : static_cast<double>(i % 2);
  const std::vector<Bucket> buckets = into_buckets(x, y, 100);
  REQUIRE(buckets.size() == 100);
  double points = 0;
  for (std::size_t b = 0; b < buckets.size(); ++b) {
    const std::size_t begin = b * kPoints / 100, end = (b + 1) * kPoints / 100;
    CHECK((end - begin == 10 || end - begin == 11));
    CHECK(std::abs(buckets[b].x - (static_cast<double>(begin + end) - 1) / 2) < 1e-9);
    CHECK(buckets[b].low == 0);
    CHECK(buckets[b].high == (500 >= begin && 500 < end ? 1000 : 1));
    points += buckets[b].mean * static_cast<double>(end - begin);
  }
  CHECK(std::abs(points - std::accumulate(y.begin(), y.end(), 0.0)) < 1e-6);
}

TEST_CASE("buckets: values that are not finite count for nothing - a bucket of nothing else is a gap") {
  const Values x = {0, 1, 2, 3}, y = {5, NAN, NAN, INFINITY};
  const std::vector<Bucket> buckets = into_buckets(x, y, 2);
  CHECK((buckets[0].mean == 5 && buckets[0].low == 5 && buckets[0].high == 5 && buckets[0].x == 0.5));
  CHECK((is_nan(buckets[1].mean) && is_nan(buckets[1].low) && buckets[1].x == 2.5));
}
