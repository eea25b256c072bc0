// The kernels of an iteration as text and as a picture.
#include "app/report/iteration_drawing.h"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "app/report/iteration_text.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/tasks/hazards.h"
#include "tests/app/report/xml_fault.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/support/text.h"

namespace duel::app {
namespace {

using duel::test::contains;
using duel::test::count_of;

PlannedIteration planned(const TrainingConfig& config) {
  return plan_iteration(config, {}, 60000);
}

PlannedIteration script() {
  return planned(preset(mnist_gan(), "blog").training);
}

/// Lines that pass a level: through none of its boxes, no two of them in one place, all within the picture.
std::string fault_of_passing_lines(const std::string& svg) {
  const auto matches = [&svg](const char* pattern) {
    const std::regex expression(pattern);
    return std::vector<std::smatch>(std::sregex_iterator(svg.begin(), svg.end(), expression), std::sregex_iterator());
  };
  const double width = std::stod(matches(R"re(viewBox="0 0 (\d+))re").at(0)[1]);
  const auto boxes = matches(R"re(<rect class="\w+" x="([\d.]+)" y="([\d.]+)" width="196")re");
  std::set<std::pair<std::string, std::string>> taken;
  for (const std::smatch& line : matches(R"re((-?[\d.]+) (-?[\d.]+)V)re")) {
    const double x = std::stod(line[1]);
    if (x < 50 || x > width - 10) return "outside at x " + line.str(1);
    if (!taken.emplace(line[1], line[2]).second) return "two lines at x " + line.str(1) + ", y " + line.str(2);
    for (const std::smatch& box : boxes) {
      const double left = std::stod(box[1]);
      if (box[2] == line[2] && x > left - 1 && x < left + 197) return "through a box at x " + line.str(1);
    }
  }
  return taken.empty() ? "no line passes a level" : "";
}

TEST_CASE("iteration: each task has a line with its kernel, its work and what it waits for") {
  const PlannedIteration iteration = script();
  CHECK(kernels_text(iteration).starts_with("16 an iteration, "));
  std::istringstream text(iteration_text(iteration));
  std::string update, backward;
  std::size_t lines = 0;
  for (std::string line; std::getline(text, line); ++lines) {
    CHECK(line.size() <= 108);  // 100 but for a long name
    if (contains(line, "update layer 4")) update = line;
    if (contains(line, "forward layer 3")) backward = line;
  }
  CHECK(lines >= iteration.list.tasks().size() + 3);
  CAPTURE(update, backward);
  CHECK(contains(update, "  12b "));
  CHECK(contains(update, "update layer 4, G 1024 -> 784 "));
  CHECK(contains(update, " 112.39 "));  // 2 * 64 * 1024 * 784 and twelve operations for each weight
  CHECK(contains(update, " 11a weight (read)"));
  CHECK(contains(backward, "forward layer 3, G 512 -> 1024 "));
  CHECK(contains(backward, " 67.11 "));
  CHECK(contains(backward, " 4 input"));
}

TEST_CASE("iteration: the drawing has a box for each task and an arrow for each wait, whatever is trained") {
  std::vector<TrainingConfig> configs;
  for (const char* const name : {"blog", "default", "paper"}) configs.push_back(preset(mnist_gan(), name).training);
  configs.push_back(configs[0]);
  configs.back().discriminator_steps = 3;
  configs.push_back(configs[0]);
  configs.back().order = UpdateOrder::discriminator_first;
  configs.push_back(configs[0]);
  configs.back().step = StepKind::plain;
  configs.push_back(configs.back());
  configs.back().discriminator_steps = 3;
  for (const TrainingConfig& config : configs) {
    const PlannedIteration iteration = planned(config);
    std::size_t arrows = 0;
    for (const auto& waits : direct_waits_of(iteration.list)) arrows += waits.size();
    const std::size_t boxes = iteration.list.tasks().size();
    CAPTURE(boxes, arrows);
    const std::string svg = draw(iteration, DrawingForm::svg);
    CHECK(svg.starts_with(beginning_of(DrawingForm::svg)));
    CHECK(test::xml_fault(svg).empty());
    CHECK(fault_of_passing_lines(svg) == "");
    CHECK(count_of(svg, "<rect ") == boxes + 3);  // and the legend's
    CHECK(count_of(svg, "marker-end=") == arrows);
    CHECK(count_of(svg, "class=\"number\"") == iteration.levels.size());
    const std::string dot = draw(iteration, DrawingForm::dot);
    CHECK(dot.starts_with(beginning_of(DrawingForm::dot)));
    CHECK(count_of(dot, "fillcolor=") == boxes);
    CHECK(count_of(dot, " -> \"") == arrows);
    CHECK(count_of(dot, "{") == count_of(dot, "}"));
  }
}

TEST_CASE("iteration: the picture in the documents is what --levels draws") {
  const std::string drawn = duel::test::content_of(DUEL_SOURCE_FOLDER "/docs/images/levels.svg");
  INFO("mnist_gan train --preset blog --dry-run --levels docs/images/levels.svg, where MNIST or Fashion-MNIST is");
  CHECK((drawn == draw(script(), DrawingForm::svg)));
}

TEST_CASE("iteration: a drawing's form is the ending of its file") {
  CHECK(form_of("a.b/levels.svg") == DrawingForm::svg);
  CHECK(form_of("levels.dot") == DrawingForm::dot);
  CHECK_THROWS_WITH(form_of("levels.png"), "expected a file that ends in .svg or .dot, found 'levels.png'");
}

}  // namespace
}  // namespace duel::app
