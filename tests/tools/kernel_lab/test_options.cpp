#include "tests/support/catch.h"
#include "tests/tools/kernel_lab/lab_test.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::lab {
namespace {

// A command line that cannot be obeyed: exit code 2, nothing printed but a message with all of `parts`.
void require_refusal(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
  const Ran ran = run_kernel_lab(arguments);
  INFO(ran.err);
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err.starts_with("kernel_lab: "));
  for (const std::string& part : parts) CHECK(contains(ran.err, part));
}

TEST_CASE("options: what is unknown is refused, with the nearest name") {
  require_refusal({"verfy"}, {"unknown subcommand 'verfy'", "did you mean verify?"});
  require_refusal({"verify", "--sed", "2"}, {"unknown option '--sed'", "did you mean --seed?"});
  require_refusal({"list", "adam"}, {"unexpected argument 'adam'", "list --help"});
  require_refusal({"verify", "--op", "adm"}, {"no op 'adm'", "did you mean adam?", "\n  latent_normal"});
  require_refusal({"verify", "--op", "adam", "--variant", "one_thread"}, {"no variant", "\n  four_values_per_thread"});
  require_refusal({"bench", "--format", "jsn"}, {"expected table, csv or json, found 'jsn'", "did you mean json?"});
}

TEST_CASE("options: none takes an empty value") {
  for (const char* option : {"--out", "--with", "--op", "--case", "--device", "--format", "--seed"}) {
    const std::string message = std::string(option) + ": expected a value, found an empty one";
    require_refusal({"verify", option, ""}, {message});
    require_refusal({"verify", std::string(option) + "=", "--help"}, {message});
  }
}

TEST_CASE("options: values are checked") {
  require_refusal({"verify", "--seeds", "0"}, {"--seeds"});
  require_refusal({"verify", "--schedules", "none"}, {"--schedules"});
  require_refusal({"verify", "--threads", "-1"}, {"--threads"});
  require_refusal({"bench", "--noise", "nan"}, {"--noise"});
  require_refusal({"bench", "--seconds", "-1"}, {"--seconds", "from 0 to 3600, found '-1'"});
  require_refusal({"bench", "--seconds", "soon"}, {"--seconds", "found 'soon'"});
  require_refusal({"list", "--device", "tpu"}, {"'tpu'", "expected auto, cpu, cuda or cuda:N"});
  require_refusal({"compare", "one.json"}, {"now"});
  require_refusal({"list", "--case", "no such case"}, {"no op has"});
  require_refusal({"bench", "--case", "no such case"}, {"matches"});
}

TEST_CASE("options: help goes to standard output - no subcommand is a mistake that shows it") {
  const Ran help = run_kernel_lab({"--help"});
  CHECK(help.code == 0);
  for (const char* name : {"list", "verify", "bench", "compare"}) CHECK(contains(help.out, name));
  const Ran verify = run_kernel_lab({"verify", "--help"});
  CHECK(verify.code == 0);
  CHECK(contains(verify.out, "--schedules"));
  const Ran none = run_kernel_lab({});
  CHECK(none.code == 2);
  CHECK(contains(none.out, "verify"));
}

#ifdef DUEL_CPU_DEVICE
TEST_CASE("options: a device that is not there is a device's error") {
  const Ran ran = run_kernel_lab({"list", "--device", "cuda"});
  CHECK(ran.code == 4);
  CHECK(contains(ran.err, "cmake --preset cuda"));
}
#endif

TEST_CASE("options: a disk that cannot be written has its own exit code, a name that cannot be is usage") {
  const TemporaryFolder folder;
  const Ran ran = run_kernel_lab({"list", "--out", "/proc/list.csv"});
  CHECK(ran.code == 6);
  CHECK(contains(ran.err, "list.csv"));
  const Ran misnamed = run_kernel_lab({"list", "--out", folder.path() / "no" / "list.csv"});
  CHECK(misnamed.code == 2);
  CHECK(contains(misnamed.err, "list.csv"));
}

TEST_CASE("choose: filters by op, variant and case - an exact name of a case is that case alone") {
  const Lab lab = open_lab({});
  CHECK(choose(lab, {}).size() == lab.ops.size());

  Filter filter;
  filter.ops = {"linear_tanh_forward", "adam"};
  filter.variants = {"shared_memory_tiles"};
  filter.case_text = "64 x 100 -> 128";
  auto chosen = choose(lab, filter);
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].op->name() == "linear_tanh_forward");
  REQUIRE(chosen[0].variants.size() == 1);
  CHECK(chosen[0].variants[0].name == "shared_memory_tiles");
  const auto cases = chosen[0].op->cases();

  filter.case_text = "33 x 65 -> 31";
  chosen = choose(lab, filter);
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].cases.size() == 3);  // elements off
  filter.case_text = cases[0].name;
  chosen = choose(lab, filter);
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].cases == std::vector<std::size_t>{0});
  filter.case_text = "1";
  CHECK(choose(lab, filter).at(0).cases.size() > 5);
  filter.ops = {"adam"};
  filter.variants = {};
  CHECK(choose(lab, filter).at(0).cases.size() == 1);  // "1" is a case's name
}

}  // namespace
}  // namespace duel::lab
