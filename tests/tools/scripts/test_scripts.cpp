// tools/*.sh: what they say without doing anything, and how they look for what they need.
#include "tests/tools/scripts/script_workplace.h"

namespace {

using duel::test::contains;
using duel::test::content_of;
using duel::test::Outcome;
using duel::test::ScriptWorkplace;
namespace fs = std::filesystem;

/// Prints many lines, one by one, as nvidia-smi does; ends with `status`.
std::string slow_lines(const std::string& line, int status = 0) {
  return "for i in {0..400}; do echo \"" + line + " $i\"; done; exit " + std::to_string(status);
}

}  // namespace

TEST_CASE("every script tells its usage at once, without installing or building") {
  for (const char* script :
       {"build.sh", "check_portable.sh", "fuzz.sh", "profile.sh", "run.sh", "setup.sh", "test.sh"}) {
    for (const char* option : {"--help", "-h"}) {
      CAPTURE(script, option);
      const ScriptWorkplace place(script);
      if (std::string(script) == "build.sh") place.copy_file("CMakePresets.json");
      if (std::string(script) == "fuzz.sh") place.copy_file("tests/fuzz/targets.cpp");
      const Outcome outcome = place.run(option);
      CHECK(outcome.exit_code == 0);
      CHECK(outcome.output.starts_with("tools/" + std::string(script)));
      CHECK(content_of(place.path() / "error").empty());
      CHECK(place.run(option, "/dev/full").exit_code == 6);  // and goes no further
    }
  }
}

TEST_CASE("what a script does not know is refused before anything is done") {
  for (const auto& [script, arguments] : {std::pair{"setup.sh", "--test"},
                                          {"setup.sh", "--tests --tests"},
                                          {"setup.sh", "--tests gif"},
                                          {"setup.sh", "gif GIF"},
                                          {"test.sh", "--ful"},
                                          {"test.sh", "full"},
                                          {"check_portable.sh", ""},
                                          {"check_portable.sh", "build/nowhere"},
                                          {"fuzz.sh", "long"},
                                          {"fuzz.sh", "1 idx unknown"},
                                          {"build.sh", ""},
                                          {"setup.sh", "''"},
                                          {"test.sh", "''"},
                                          {"check_portable.sh", "''"},
                                          {"fuzz.sh", "''"},
                                          {"build.sh", "''"}}) {
    CAPTURE(script, arguments);
    const ScriptWorkplace place(script);
    place.copy_file("CMakePresets.json");
    place.copy_file("tests/fuzz/targets.cpp");
    place.copy_file("cmake/optional_packages.txt");
    const Outcome outcome = place.run(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.output, "expected "));
  }
}

TEST_CASE("build.sh without a preset, or with a wrong one, names all of them") {
  const ScriptWorkplace place("build.sh", {"grep", "mktemp", "rm"});
  place.copy_file("CMakePresets.json");
  place.add_command("bin/cmake", "echo 'CMake Error: No such preset in /source: \"cp\"'; exit 1");
  for (const char* arguments : {"", "cp"}) {
    const Outcome outcome = place.run(arguments);
    CHECK(outcome.exit_code == 2);
    for (const char* preset : {"cpu", "cpu-debug", "cpu-portable", "cpu-asan", "cpu-race", "cuda", "cuda-compile"}) {
      CHECK(contains(outcome.output, "\n  " + std::string(preset) + " "));
    }
    CHECK(!contains(outcome.output, "\n  base "));
  }
  CHECK(contains(place.run("cp").output, "there is no preset 'cp'"));
}

TEST_CASE("build.sh hands on what it is asked for, and shows what CMake says where it fails") {
  const ScriptWorkplace place("build.sh", {"grep", "mktemp", "rm"});
  place.add_command("bin/cmake", "echo \"$*\" >>calls");
  CHECK(place.run("cuda one two").exit_code == 0);
  CHECK(content_of(place.path() / "calls") == "--preset cuda\n--build build/cuda --target one two\n");
  place.add_command("bin/cmake", "echo 'no compiler'; exit 1");
  const Outcome outcome = place.run("cuda");
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.output == "no compiler\n");
}

TEST_CASE("run.sh takes the GPU where nvcc and nvidia-smi know one, however many lines nvidia-smi writes") {
  const ScriptWorkplace place("run.sh");
  place.add_command("tools/setup.sh", "true");
  place.add_command("tools/build.sh", "echo \"preset $1\"; exit 1");
  const auto preset = [&place] { return place.run("train").output; };
  CHECK(contains(preset(), "preset cpu\n"));
  place.add_command("bin/nvidia-smi", slow_lines("GPU"));
  CHECK(contains(preset(), "preset cpu\n"));  // nvcc is missing
  place.add_command("bin/nvcc", "true");
  CHECK(contains(preset(), "preset cuda\n"));
  place.add_command("bin/nvidia-smi", "true");
  CHECK(contains(preset(), "preset cpu\n"));
  place.add_command("bin/nvidia-smi", slow_lines("an error", 9));
  CHECK(contains(preset(), "preset cpu\n"));
}

