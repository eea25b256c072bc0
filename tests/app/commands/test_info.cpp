// `info`: what the program says of itself.
#include <nlohmann/json.hpp>

#include "app/commands/info.h"
#include "app/settings/training_program.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "files/optional_packages.h"
#include "tests/app/workplace.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::test::contains;

}  // namespace

TEST_CASE("info says version, build, device, libraries, kernels and where images are") {
  test::Workplace place;
  InfoOptions options = defaults_of<InfoOptions>(mnist_gan());
  options.threads = 1;
  options.format = duel::ResultFormat::json;
  CHECK(info(options) == ExitCode::ok);
  const auto json = nlohmann::json::parse(place.out.str());
  CHECK(json["program"] == "mnist_gan");
  CHECK(json["version"] == DUEL_VERSION);
  CHECK(json["device"]["error"].is_null());
  CHECK(json["libraries"].size() == duel::optional_packages().size());
  CHECK(json["chosen"][0]["op"] == "batch_inputs");
  CHECK(contains(json["build"]["command"].get<std::string>(), "-std="));
  CHECK(!json["data"].empty());

  const std::string as_json = place.out.str();
  place.out.str("");
  options.format = duel::ResultFormat::csv;
  CHECK(info(options) == ExitCode::ok);
  CHECK(place.out.str().starts_with("name,value\nprogram,mnist_gan\nversion," DUEL_VERSION "\nbuild/device,"));
  CHECK(contains(place.out.str(), "\nchosen/0/op,batch_inputs\n"));

  place.out.str("");
  options.json = true;  // the older spelling
  CHECK(info(options) == ExitCode::ok);
  CHECK(place.out.str() == as_json);

  place.out.str("");
  options.json = false;
  options.format = duel::ResultFormat::table;
  CHECK(info(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "\ndevice      c"));
  CHECK(contains(place.out.str(), "  end_iteration         one_thread (preferred)\n"));
}

TEST_CASE("info tells of a device that is missing, and goes on") {
  test::Workplace place;
  InfoOptions options = defaults_of<InfoOptions>(mnist_gan());
#ifdef DUEL_CPU_DEVICE
  options.device = "cuda";
#else
  options.device = "cpu";
#endif
  CHECK(info(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "\ndevice      none: "));
}
