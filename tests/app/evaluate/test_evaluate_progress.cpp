// What evaluate says while it measures: every part is announced, and their work adds up to what was said beforehand.
#include "app/evaluate/evaluate_progress.h"

#include <sstream>

#include "engine/quality/quality_work.h"
#include "engine/quality/self_test.h"
#include "tests/engine/quality/made_up.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::app;
using namespace duel::test;

TEST_CASE("evaluate progress: share and time left stand first") {
  CHECK(evaluate_progress_line(0, std::nullopt, "x, real images") == "0 %  x, real images");
  CHECK(evaluate_progress_line(0.379, 80, "y, seed 2 of a") == "37 %  eta 1m20s  y, seed 2 of a");
}

TEST_CASE("evaluate progress: where there is no terminal, a line now and then") {
  std::ostringstream out;
  double now = 0;
  EvaluateProgress progress(out, 10, [&] { return now; });
  progress.set_place("real images");
  progress.begin("classifying", 5);
  progress.begin("measuring", 5);  // too soon for another line
  CHECK(out.str() == "0 %  classifying, real images\n");
}

/// Adds up what is announced, and what is done of it.
struct Sum {
  double begun = 0, advanced = 0;
  int parts = 0;

  QualityProgress listener() {
    return {[this](const std::string&, double work) {
              begun += work;
              ++parts;
            },
            [this](double work) { advanced += work; }};
  }
};

TEST_CASE("evaluate progress: the parts of a meter have the work that was foreseen") {
  const ImageSet train = band_images(300, 1), test = band_images(100, 2);
  const ImageSet drawn = band_images(100, 3);
  const std::vector<float> samples = network_pixels(drawn);
  std::vector<std::set<Metric>> cases = {{all_metrics().begin(), all_metrics().end()}};
  for (const Metric metric : all_metrics()) cases.push_back({metric});
  for (const std::set<Metric>& metrics : cases) {
    CAPTURE(name_of(*metrics.begin()), metrics.size());
    Sum sum;
    const QualitySettings settings{.samples = 100, .metrics = metrics, .kernels = {}, .progress = sum.listener()};
    const QualityWork work(settings, train, test);
    const QualityMeter meter(train, test, classify_bands, settings);
    CHECK(sum.begun == Approx(work.preparation()));
    meter.measure_real();
    meter.measure(samples, drawn.labels);
    CHECK(sum.begun == Approx(work.preparation() + work.real() + work.samples()));
  }
}

TEST_CASE("evaluate progress: distances say how far they are") {
  const ImageSet train = band_images(300, 1), test = band_images(100, 2);
  Sum sum;
  const QualitySettings settings{
      .samples = 100, .metrics = {Metric::nearest_training}, .kernels = {}, .progress = sum.listener()};
  const QualityMeter meter(train, test, classify_bands, settings);
  CHECK(sum.advanced == 100.0 * 300 * kBandsPixels);
  CHECK(sum.parts == 1);
}

TEST_CASE("evaluate progress: the self-test's work is foreseen, but for sets that lack a class") {
  const ImageSet train = band_images(2000, 1), test = band_images(900, 2);
  Sum sum;
  const QualitySettings settings{.samples = 300, .metrics = {}, .kernels = {}, .progress = sum.listener()};
  quality_self_test(train, test, classify_bands, settings);
  const double foreseen = self_test_work(train, test, settings);
  CHECK(sum.begun <= foreseen);
  CHECK(sum.begun > 0.8 * foreseen);
}

}  // namespace