TEST_CASE("run.sh hands its arguments to the program that it has built, and without any it trains") {
  const ScriptWorkplace place("run.sh");
  place.add_command("tools/setup.sh", "true");
  place.add_command("tools/build.sh", "true");
  place.add_command("build/cpu/apps/mnist_gan/mnist_gan", "printf '<%s>' \"$@\"");
  CHECK(contains(place.run("train --data 'a b'").output, "<train><--data><a b>"));
  CHECK(contains(place.run("").output, "<train><--epochs><20><--minutes><3>"));
  CHECK(contains(place.run("train --help").output, "<train><--help>"));
}

TEST_CASE("run.sh without arguments trains on digits where they can be had, else on clothes, and says which and why") {
  const ScriptWorkplace place("run.sh");
  place.add_command("tools/setup.sh", "echo \"setup $*\"");
  place.add_command("tools/build.sh", "true");
  const auto output_with = [&place](const std::string& found, int fetch_code) {
    place.add_command("build/cpu/apps/mnist_gan/mnist_gan", "[[ $2 != info ]] || { echo '" + found + "'; exit; }\n" +
                                                                "[[ $2 != fetch ]] || { echo \"$*\"; exit " +
                                                                std::to_string(fetch_code) + "; }\necho \"$*\"");
    return place.run("").output;
  };
  const std::string trains = "train --epochs 20 --minutes 3\n";
  const std::string own = output_with("/home/a b/set", 1);
  CHECK(contains(own, "setup curl\n"));
  CHECK((contains(own, "run: training on the images in /home/a b/set\n") && contains(own, trains)));
  CHECK(!contains(own, "fetch"));
  const std::string fetched = output_with("/usr/share/datasets/fashion-mnist", 0);
  CHECK(contains(fetched, "data fetch mnist --patience 5\nrun: training on digits, MNIST\n"));
  CHECK(contains(fetched, trains));
  for (const char* found : {"/usr/share/datasets/fashion-mnist", ""}) {
    const std::string clothes = output_with(found, 3);
    CHECK(contains(clothes, "training on clothes, Fashion-MNIST of Debian's package\n"));
    CHECK(contains(clothes, trains));
  }
}

TEST_CASE("setup.sh installs what is missing, and nothing where all is there") {
  const ScriptWorkplace place("setup.sh");
  place.copy_file("cmake/optional_packages.txt");
  place.add_command("bin/dpkg-query", "echo 'install ok installed'");
  for (const char* name : {"clang++", "id", "apt-get", "sudo"}) place.add_command(std::string("bin/") + name, "echo 0");
  CHECK(place.run("").exit_code == 0);
  CHECK(place.run("--tests").output.empty());

  place.add_command("bin/dpkg-query", "[[ ${!#} != zlib1g-dev ]] || exit 1\necho 'install ok installed'");
  place.add_command("bin/apt-get", "echo \"apt-get $*\"");
  CHECK(contains(place.run("").output, "setup: installing zlib1g-dev\n"));
  CHECK(contains(place.run("").output, "apt-get install -y -qq --no-install-recommends zlib1g-dev\n"));

  place.add_command("bin/dpkg-query", slow_lines("install ok installed"));  // no such line
  CHECK(contains(place.run("").output, " zlib1g-dev"));
}

TEST_CASE("setup.sh installs the optional libraries that are named, and goes on without those that cannot be had") {
  const ScriptWorkplace place("setup.sh");
  place.copy_file("cmake/optional_packages.txt");
  place.add_command("bin/clang++", "true");
  place.add_command("bin/python3", "true");
  place.add_command("bin/id", "echo 0");
  place.add_command("bin/dpkg-query",
                    "case ${!#} in libgif-dev | libprotobuf-dev | protobuf-compiler | libonnx-dev) exit 1 ;; esac\n"
                    "echo 'install ok installed'");
  place.add_command("bin/apt-get", "echo \"apt-get $*\"");
  CHECK(place.run("").output.empty());
  CHECK(place.run("curl").output.empty());
  CHECK(contains(place.run("curl gif").output, "setup: installing libgif-dev\n"));
  CHECK(
      contains(place.run("onnx protobuf").output, "setup: installing libprotobuf-dev protobuf-compiler libonnx-dev\n"));
  CHECK(contains(place.run("--tests").output, "setup: installing libprotobuf-dev protobuf-compiler libonnx-dev "));

  place.add_command("bin/apt-get", "[[ ${!#} != libgif-dev ]] || exit 100\necho \"apt-get $*\"");
  const Outcome outcome = place.run("gif onnx");
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.output, "setup: libgif-dev cannot be installed"));
  CHECK(contains(outcome.output, "--no-install-recommends libonnx-dev\n"));
  place.add_command("bin/apt-get", "exit 100");
  CHECK(place.run("gif").exit_code == 0);
}
