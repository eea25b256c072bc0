#include "files/new_folder.h"

#include <stdexcept>
#include <system_error>

#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"

namespace {

namespace fs = std::filesystem;
using duel::NewFolder;
using duel::test::TemporaryFolder;

}  // namespace

TEST_CASE("a new folder is there when it is kept, and nothing is before or without that") {
  const TemporaryFolder place;
  for (const char* name : {"a", "deep/er/b", "with slash/"}) {
    {
      const NewFolder dropped("--out", place.path() / name);
      duel::test::put(dropped.path() / "file", "x");
      CHECK(!fs::exists(place.path() / name));
    }
    NewFolder kept("--out", place.path() / name);
    CHECK(fs::is_empty(kept.path()));
    duel::test::put(kept.path() / "file", "x");
    kept.keep();
    CHECK(duel::test::get(place.path() / name / "file") == "x");
  }
  CHECK(place.names() == std::set<std::string>{"a", "deep", "with slash"});
}

TEST_CASE("a new folder takes the place of an empty one, and of nothing else") {
  const TemporaryFolder place;
  fs::create_directory(place.path() / "empty");
  place.write("full/file", "x");
  place.write("file", "x");
  fs::create_symlink("nowhere", place.path() / "link");
  NewFolder empty("--out", place.path() / "empty");
  empty.keep();
  for (const char* name : {"full", "file", "link"}) {
    CHECK_THROWS_AS(NewFolder("--out", place.path() / name), std::invalid_argument);
  }
  CHECK_THROWS_AS(NewFolder("--out", place.path() / "file/inner"), std::system_error);
  NewFolder late("--out", place.path() / "late");
  place.write("late/file", "of another");
  CHECK_THROWS_AS(late.keep(), std::invalid_argument);
  CHECK(place.read("late/file") == "of another");
}
