// Axes and charts of the report.
#include <cmath>
#include <limits>

#include "app/report/chart.h"
#include "app/report/html.h"
#include "tests/app/report/xml_fault.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using duel::test::contains;
using duel::test::count_of;
using Values = std::vector<double>;

Curve curve(const Values& x, const Values& y) {
  return {"curve", "#123456", into_buckets(x, y, 100)};
}

/// The y coordinates of the first curve that is drawn.
Values heights(const std::string& html) {
  const std::size_t begin = html.find(" d=\"", html.find("class=\"curve\"")) + 4;
  const std::string path = html.substr(begin, html.find('"', begin) - begin);
  Values heights;
  for (std::size_t comma = path.find(','); comma != path.npos; comma = path.find(',', comma + 1)) {
    heights.push_back(std::stod(path.substr(comma + 1)));
  }
  return heights;
}

const double kNothing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("ticks are round, and lie within the axis") {
  CHECK(axis_between(0, 1, Scale::linear).ticks.size() == 6);  // 0, 0.2, ..., 1
  CHECK(axis_between(0, 187599, Scale::linear).ticks == Values{0, 50000, 100000, 150000});
  CHECK(axis_between(-1.4, -0.2, Scale::linear).ticks.size() == 7);
  CHECK(axis_between(1e-5, 1e-2, Scale::logarithmic).ticks.size() == 4);
  CHECK(axis_between(0.15, 1.2, Scale::logarithmic).ticks.size() == 3);  // 0.2, 0.5, 1
  for (const Scale scale : {Scale::linear, Scale::logarithmic}) {
    for (const auto& [low, high] :
         {std::pair{1e-9, 3e8}, {0.5, 0.50001}, {3.0, 4.0}, {1e-30, 1e30}, {7e11, 9e11}, {0.099, 0.101}}) {
      CAPTURE(low, high);
      const Axis axis = axis_between(low, high, scale);
      CHECK(axis.ticks.size() <= 9);
      for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
        CHECK((axis.position(axis.ticks[i]) > -1e-6 && axis.position(axis.ticks[i]) < 1 + 1e-6));
        if (i > 0) CHECK(axis.ticks[i] > axis.ticks[i - 1]);
      }
    }
  }
}

TEST_CASE("positions on an axis") {
  const Axis linear = axis_between(-1, 3, Scale::linear), logarithmic = axis_between(0.01, 100, Scale::logarithmic);
  CHECK(
      (linear.position(-1) == 0 && linear.position(3) == 1 && linear.position(1) == 0.5 && linear.position(5) == 1.5));
  CHECK(std::abs(logarithmic.position(1) - 0.5) < 1e-12);
  CHECK(!(logarithmic.position(0) >= 0));
}

TEST_CASE("an axis around values has space, also around one value, and whatever the values are") {
  const Axis axis = axis_around(0, 10, Scale::linear);
  CHECK((axis.low < 0 && axis.low > -1 && axis.high > 10 && axis.high < 11));
  const Axis logarithmic = axis_around(0.1, 10, Scale::logarithmic);
  CHECK((logarithmic.low < 0.1 && logarithmic.low > 0.01 && logarithmic.high > 10 && logarithmic.high < 100));
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Scale scale : {Scale::linear, Scale::logarithmic}) {
    for (const auto& [low, high] : {std::pair{2.0, 2.0},
                                    {0.0, 0.0},
                                    {-5.0, -5.0},
                                    {infinity, -infinity},
                                    {kNothing, kNothing},
                                    {0.0, 1.0},
                                    {1e-300, 1e-300}}) {
      CAPTURE(low, high);
      const Axis around = axis_around(low, high, scale);
      CHECK((std::isfinite(around.low) && std::isfinite(around.high) && around.low < around.high));
      CHECK(around.ticks.size() < 20);
    }
  }
}

