// What a user names is written to and never destroyed, and what cannot be written is known before the work.
#include "files/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <functional>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include "files/program.h"
#include "tests/files/child.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace duel::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kNoPatience{0};

constexpr const char* kEarlier = "result ";  // with which earlier outputs begin

void write_to(const fs::path& file, const std::string& text) {
  OutputFile output("--json", file, kEarlier);
  output.write(text);
}

/// The message of the std::invalid_argument; empty where the name is accepted.
std::string refusal(const fs::path& file) {
  return thrown_message<std::invalid_argument>([&] { OutputFile("--json", file, kEarlier, kNoPatience); });
}

std::error_code failure(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::system_error& error) {
    return error.code();
  }
  return {};
}

/// A descriptor as the shell hands one to a program.
int open_as_shell_does(const fs::path& file, int flags) {
  return open(file.c_str(), flags, 0600);
}

fs::path descriptor_file(int number) {
  return "/dev/fd/" + std::to_string(number);
}

TEST_CASE("output file: no name, no file") {
  const OutputFile output("--json", "", kEarlier);
  CHECK(!output.is_named());
  output.keep_apart_from({"/"});
}

TEST_CASE("output file: a new one is there when it is written, an old one until then") {
  const TemporaryFolder folder;
  put(folder / "old", "result of then");
  OutputFile fresh("--json", folder / "new", kEarlier), again("--json", folder / "old", kEarlier);
  CHECK(folder.names() == std::set<std::string>{"old"});
  fresh.write("text");
  again.write("text");
  CHECK(get(folder / "new") == "text");
  CHECK(get(folder / "old") == "text");
  CHECK(folder.names() == std::set<std::string>{"new", "old"});
}

TEST_CASE("output file: symbolic links stay and are written through") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "far");
  put(folder / "far/target", "result, old");
  fs::create_symlink("far/target", folder / "link");
  fs::create_symlink("link", folder / "link to link");
  fs::create_symlink(folder / "far/made", folder / "dangling");
  write_to(folder / "link to link", "new");
  write_to(folder / "dangling", "made");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::is_symlink(folder / "link to link"));
  CHECK(fs::is_symlink(folder / "dangling"));
  CHECK(get(folder / "far/target") == "new");
  CHECK(get(folder / "far/made") == "made");
}

TEST_CASE("output file: a file that would be lost is refused, an empty one and an earlier result are replaced") {
  const TemporaryFolder folder;
  const std::string foreign[] = {"resul", "weights", " ", "x result ", std::string("\0result ", 8), "{}"};
  for (const std::string& content : foreign) {
    CAPTURE(content);
    put(folder / "file", content);
    fs::create_hard_link(folder / "file", folder / "hard");
    fs::create_symlink("hard", folder / "link");
    for (const char* name : {"file", "hard", "link"}) {
      CHECK(contains(refusal(folder / name), "neither empty nor an earlier result of this command"));
      CHECK(get(folder / name) == content);
    }
    for (const char* name : {"link", "hard"}) fs::remove(folder / name);
  }
  for (const char* content : {"", "result of then", "\nre sult\tof then"}) {
    put(folder / "file", content);
    write_to(folder / "file", "result");
    CHECK(get(folder / "file") == "result");
  }
  // Without a beginning nothing is recognised.
  CHECK_THROWS_AS(OutputFile("output", folder / "file", ""), std::invalid_argument);
  put(folder / "file", "");
  OutputFile("output", folder / "file", "").write("text");
  CHECK(get(folder / "file") == "text");
}

TEST_CASE("output file: what appears during the work is not lost either") {
  const TemporaryFolder folder;
  OutputFile output("--json", folder / "file", kEarlier);
  put(folder / "file", "somebody's");
  CHECK(failure([&] { output.write("text"); }) == std::errc::file_exists);
  CHECK(get(folder / "file") == "somebody's");
  put(folder / "file", "result of another process");
  output.write("result");
  CHECK(get(folder / "file") == "result");
}

TEST_CASE("output file: names that no file can have are refused") {
  const TemporaryFolder folder;
  put(folder / "file", "");
  fs::create_symlink("loop", folder / "loop");
  fs::create_symlink("missing/x", folder / "to nowhere");
  CHECK(contains(refusal(folder / "missing/x"), "the folder " + (folder / "missing").string() + " does not exist"));
  CHECK(contains(refusal(folder / "to nowhere"), "does not exist"));
  CHECK(contains(refusal(folder.path()), "a folder"));
  CHECK(contains(refusal(folder / "new/"), "--json: '"));
  CHECK(contains(refusal(folder / "file/x"), "Not a directory"));
  CHECK(contains(refusal(folder / "loop"), "a loop of symbolic links"));
  CHECK(contains(refusal(folder / std::string(300, 'n')), "File name too long"));
  CHECK(contains(refusal("/dev/fd/987"), "descriptor 987, which is not open for writing"));
  CHECK(folder.names() == std::set<std::string>{"file", "loop", "to nowhere"});
}

