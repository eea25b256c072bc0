#include "files/path_text.h"

#include <stdexcept>

#include "files/text.h"
#include "tests/support/catch.h"

namespace {

using duel::path_of_text;
using duel::path_text;

}  // namespace

TEST_CASE("a path comes back from its text, whatever its bytes are") {
  for (const std::string path :
       {"", "data", "/data", "a b ", " a", "~/x", "-", "--data", "a\"b'c\\d", "a\nb\tc\x01\x7f", "caf\u00e9", "%41",
        "a%", "#?&=", "./file:///x", "/\xff", "/caf\xe9/100% #1\n", "/\x80\xed\xa0\x80/~-._x"}) {
    const std::string text = path_text(path);
    CAPTURE(path, text);
    CHECK(duel::valid_utf8(text) == text);
    CHECK(path_of_text(text) == path);
    if (duel::valid_utf8(path) == path) CHECK(text == path);
  }
}

TEST_CASE("a path that is not UTF-8 is written as a file URL, a relative one as what it stands for") {
  CHECK(path_text("/caf\xe9/a b") == "file:///caf%E9/a%20b");
  CHECK(path_of_text(path_text("caf\xe9")) == std::filesystem::absolute("caf\xe9"));
  CHECK(path_text("file:///x") == "./file:///x");  // a folder called "file:"
}

TEST_CASE("a file URL is a path of this machine") {
  CHECK(path_of_text("file:///a%20b") == "/a b");
  for (const char* text : {"file://", "file://host/a", "file:///a%", "file:///a%4", "file:///a%zz", "file:///a%00"}) {
    CHECK_THROWS_AS(path_of_text(text), std::invalid_argument);
  }
}

TEST_CASE("a path for a shell is no option") {
  CHECK(duel::shell_path("-lead") == "./-lead");
  CHECK(duel::shell_path("--a b") == "'./--a b'");
  CHECK(duel::shell_path("/-a") == "/-a");
}