TEST_CASE("the labels of an axis are in one style") {
  using Texts = std::vector<std::string>;
  const auto texts = [](double low, double high, Scale scale = Scale::linear) {
    return tick_texts(axis_between(low, high, scale));
  };
  CHECK(texts(0, 1) == Texts{"0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(texts(-0.12, 0.12) == Texts{"−0.10", "−0.05", "0", "0.05", "0.10"});
  CHECK(texts(0, 6000) == Texts{"0", "1,000", "2,000", "3,000", "4,000", "5,000", "6,000"});
  CHECK(texts(0, 187599) == Texts{"0", "50k", "100k", "150k"});
  CHECK(texts(0, 11000) == Texts{"0", "2k", "4k", "6k", "8k", "10k"});
  CHECK(texts(0, 2.4e6) == Texts{"0", "0.5M", "1.0M", "1.5M", "2.0M"});
  CHECK(texts(0, 5e-5) == Texts{"0", "10⁻⁵", "2·10⁻⁵", "3·10⁻⁵", "4·10⁻⁵", "5·10⁻⁵"});
  CHECK(texts(0, 4e11).back() == "4·10¹¹");
  CHECK(texts(0.001, 10, Scale::logarithmic) == Texts{"0.001", "0.01", "0.1", "1", "10"});
  CHECK(texts(1e-6, 1e-2, Scale::logarithmic) == Texts{"10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²"});
  CHECK(texts(1e-5, 5e-5, Scale::logarithmic) == Texts{"10⁻⁵", "2·10⁻⁵", "5·10⁻⁵"});
  CHECK(tick_texts({Scale::linear, 0.3, 0.4, {0.35}}) == Texts{"0.35"});
  CHECK(tick_texts({}).empty());
}

TEST_CASE("a chart shows its curves, levels and alarms, and every text is escaped") {
  const Chart chart{.title = "<T> & \"t\"",
                    .explanation = "a < b",
                    .unit = "u & v",
                    .range = {{0, 1}},
                    .curves = {{"<c>", "#123456", into_buckets(Values{0, 50, 100}, Values{0, 0.5, 1}, 9)}},
                    .levels = {{0.5, "half & half"}}};
  const Alarm alarms[] = {{20, 40, "<alarm>"}};
  const std::string html = chart_html(chart, 100, alarms);
  CHECK(xml_fault(html) == "");
  for (const char* part : {"&lt;T&gt; &amp; &quot;t&quot;", "a &lt; b", "u &amp; v", "&lt;c&gt; <b>1</b>",
                           "half &amp; half", "iteration 20: &lt;alarm&gt;", ">iteration<"}) {
    CAPTURE(part);
    CHECK(contains(html, part));
  }
  const Values y = heights(html);
  REQUIRE(y.size() == 3);
  CHECK((y[0] > y[1] && y[1] > y[2]));
  CHECK(std::abs(y[0] + y[2] - 2 * y[1]) < 0.11);
  CHECK(count_of(html, "<circle") == 3);
  CHECK(count_of(html, "class=\"alarm\"") == 1);
}

TEST_CASE("names of levels that lie close together do not lie on each other") {
  const auto heights_of_names = [](const std::vector<ChartLevel>& levels) {
    const std::string html = chart_html(Chart{.range = {{0, 10}}, .levels = levels}, 1, {});
    Values y;
    for (std::size_t at = html.find("level-name"); at != html.npos; at = html.find("level-name", at + 1)) {
      y.push_back(std::stod(html.substr(html.find("y=\"", at) + 3)));
    }
    return y;
  };
  const Values far = heights_of_names({{2, "low"}, {8, "high"}}), near = heights_of_names({{2, "a"}, {2.1, "b"}});
  REQUIRE((far.size() == 2 && near.size() == 2));
  CHECK(far[1] - far[0] > 100);
  CHECK(near[1] - near[0] > 12);
  CHECK(near[0] < far[1]);  // the upper one stays at its level, the lower one gives way
}

TEST_CASE("a curve breaks where numbers are missing, and at values that a logarithmic scale lacks") {
  const Values x = {0, 1, 2, 3, 4}, y = {1, 2, kNothing, 2, 1}, with_zero = {1, 2, 0, 2, 1};
  const auto moves = [](const std::string& html) {
    const std::size_t begin = html.find(" d=\"", html.find("class=\"curve\""));
    return count_of(html.substr(begin, html.find("/>", begin) - begin), "M");
  };
  CHECK(moves(chart_html(Chart{.curves = {curve(x, {1, 2, 3, 2, 1})}}, 4, {})) == 1);
  CHECK(moves(chart_html(Chart{.curves = {curve(x, y)}}, 4, {})) == 2);
  CHECK(moves(chart_html(Chart{.curves = {curve(x, with_zero)}}, 4, {})) == 1);
  CHECK(moves(chart_html(Chart{.scale = Scale::logarithmic, .curves = {curve(x, with_zero)}}, 4, {})) == 2);
  for (const std::string& html :
       {chart_html(Chart{.curves = {curve(x, Values(5, kNothing))}}, 4, {}), chart_html(Chart{}, 0, {}),
        chart_html(Chart{.scale = Scale::logarithmic, .curves = {curve({1}, {0})}}, 1, {})}) {
    CHECK(xml_fault(html) == "");
    CHECK(!contains(html, "class=\"curve\""));
    CHECK(!contains(html, "nan"));
    CHECK(!contains(html, "inf"));
  }
}

TEST_CASE("one outlier of a long curve does not flatten the rest, and does not leave the drawing") {
  Values x(10'000), y(10'000);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<double>(i);
    y[i] = i == 5000 ? 1e9 : static_cast<double>(i) / 1e4;
  }
  std::vector<Bucket> buckets = into_buckets(x, y, 100);
  buckets[50].mean = 0.5;  // the mean of a bucket is not what this is about
  const std::string html = chart_html(Chart{.curves = {{"c", "red", buckets}}}, 1e4, {});
  const Values heights_of_means = heights(html);
  CHECK(heights_of_means.front() - heights_of_means.back() > 200);
  CHECK(html.size() < 20'000);
  CHECK(!contains(html, "e+"));
}

TEST_CASE("shares lie one above the other") {
  const Values x = {0, 10};
  ShareChart chart{.title = "classes"};
  for (int i = 0; i < 4; ++i)
    chart.shares.push_back({std::to_string(i), "red", into_buckets(x, Values{0.25, 0.25}, 9)});
  const std::string html = chart_html(chart, 10, {});
  CHECK(xml_fault(html) == "");
  CHECK(count_of(html, "class=\"share\"") == 4);
  CHECK(count_of(html, "<b>25 %</b>") == 4);
  const auto upper_edge = [&html](std::size_t share) {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= share; ++i) at = html.find("class=\"share\"", at + 1);
    return std::stod(html.substr(html.find(',', html.find(" d=\"M", at)) + 1));
  };
  const double step = upper_edge(0) - upper_edge(1);
  CHECK(step > 50);
  for (std::size_t i = 1; i < 4; ++i) CHECK(std::abs(upper_edge(i - 1) - upper_edge(i) - step) < 0.21);
}