TEST_CASE("output file: what the system refuses is an error before the work") {
  const auto code_of = [](const fs::path& file) {
    return failure([&] { OutputFile("--json", file, "", kNoPatience); });
  };
  CHECK(code_of("/proc/x.json") == std::errc::no_such_file_or_directory);
  const TemporaryFolder folder;
  put(folder / "read-only", "old");
  fs::permissions(folder / "read-only", static_cast<fs::perms>(0444));
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", static_cast<fs::perms>(0555));
  REQUIRE(chmod(folder.path().c_str(), 0777) == 0);
  const bool is_root = geteuid() == 0;  // whom permissions do not bind: act as nobody for a moment
  if (is_root && seteuid(65534) != 0) return;
  const std::error_code file = code_of(folder / "read-only"), place = code_of(folder / "closed/x");
  if (is_root) REQUIRE(seteuid(0) == 0);
  CHECK(file == std::errc::permission_denied);
  CHECK(place == std::errc::permission_denied);
  CHECK(get(folder / "read-only") == "old");
}

TEST_CASE("output file: devices are written to") {
  struct stat before {
  }, after{};
  REQUIRE(stat("/dev/null", &before) == 0);
  write_to("/dev/null", "text");
  REQUIRE(stat("/dev/null", &after) == 0);
  CHECK(S_ISCHR(after.st_mode));
  CHECK(before.st_ino == after.st_ino);
  CHECK(failure([] { write_to("/dev/full", "text"); }) == std::errc::no_space_on_device);
}

TEST_CASE("output file: a named pipe is written to, also where its reader comes later") {
  const TemporaryFolder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  std::string received;
  std::thread reader([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    std::ifstream pipe(folder / "pipe", std::ios::binary);
    received.assign(std::istreambuf_iterator<char>(pipe), {});
  });
  const std::string text(300'000, 'x');  // more than a pipe holds
  write_to(folder / "pipe", text);
  reader.join();
  CHECK(received == text);
  CHECK(fs::is_fifo(folder / "pipe"));
}

TEST_CASE("output file: a named pipe that nobody reads is an error, not a wait without end") {
  const TemporaryFolder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const fs::path pipe = folder / "pipe";
  CHECK(failure([&] { OutputFile("--json", pipe, "", kNoPatience); }) == std::errc::no_such_device_or_address);
  CHECK(exit_code_of_child([&] {
          return run_program("name", [&] {
            const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
            OutputFile output("--json", pipe, "");
            close(reader);
            return failure([&] { output.write("text"); }) == std::errc::broken_pipe ? 0 : 1;
          });
        }) == 0);
}

TEST_CASE("output file: descriptors of the shell are written to, with what they have") {
  const TemporaryFolder folder;
  const int file = open_as_shell_does(folder / "log", O_WRONLY | O_CREAT | O_APPEND);
  REQUIRE(write(file, "before ", 7) == 7);
  write_to(descriptor_file(file), "json ");
  REQUIRE(write(file, "after", 5) == 5);
  CHECK(get(folder / "log") == "before json after");
  close(file);

  int ends[2];
  REQUIRE(pipe(ends) == 0);
  write_to("/proc/self/fd/" + std::to_string(ends[1]), "text");
  char text[5] = {};
  CHECK(read(ends[0], text, sizeof text) == 4);
  CHECK(std::string(text) == "text");
  CHECK(contains(refusal(descriptor_file(ends[0])), "not open for writing"));
  close(ends[0]);
  close(ends[1]);

  const int own = open((folder / "log").c_str(), O_WRONLY | O_CLOEXEC);
  CHECK(contains(refusal(descriptor_file(own)), "not open for writing"));
  close(own);
}

TEST_CASE("output file: /dev/stdout is what standard output goes to, its file by name is not") {
  const TemporaryFolder folder;
  std::cout.flush();
  const int code = exit_code_of_child([&] {
    close(STDOUT_FILENO);
    if (open_as_shell_does(folder / "out", O_WRONLY | O_CREAT) != STDOUT_FILENO) return 1;
    std::cout << "table ";
    OutputFile output("--json", "/dev/stdout", "");
    std::cout.flush();
    output.write("json");
    return contains(refusal(folder / "out"), "the file that standard output goes to") ? 0 : 2;
  });
  CHECK(code == 0);
  CHECK(get(folder / "out") == "table json");
}

TEST_CASE("output file: a file that the command reads is refused by whatever name") {
  const TemporaryFolder folder;
  put(folder / "checkpoint", "result");
  put(folder / "other", "");
  fs::create_symlink("checkpoint", folder / "link");
  fs::create_hard_link(folder / "checkpoint", folder / "hard");
  const int descriptor = open_as_shell_does(folder / "checkpoint", O_WRONLY | O_APPEND);
  const std::vector<fs::path> inputs = {folder / "missing", folder / "link"};
  for (const fs::path& name : {folder / "checkpoint", folder / "link", folder / "hard", descriptor_file(descriptor)}) {
    CAPTURE(name);
    const OutputFile output("--json", name, kEarlier);
    try {
      output.keep_apart_from(inputs);
      FAIL("expected a refusal");
    } catch (const std::invalid_argument& error) {
      CHECK(contains(error.what(), (folder / "link").string() + ", which this command reads"));
    }
  }
  close(descriptor);
  OutputFile("--json", folder / "other", "").keep_apart_from(inputs);
  OutputFile("--json", folder / "missing", "").keep_apart_from(inputs);
  OutputFile("--json", "/dev/null", "").keep_apart_from({"/dev/null"});
  CHECK(get(folder / "checkpoint") == "result");
}

}  // namespace
}  // namespace duel::test
