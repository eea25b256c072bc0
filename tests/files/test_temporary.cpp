// Temporaries of dead processes go, those of living ones stay.
#include "files/temporary.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/files/child.h"
#include "tests/files/temporary_folder.h"

namespace duel::test {
namespace {

namespace fs = std::filesystem;

void make_old(const fs::path& path) {
  const timespec times[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 0}, {.tv_sec = 1'000'000'000, .tv_nsec = 0}};
  REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
}

TEST_CASE("temporaries: names of one target differ, in its folder") {
  const fs::path a = temporary_name("folder/x"), b = temporary_name("folder/x");
  CHECK(a != b);
  const std::string begin = "folder/x." + std::to_string(getpid()) + "-";
  CHECK(a.native().starts_with(begin));
  CHECK(a.native().ends_with(".tmp"));
  CHECK(temporary_name("folder/" + std::string(255, 'n')).filename().native().size() <= 255);
}

TEST_CASE("temporaries: what a dead process left is removed, and nothing else") {
  const TemporaryFolder folder;
  const std::string dead = dead_process(), mine = std::to_string(getpid());
  const std::set<std::string> kept = {"x",
                                      "x." + mine + "-0.tmp",
                                      "x." + dead + "-0.tmp.old",
                                      "x." + dead + "-.tmp",
                                      "x." + dead + "-0a.tmp",
                                      "x." + dead + ".tmp",
                                      "x.-1-0.tmp",
                                      "x.99999999999999999999-0.tmp",
                                      "." + dead + "-0.tmp",
                                      ".tmp",
                                      "notes.tmp"};
  for (const std::string& name : kept) put(folder / name, "");
  put(folder / ("x." + dead + "-0.tmp"), "half");
  put(folder / ("y.safetensors." + dead + "-17.tmp"), "half");
  fs::create_directory(folder / ("build." + dead + "-1.tmp"));
  put(folder / ("build." + dead + "-1.tmp/kernels.o"), "half");
  fs::create_symlink("nowhere", folder / ("latest." + dead + "-2.tmp"));
  remove_leftovers(folder.path());
  CHECK(folder.names() == kept);
}

TEST_CASE("temporaries: a process that nobody has waited for is dead, too") {
  const TemporaryFolder folder;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(0);
  siginfo_t info = {};
  REQUIRE(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
  put(folder / ("x." + std::to_string(child) + "-0.tmp"), "half");
  remove_leftovers(folder.path());
  CHECK(folder.names().empty());
  waitpid(child, nullptr, 0);
}

TEST_CASE("temporaries: of one target alone") {
  const TemporaryFolder folder;
  const std::string dead = dead_process();
  put(folder / ("x." + dead + "-0.tmp"), "");
  put(folder / ("y." + dead + "-0.tmp"), "");
  remove_leftovers(folder.path(), "x");
  CHECK(folder.names() == std::set<std::string>{"y." + dead + "-0.tmp"});
}

TEST_CASE("temporaries: an old one goes although a process has its number again, unless it is held") {
  const TemporaryFolder folder;
  const std::string ending = "." + std::to_string(getpid()) + "-0.tmp";
  put(folder / ("left" + ending), "");
  put(folder / ("held" + ending), "");
  make_old(folder / ("left" + ending));
  make_old(folder / ("held" + ending));
  const Descriptor held(open((folder / ("held" + ending)).c_str(), O_WRONLY | O_CLOEXEC));
  hold_temporary(held);
  remove_leftovers(folder.path());
  CHECK(folder.names() == std::set<std::string>{"held" + ending});
}

TEST_CASE("temporaries: what a process of another space of numbers holds stays") {
  const TemporaryFolder folder;
  const std::string name = "x." + dead_process() + "-0.tmp";
  put(folder / name, "");
  const Descriptor held(open((folder / name).c_str(), O_WRONLY | O_CLOEXEC));
  hold_temporary(held);
  remove_leftovers(folder.path());
  CHECK(folder.names() == std::set<std::string>{name});
}

TEST_CASE("temporaries: a folder that is not there has none") {
  remove_leftovers("/nowhere/at/all");
}

}  // namespace
}  // namespace duel::test
