// `export`: the file that it writes.
#include "app/commands/export.h"

#include "app/export/explorer.h"
#include "tests/app/commands/drawing.h"

using namespace duel::app;
using namespace duel::app::test;

TEST_CASE("export: a page that held something else is replaced, and standard error says so") {
  Workplace place;
  ExportOptions options = drawing<ExportOptions>(place, train_a_little(place));
  options.format = ExportFormat::html;
  options.out = place.path() / "page.html";
  place.error.str("");
  REQUIRE(export_networks(options) == duel::app::ExitCode::ok);
  REQUIRE(export_networks(options) == duel::app::ExitCode::ok);  // the same page
  CHECK(place.error.str().empty());
  std::ofstream(options.out, std::ios::app) << "<!-- by hand -->";
  REQUIRE(export_networks(options) == duel::app::ExitCode::ok);
  CHECK(contains(place.error.str(), "page.html' held something else of this kind and is replaced"));
  CHECK(!contains(content_of(options.out), "by hand"));
  std::ofstream(options.out) << "notes";
  CHECK_THROWS_AS(export_networks(options), std::invalid_argument);
  CHECK(content_of(options.out) == "notes");
}
