#include "files/arguments.h"

#include <stdexcept>

#include "tests/support/catch.h"

namespace {

using duel::refuse_empty_values;
using Arguments = std::vector<std::string>;

}  // namespace

TEST_CASE("arguments without empty values stay as they are") {
  for (const Arguments& arguments : {Arguments{}, Arguments{"train", "--data", "a", "--quiet"},
                                     Arguments{"--lr=0", "--a==", "x="}, Arguments{"", "train", ""}}) {
    CHECK(refuse_empty_values(arguments) == arguments);
  }
}

TEST_CASE("an empty value is refused with its option's name, in both spellings") {
  for (const Arguments& arguments : {Arguments{"train", "--data", "", "--quiet"}, Arguments{"train", "--data=", "x"},
                                     Arguments{"--threads", "1", "--data="}}) {
    CHECK_THROWS_WITH(refuse_empty_values(arguments),
                      Catch::StartsWith("--data: expected a value, found an empty one"));
  }
}

TEST_CASE("an empty value that means something is the option's own") {
  const auto is_kernel = [](const std::string& option) { return option == "--kernel"; };
  CHECK(refuse_empty_values({"--kernel=", "--quiet"}, is_kernel) == Arguments{"--kernel", "", "--quiet"});
  CHECK_THROWS_AS(refuse_empty_values({"--kernel=", "--out", ""}, is_kernel), std::invalid_argument);
}
