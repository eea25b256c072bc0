// cmake/ptxas_report.sh with a compiler that only says what nvcc would.
#include <sys/wait.h>

#include <cstdlib>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel {
namespace {

// Says a warning and what ptxas tells, leaves PTX where it is told to, and exits with the number in the file `status`.
constexpr const char* kCompiler = R"bash(#!/usr/bin/env bash
cd "$(dirname "$0")"
echo "$@" >arguments
echo "on stdout"
{
  echo "ptxas info    : Compiling entry function 'k' for 'sm_75'"
  echo "ptxas info    : Function properties for k"
  echo "    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads"
  echo "ptxas info    : Used 3 registers"
  echo "tile.cu(3): warning: something"
} >&2
ptx='.target sm_75\n.visible .entry k(\n)\n.maxntid 64, 2, 1\n.visible .entry l()\n'
while [[ $# -gt 0 ]]; do
  [[ $1 == --keep-dir ]] && printf "$ptx" >"$2/a.ptx"
  shift
done
exit "$(cat status)"
)bash";

struct Compilation {
  TemporaryFolder folder;
  int status = 0;

  explicit Compilation(const std::string& compiler_status, const std::string& before_compiler = "") {
    const std::string compiler = write_program(folder, "nvcc", kCompiler);
    folder.write("status", compiler_status);
    folder.write("tile.cu.o.ptxas", "of the compilation before");
    const std::string command = "'" DUEL_SOURCE_FOLDER "/cmake/ptxas_report.sh' 13.0.88 " + before_compiler + " " +
                                compiler + " -c tile.cu -o " + (folder.path() / "tile.cu.o").string() + " >" +
                                (folder.path() / "out").string() + " 2>" + (folder.path() / "err").string();
    const int waited = std::system(command.c_str());
    status = WIFEXITED(waited) ? WEXITSTATUS(waited) : -1;
  }
};

TEST_CASE("ptxas_report.sh: the report lies beside the object, the rest is passed on") {
  const Compilation compilation("0");
  CHECK(compilation.status == 0);
  CHECK(compilation.folder.read("out") == "on stdout\n");
  CHECK(compilation.folder.read("err") == "tile.cu(3): warning: something\n");
  CHECK(compilation.folder.read("tile.cu.o.ptxas") ==
        "nvcc 13.0.88\n"
        "ptxas info    : Compiling entry function 'k' for 'sm_75'\n"
        "ptxas info    : Function properties for k\n"
        "    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\n"
        "ptxas info    : Used 3 registers\n"
        "ptx entry k sm_75 64, 2, 1\n"
        "ptx entry l sm_75 none\n");
  CHECK(contains(compilation.folder.read("arguments"), "-Xptxas=-v --keep --keep-dir "));
  // Nothing else is left behind.
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(compilation.folder.path())) files += entry.exists();
  CHECK(files == 6);
}

TEST_CASE("ptxas_report.sh: a failing compiler fails, and leaves no report") {
  const Compilation compilation("7");
  CHECK(compilation.status == 7);
  CHECK(compilation.folder.read("err") == "tile.cu(3): warning: something\n");
  CHECK_FALSE(std::filesystem::exists(compilation.folder.path() / "tile.cu.o.ptxas"));
}

TEST_CASE("ptxas_report.sh: ccache runs the compiler through the script that reads PTX") {
  const TemporaryFolder folder;
  // Like ccache, this runs the programs of CCACHE_PREFIX before the compiler.
  const std::string ccache = write_program(folder, "ccache", "#!/bin/sh\nexec $CCACHE_PREFIX \"$@\"\n");
  const Compilation cached("0", ccache);
  CHECK(cached.status == 0);
  CHECK(contains(cached.folder.read("tile.cu.o.ptxas"), "ptx entry k sm_75 64, 2, 1\n"));
}

}  // namespace
}  // namespace duel
