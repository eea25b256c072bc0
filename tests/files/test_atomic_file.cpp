// Files that are whole, old or new, whatever fails.
#include "files/atomic_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <span>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/files/faults/file_faults.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/text.h"

namespace duel::test {
namespace {

namespace fs = std::filesystem;

/// Writes the parts as chunks and returns the error's code and message, or no error.
std::pair<std::error_code, std::string> write_parts(const fs::path& file, const std::vector<std::string>& parts) {
  std::vector<std::span<const std::byte>> chunks;
  for (const std::string& part : parts) chunks.push_back(std::as_bytes(std::span(part)));
  try {
    write_file_atomically(file, chunks);
  } catch (const std::system_error& error) {
    return {error.code(), error.what()};
  }
  return {};
}

/// write_parts() under injected faults.
std::pair<std::error_code, std::string> write_parts(const fs::path& file, const std::vector<std::string>& parts,
                                                    FileFaults faults) {
  faults.names = "write fsync rename";
  const InjectFileFaults injected(faults);
  return write_parts(file, parts);
}

TEST_CASE("atomic file: the chunks in a row replace the old file") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  CHECK(!write_parts(file, {"one", "", "two", std::string(100000, 'x')}).first);
  CHECK(get(file) == "onetwo" + std::string(100000, 'x'));
  CHECK(!write_parts(file, {"short"}).first);
  CHECK(get(file) == "short");
  CHECK(!write_parts(file, {}).first);
  CHECK(get(file).empty());
  CHECK(folder.names() == std::set<std::string>{"x"});
}

TEST_CASE("atomic file: a bare name goes to the current folder") {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  const auto result = write_parts("bare", {"text"});
  fs::current_path(before);
  CHECK(!result.first);
  CHECK(get(folder / "bare") == "text");
}

TEST_CASE("atomic file: the permissions are a new file's and a link is replaced") {
  const TemporaryFolder folder;
  const mode_t before = umask(027);
  const bool written = !write_parts(folder / "x", {"text"}).first;
  umask(before);
  REQUIRE(written);
  CHECK(fs::status(folder / "x").permissions() == static_cast<fs::perms>(0640));
  fs::create_symlink("x", folder / "link");
  REQUIRE(!write_parts(folder / "link", {"new"}).first);
  CHECK(!fs::is_symlink(folder / "link"));
  CHECK(get(folder / "link") == "new");
  CHECK(get(folder / "x") == "text");
}

TEST_CASE("atomic file: an old file's permissions stay") {
  const TemporaryFolder folder;
  put(folder / "x", "old");
  fs::permissions(folder / "x", static_cast<fs::perms>(0604));
  REQUIRE(!write_parts(folder / "x", {"new"}).first);
  CHECK(get(folder / "x") == "new");
  CHECK(fs::status(folder / "x").permissions() == static_cast<fs::perms>(0604));
}

TEST_CASE("atomic file: a name may be as long as the system takes") {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  REQUIRE(!write_parts(folder / name, {"text"}).first);
  CHECK(folder.names() == std::set<std::string>{name});
}

TEST_CASE("atomic file: trying leaves nothing behind and the old file alone") {
  const TemporaryFolder folder;
  put(folder / "x", "old");
  try_to_write_beside(folder / "x");
  try_to_write_beside(folder / "y");
  CHECK(folder.names() == std::set<std::string>{"x"});
  CHECK(get(folder / "x") == "old");
  CHECK_THROWS_AS(try_to_write_beside(folder / "missing/x"), std::system_error);
  CHECK_THROWS_AS(try_to_write_beside("/proc/x"), std::system_error);
}

TEST_CASE("atomic file: signals and short writes lose nothing") {
  const TemporaryFolder folder;
  FileFaults faults;
  faults.interrupts = true;
  faults.longest = 3;
  CHECK(!write_parts(folder / "x", {"0123456789", "abc", "defg"}, faults).first);
  CHECK(get(folder / "x") == "0123456789abcdefg");
}

TEST_CASE("atomic file: whichever call fails, the old file stands and no temporary stays") {
  const int error = GENERATE(ENOSPC, EIO, EDQUOT);
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  FileFaults faults;
  faults.error = error;
  constexpr int kCalls = 5;  // two writes, fsync, rename, fsync of the folder
  for (faults.failing_operation = 1; faults.failing_operation <= kCalls; ++faults.failing_operation) {
    CAPTURE(faults.failing_operation);
    put(file, "old");
    const auto [code, message] = write_parts(file, {"new", "er"}, faults);
    CHECK(code == std::error_code(error, std::generic_category()));
    CHECK(contains(message, file.string()));
    const bool renamed = faults.failing_operation == kCalls;
    CHECK(contains(message, renamed ? "the new file is in place" : "nothing has changed"));
    CHECK(get(file) == (renamed ? "newer" : "old"));
    CHECK(folder.names() == std::set<std::string>{"x"});
  }
  CHECK(!write_parts(file, {"new", "er"}, faults).first);
  CHECK(counted_operations() == kCalls);
}

TEST_CASE("atomic file: a write that takes no byte is an error, a folder without fsync is not") {
  const TemporaryFolder folder;
  put(folder / "x", "old");
  FileFaults faults;
  faults.longest = 0;
  CHECK(write_parts(folder / "x", {"new"}, faults).first == std::error_code(EIO, std::generic_category()));
  CHECK(get(folder / "x") == "old");
  faults = {};
  faults.error = EINVAL;
  faults.failing_operation = 4;  // write, fsync, rename, fsync of the folder
  CHECK(!write_parts(folder / "x", {"new"}, faults).first);
  CHECK(get(folder / "x") == "new");
  faults.failing_operation = 2;
  CHECK(write_parts(folder / "x", {"newer"}, faults).first == std::error_code(EINVAL, std::generic_category()));
  CHECK(get(folder / "x") == "new");
}

TEST_CASE("atomic file: the old file survives a real limit on size") {
  const TemporaryFolder folder;
  put(folder / "x", "old");
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto [code, message] = write_parts(folder / "x", {std::string(5000, 'n')});
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);

