// What a command says that needs a library which the build is without.
#include <stdexcept>

#include "duel_has.h"
#include "files/optional_packages.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

using duel::optional_packages;
using duel::test::contains;

TEST_CASE("optional libraries are listed as the build has them") {
  bool jpeg = false;
  for (const duel::OptionalPackage& package : optional_packages()) {
    CAPTURE(package.name);
    CHECK(!package.packages.empty());
    CHECK(!package.purpose.empty());
    if (package.name == "JPEG") jpeg = package.built_in;
  }
  CHECK(jpeg == (DUEL_HAS_JPEG != 0));
}

TEST_CASE("a command without its library names what is missing, the package, and how to build again") {
  const std::string text = duel::without_package("data fetch", "CURL");
  CHECK(contains(text, "data fetch needs a library that this build is without (DUEL_WITH_CURL)"));
  CHECK(contains(text, "apt-get install libcurl4-openssl-dev"));
  CHECK(contains(text, "tools/build.sh c"));
  CHECK_THROWS_AS(duel::without_package("data fetch", "curl"), std::logic_error);
}
