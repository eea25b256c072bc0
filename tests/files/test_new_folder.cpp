#include "files/new_folder.h"

#include <signal.h>

#include <stdexcept>
#include <system_error>

#include "tests/files/child.h"
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

TEST_CASE("an empty folder behind a link, and the current one, are filled") {
  const TemporaryFolder place;
  fs::create_directory(place.path() / "empty");
  fs::create_symlink("empty", place.path() / "link");
  NewFolder linked("--out", place.path() / "link");
  duel::test::put(linked.path() / "file", "x");
  linked.keep();
  CHECK(place.read("empty/file") == "x");
  CHECK(fs::is_symlink(place.path() / "link"));

  const fs::path current = fs::current_path();
  fs::create_directory(place.path() / "here");
  for (const char* name : {".", "./", "../here"}) {
    CAPTURE(name);
    fs::current_path(place.path() / "here");
    { const NewFolder dropped("--out", name); }
    CHECK(fs::is_empty("."));
    NewFolder here("--out", name);
    duel::test::put(here.path() / "file", "y");
    here.keep();
    CHECK(duel::test::get("file") == "y");  // so the folder is the same
    CHECK(std::distance(fs::directory_iterator("."), fs::directory_iterator()) == 1);
    CHECK_THROWS_AS(NewFolder("--out", name), std::invalid_argument);
    fs::remove("file");
  }
  fs::current_path(current);
  CHECK(place.names() == std::set<std::string>{"empty", "here", "link"});
}

TEST_CASE("a signal that ends the process leaves nothing of a new folder") {
  const TemporaryFolder place;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const int code = duel::test::exit_code_of_child([&] {
      ::signal(signal, SIG_DFL);  // the tests' own handler would take it
      const NewFolder folder("--out", place.path() / "a");
      duel::test::put(folder.path() / "file", "x");
      ::kill(::getpid(), signal);
      for (;;) ::pause();
      return 0;
    });
    CHECK(code == 128 + signal);
    CHECK(place.names().empty());
  }
  CHECK(duel::test::exit_code_of_child([&] {  // kept: the signal ends it, and removes nothing
          ::signal(SIGTERM, SIG_DFL);
          NewFolder folder("--out", place.path() / "a");
          duel::test::put(folder.path() / "file", "x");
          folder.keep();
          ::raise(SIGTERM);
          return 0;
        }) == 128 + SIGTERM);
  CHECK(place.read("a/file") == "x");
}
