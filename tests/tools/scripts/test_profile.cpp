// tools/profile.sh, in a copy of its folder with stand-ins for the profilers, nvcc, nvidia-smi and the build.
#include "tests/tools/scripts/script_workplace.h"

namespace {

using duel::test::contains;
using duel::test::Outcome;
namespace fs = std::filesystem;

class Workplace : public duel::test::ScriptWorkplace {
 public:
  Workplace() : ScriptWorkplace("profile.sh", {"date", "mkdir", "touch"}) {}

  /// A machine that has everything: a GPU, nvcc, a build that succeeds, both profilers.
  void add_all_commands() const {
    add_command("bin/nvidia-smi", "echo 'GPU 0: a stand-in'");
    add_command("bin/nvcc", "true");
    add_command("tools/build.sh", "echo \"built $*\"");
    add_command("bin/nsys", "for a; do case $a in --output=*) touch \"${a#--output=}.nsys-rep\";; esac; done");
    add_command("bin/ncu", "while [[ $1 != --export ]]; do shift; done; touch \"$2.ncu-rep\"");
  }
};

const std::string kProgram = "build/cuda/apps/mnist_gan/mnist_gan train --outdir build/profiles/runs ";

}  // namespace

TEST_CASE("the option --print shows the exact command, without tools and without a GPU") {
  const Workplace place;
  CHECK(place.run("--print nsys --output r").output ==
        "nsys profile --trace=cuda,nvtx --sample=none --cpuctxsw=none --capture-range=cudaProfilerApi "
        "--capture-range-end=stop --output=r " +
            kProgram + "--max-iterations 25 --profile-iterations 20:25\n");
  CHECK(place.run("--print nsys --graphs --iterations 0:50 --output r --batch-size 256").output ==
        "nsys profile --trace=cuda,nvtx --sample=none --cpuctxsw=none --cuda-graph-trace=node --output=r " + kProgram +
            "--max-iterations 50 --batch-size 256\n");
  CHECK(place.run("ncu --print --output r").output == "ncu --profile-from-start off --set full --nvtx --export r " +
                                                          kProgram +
                                                          "--max-iterations 21 --profile-iterations 20:21\n");
  CHECK(place.run("ncu --print --range 'backward layer 2' --kernel weight --set basic --output r -- --preset blog")
            .output ==
        "ncu --profile-from-start off --set basic --nvtx --nvtx-include 'regex:duel@backward layer "
        "2.*/' --kernel-name regex:weight --export r " +
            kProgram + "--max-iterations 21 --profile-iterations 20:21 --preset blog\n");
  const Outcome timed = place.run("--print nsys");
  CHECK(timed.exit_code == 0);
  CHECK(contains(timed.output, "--output=build/profiles/20"));
  CHECK(contains(timed.output, "-nsys "));
  CHECK(!fs::exists(place.path() / "build"));
}

TEST_CASE("the option --print from another folder names the program by its whole path") {
  const Workplace place;
  const Outcome outcome = place.run("--help");
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.output, "tools/profile.sh [--print] nsys|ncu"));
  fs::create_directory(place.path() / "elsewhere");
  const std::string root = fs::canonical(place.path()).string();
  const Outcome elsewhere = place.run("--help >/dev/null && cd elsewhere && bash ../tools/profile.sh --print ncu");
  CHECK(contains(elsewhere.output,
                 " " + root + "/build/cuda/apps/mnist_gan/mnist_gan train --outdir " + root + "/build/profiles/runs "));
}

TEST_CASE("what is missing is named, with how to mend it") {
  const Workplace place;
  Outcome outcome = place.run("nsys");
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.output, "profile: nsys is not on PATH"));
  CHECK(contains(outcome.output, "/usr/local/cuda/bin"));
  CHECK(contains(outcome.output, "--print nsys"));
  CHECK(contains(place.run("ncu").output, "profile: ncu is not on PATH"));

  place.add_command("bin/nsys", "true");
  outcome = place.run("nsys");
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.output, "nvcc is not on PATH"));

  place.add_command("bin/nvcc", "true");
  CHECK(contains(place.run("nsys").output, "no NVIDIA GPU is present"));
  place.add_command("bin/nvidia-smi", "exit 9");
  outcome = place.run("nsys");
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.output, "no NVIDIA GPU is present"));
}

TEST_CASE("a run builds, profiles, and says where the report is and what opens it") {
  const Workplace place;
  place.add_all_commands();
  Outcome outcome = place.run("nsys --output first/a");
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.output, "built cuda mnist_gan"));
  CHECK(contains(outcome.output, "nsys profile --trace=cuda,nvtx"));
  CHECK(contains(outcome.output, "report  first/a.nsys-rep"));
  CHECK(contains(outcome.output, "nsys-ui first/a.nsys-rep"));
  CHECK(fs::exists(place.path() / "first/a.nsys-rep"));

  outcome = place.run("ncu --range generator --output first/a");
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.output, "ncu-ui first/a.ncu-rep"));

  outcome = place.run("nsys --output first/a");
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.output, "first/a.nsys-rep exists already"));
}

TEST_CASE("a profiler that fails or writes nothing is an error") {
  const Workplace place;
  place.add_all_commands();
  place.add_command("bin/ncu", "exit 3");
  Outcome outcome = place.run("ncu --output r");
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.output, "ERR_NVGPUCTRPERM"));
  CHECK(contains(outcome.output, "profile: the command above failed"));
  place.add_command("bin/nsys", "true");
  outcome = place.run("nsys --output r");
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.output, "nsys ended without a report r.nsys-rep"));
  place.add_command("tools/build.sh", "echo 'no compiler' >&2; exit 1");
  outcome = place.run("nsys --output r");
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.output, "no compiler"));
}

TEST_CASE("wrong arguments are refused") {
  const Workplace place;
  const auto refusal = [&place](const std::string& arguments) {
    const Outcome outcome = place.run(arguments);
    CHECK(outcome.exit_code == 2);
    return outcome.output;
  };
  CHECK(contains(refusal(""), "expected nsys or ncu"));
  CHECK(contains(refusal("nvprof"), "expected nsys or ncu, found 'nvprof'"));
  CHECK(contains(refusal("nsys ncu"), "expected one tool, found nsys and ncu"));
  CHECK(contains(refusal("--iterations 5:5 nsys"), "expected A:B with 0 <= A < B, found '5:5'"));
  CHECK(contains(refusal("--iterations 5 nsys"), "found '5'"));
  CHECK(contains(refusal("nsys --output"), "--output needs a value"));
  CHECK(contains(refusal("nsys --kernel adam"), "are for ncu"));
  CHECK(contains(refusal("ncu --graphs"), "--graphs is for nsys"));
}