  CHECK(code == std::errc::file_too_large);
  CHECK(get(folder / "x") == "old");
  CHECK(folder.names() == std::set<std::string>{"x"});
}

TEST_CASE("atomic file: unusable places are errors that name the file") {
  const TemporaryFolder folder;
  put(folder / "file", "old");
  fs::create_directory(folder / "target");
  const auto refused = [&](const fs::path& file, std::errc expected) {
    const auto [code, message] = write_parts(file, {"new"});
    CAPTURE(file, message);
    CHECK(code == expected);
    CHECK(contains(message, file.string()));
  };
  refused(folder / "missing/x", std::errc::no_such_file_or_directory);
  refused(folder / "file/x", std::errc::not_a_directory);
  refused(folder / "target", std::errc::is_a_directory);
  refused(folder / std::string(300, 'n'), std::errc::filename_too_long);
  CHECK(get(folder / "file") == "old");
  CHECK(folder.names() == std::set<std::string>{"file", "target"});
  CHECK(fs::is_empty(folder / "target"));
}

TEST_CASE("atomic file: the old file survives an unwritable folder") {
  const TemporaryFolder folder;
  put(folder / "x", "old");
  fs::permissions(folder.path(), static_cast<fs::perms>(0555));
  // Permissions do not bind root: act as nobody for a moment.
  const bool is_root = geteuid() == 0;
  if (is_root && seteuid(65534) != 0) {
    WARN("root may write everywhere and cannot become nobody here: not tested");
    return;
  }
  const auto [code, message] = write_parts(folder / "x", {"new"});
  if (is_root) REQUIRE(seteuid(0) == 0);
  fs::permissions(folder.path(), static_cast<fs::perms>(0755));
  CHECK(code == std::errc::permission_denied);
  CHECK(contains(message, "nothing has changed"));
  CHECK(get(folder / "x") == "old");
  CHECK(folder.names() == std::set<std::string>{"x"});
}

TEST_CASE("atomic file: a temporary that a killed process left is stepped over") {
  const TemporaryFolder folder;
  REQUIRE(!write_parts(folder / "x", {"first"}, FileFaults{}).first);
  const std::string used = last_renamed();  // FOLDER/x.PROCESS-NUMBER.tmp
  const std::size_t dash = used.rfind('-');
  REQUIRE(dash != std::string::npos);
  const int number = std::stoi(used.substr(dash + 1));
  const std::string left = used.substr(0, dash + 1) + std::to_string(number + 1) + ".tmp";
  put(left, "of another");
  REQUIRE(!write_parts(folder / "x", {"second"}).first);
  CHECK(get(folder / "x") == "second");
  CHECK(get(left) == "of another");
}

TEST_CASE("atomic file: threads that write one name leave one whole file") {
  const TemporaryFolder folder;
  std::vector<std::string> contents;
  for (char letter : {'a', 'b', 'c', 'd'}) contents.push_back(std::string(20000, letter));
  std::vector<int> failures(contents.size(), 0);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int repeat = 0; repeat < 5; ++repeat) failures[i] += write_parts(folder / "x", {contents[i]}).first ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == std::vector<int>(contents.size(), 0));
  CHECK(std::count(contents.begin(), contents.end(), get(folder / "x")) == 1);
  CHECK(folder.names() == std::set<std::string>{"x"});
}

}  // namespace
}  // namespace duel::test
