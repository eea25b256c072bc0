#include "kernels/external/library_build.h"

#include <sys/stat.h>

#include <algorithm>

#include "kernels/external/command.h"
#include "kernels/external/dependencies.h"
#include "kernels/external/library_seal.h"
#include "kernels/external/sha256.h"
#include "tests/files/child.h"
#include "tests/kernels/external/kernel_files.h"

namespace duel::test {
namespace {

namespace fs = std::filesystem;

// Digests of FIPS 180-4's examples, and around the end of a block as sha256sum prints them.
TEST_CASE("sha256: published digests") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(55, 'a')) == "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  CHECK(sha256(std::string(64, 'a')) == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
  CHECK(sha256(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("the inputs of a make rule") {
  CHECK(inputs_of("kernels.o: /a/my.cu \\\n  /b\\ c/x.h /d$$/\\#y.h\n") ==
        std::vector<fs::path>{"/a/my.cu", "/b c/x.h", "/d$/#y.h"});
  CHECK(inputs_of("kernels.o : /a/my.cu\n") == std::vector<fs::path>{"/a/my.cu"});
  CHECK(inputs_of("kernels.o: x.h") == std::vector<fs::path>{fs::absolute("x.h")});
}

TEST_CASE("a command's output and success") {
  const KernelFiles files;
  const CommandResult good = run_command({"sh", "-c", "echo one; echo two >&2; cat"}, files.path("log"));
  CHECK(good.succeeded);
  CHECK(good.output == "one\ntwo\n");
  const CommandResult bad = run_command({"sh", "-c", "echo three; exit 3"}, files.path("log"));
  CHECK(!bad.succeeded);
  CHECK(bad.output == "three\n");
  const CommandResult none = run_command({"no-such-program-of-duel"}, files.path("log"));
  CHECK(!none.succeeded);
  CHECK(contains(none.output, "no-such-program-of-duel"));
  CHECK(shell_text({"cc", "-DX=\"a b\"", "it's", ""}) == "cc '-DX=\"a b\"' 'it'\\''s' ''");
}

TEST_CASE("a hash of headers knows names and contents, and nothing else") {
  const KernelFiles files;
  fs::create_directories(files.path("kernels/op"));
  CHECK_THROWS_AS(hash_headers(files.path("")), KernelFileError);
  files.write("kernels/op/a.h", "1");
  const std::string first = hash_headers(files.path(""));
  files.write("kernels/op/a.cu", "1");
  CHECK(hash_headers(files.path("")) == first);
  files.write("kernels/op/a.h", "2");
  const std::string second = hash_headers(files.path(""));
  CHECK(second != first);
  files.write("kernels/op/a.h", "1");
  CHECK(hash_headers(files.path("")) == first);
  fs::rename(files.path("kernels/op/a.h"), files.path("kernels/op/b.cuh"));
  CHECK(hash_headers(files.path("")) != first);
}

TEST_CASE("a library is compiled once for the same file, headers and build") {
  KernelFiles files;
  fs::create_directories(files.path("cache/duel/external/build." + dead_process() + "-0.tmp"));  // of a killed one
  files.write("values.h", "inline int value() { return 1; }\n");
  const fs::path file = files.write("with a space.cu", "#include \"values.h\"\nint twice() { return 2 * value(); }\n");
  const BuiltLibrary first = build_library(file, files.messages);
  CHECK(first.is_compiled);
  CHECK(files.messages.str().starts_with("compiling " + file.string() + "\n"));
  const auto time = fs::last_write_time(first.path);

  const BuiltLibrary again = build_library(file, files.messages);
  CHECK(!again.is_compiled);
  CHECK(again.path == first.path);
  CHECK(fs::last_write_time(again.path) == time);

  files.write("values.h", "inline int value() { return 3; }\n");
  const BuiltLibrary other = build_library(file, files.messages);
  CHECK(other.is_compiled);
  CHECK(other.path != first.path);

  files.write("values.h", "inline int value() { return 1; }\n");
  CHECK(build_library(file, files.messages).path == first.path);  // still there
  fs::remove(first.path);
  CHECK(build_library(file, files.messages).is_compiled);

  const auto entries = fs::directory_iterator(files.path("cache/duel/external"));
  CHECK(std::none_of(begin(entries), end(entries), [](const auto& entry) { return entry.is_directory(); }));
}

TEST_CASE("a library in the cache that is damaged is compiled again") {
  KernelFiles files;
  const fs::path file = files.write("k.cu", "int one() { return 1; }\n");
  const fs::path library = build_library(file, files.messages).path;
  const std::string good = content_of(library);
  std::ofstream(library, std::ios::binary) << good.substr(0, good.size() / 2);
  files.messages.str("");
  const BuiltLibrary again = build_library(file, files.messages);
  CHECK(again.is_compiled);
  CHECK(again.path == library);
  CHECK(contains(files.messages.str(), library.string() + " is damaged and is made again\n"));
  CHECK(is_sealed_library(content_of(library)));
  // The list of what the compiler read, cut off: other inputs, so another library.
  const fs::path inputs = files.path("cache/duel/external") / (sha256(kernel_abi() + "\n" + file.string()) + ".inputs");
  const std::string list = content_of(inputs);
  std::ofstream(inputs, std::ios::binary) << list.substr(0, list.size() / 2);
  CHECK(build_library(file, files.messages).is_compiled);
  CHECK(!build_library(file, files.messages).is_compiled);
}

TEST_CASE("where the cache takes nothing, a library is compiled every time, and why is said") {
  KernelFiles files;
  const fs::path file = files.write("k.cu", "int one() { return 1; }\n");
  const auto require_unkept = [&](const std::string& reason) {
    files.messages.str("");
    BuiltLibrary built = build_library(file, files.messages);
    CHECK(built.is_compiled);
    CHECK(contains(files.messages.str(), reason));
    CHECK(fs::file_size(built.path) > 0);
    built.folder.reset();
    CHECK(!fs::exists(built.path));
  };
  const fs::path library = build_library(file, files.messages).path;
  fs::remove(library);
  fs::create_directories(library / "in its place");
  const fs::path inputs = files.path("cache/duel/external") / (sha256(kernel_abi() + "\n" + file.string()) + ".inputs");
  fs::remove(inputs);
  REQUIRE(mkfifo(inputs.c_str(), 0600) == 0);  // nothing waits for a pipe's writer
  require_unkept("the compiled kernel file is not kept for the next time: cannot write '" + library.string());
  fs::remove_all(files.path("cache"));
  files.write("cache", "a file in its place");
  require_unkept("compiled kernel files are not kept: ");
}

TEST_CASE("a library's seal notices every flipped bit and every cut") {
  const std::string good = sealed_library("some bytes");
  CHECK(is_sealed_library(good));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string damaged = good;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    CHECK(!is_sealed_library(damaged));
  }
  for (std::size_t length = 0; length < good.size(); ++length) CHECK(!is_sealed_library(good.substr(0, length)));
}

TEST_CASE("paths with odd characters are compiled, once") {
  KernelFiles files;
  for (const std::string name : {"a, it's \"quoted\" $HOME #1.cu", "-o \xff\xfe.cu"}) {
    CAPTURE(name);
    const fs::path file = files.write(name, "int one() { return 1; }\n");
    CHECK(build_library(file, files.messages).is_compiled);
    CHECK(!build_library(file, files.messages).is_compiled);
  }
  const fs::path broken = files.write("a\nb.cu", "int one() { return 1; }\n");
  CHECK_THROWS_AS(build_library(broken, files.messages), KernelFileError);
}

TEST_CASE("what the compiler says is shown, with its command") {
  KernelFiles files;
  const fs::path bad = files.write("bad.cu", "int f() { return undeclared_name; }\n");
  try {
    build_library(bad, files.messages);
    FAIL("expected KernelFileError");
  } catch (const KernelFileError& error) {
    CHECK(contains(error.what(), bad.string() + " was not compiled"));
    CHECK(contains(error.what(), "undeclared_name"));
    CHECK(contains(error.what(), " -c -o "));
  }
  build_library(files.write("warned.cu", "int f(int x) { int unused = x; return 0; }\n"), files.messages);
  CHECK(contains(files.messages.str(), "unused"));
}

}  // namespace
}  // namespace duel::test
