#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/sanitizer.h"
#include "tests/kernels/simt/child.h"
#endif
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

// The least and the greatest value of every option that takes numbers, and what lies beyond or is no such number.
TEST_CASE("options: limits of every number are told, and hold") {
  struct Option {
    std::vector<std::string> command;  // with a value elsewhere that is refused after the options were read
    std::string option, low, high;
    std::vector<std::string> refused;
  };
  const std::vector<std::string> no_whole = {"", " 1", "1 ", "+5", "0x10", "1e3", "1.5", "x", "99999999999999999999"};
  const std::vector<std::string> no_real = {"", " 1", "+1", "0x1", "nan", "inf", "x", "1,5", "1e999"};
  const auto beyond = [](std::vector<std::string> more, const std::vector<std::string>& always) {
    more.insert(more.end(), always.begin(), always.end());
    return more;
  };
  const std::vector<std::string> verify = {"verify", "--op", "no_such"}, bench = {"bench", "--op", "no_such"},
                                 check = {"check", "--op", "no_such", "--variant", "none"},
                                 tune = {"tune", "--checkpoint", "/no/such/file"},
                                 compare = {"compare", "/no/such/file", "/no/such/other"};
  const std::vector<Option> options = {
      {verify, "--seed", "0", "18446744073709551615", beyond({"-1", "18446744073709551616"}, no_whole)},
      {verify, "--seeds", "1", "1000000", beyond({"0", "1000001"}, no_whole)},
      {verify, "--threads", "0", "1024", beyond({"-1", "1025"}, no_whole)},
      {verify, "--time-limit", "0", "86400", beyond({"-0.001", "86401"}, no_real)},
      {verify, "--seconds", "0", "86400", beyond({"-0.001", "86401"}, no_real)},
      {bench, "--noise", "0", "1", beyond({"-0.001", "1.001"}, no_real)},
      {bench, "--seconds", "0", "3600", beyond({"-1", "3601"}, no_real)},
      {bench, "--cache-bytes", "1", "68719476736", beyond({"0", "68719476737"}, no_whole)},
      {check, "--iterations", "1", "1000000000", beyond({"0", "1000000001"}, no_whole)},
      {check, "--batch-size", "2", "65536", beyond({"1", "65537"}, no_whole)},
      {check, "--batch_size", "2", "65536", beyond({"1", "65537"}, no_whole)},
      {check, "--seed", "0", "18446744073709551615", beyond({"-1"}, no_whole)},
      {tune, "--images", "1", "100000000", beyond({"0", "100000001"}, no_whole)},
      {tune, "--batch-size", "2", "65536", beyond({"1", "65537"}, no_whole)},
      {tune, "--discriminator-steps", "1", "100", beyond({"0", "101"}, no_whole)},
      {tune, "--latent-dim", "1", "65536", beyond({"0", "65537"}, no_whole)},
      {tune, "--image-size", "1", "1024", beyond({"0", "1025"}, no_whole)},
      {tune, "--channels", "1", "3", beyond({"0", "4"}, no_whole)},
      {tune, "--generator-widths", "1", "65536,1", beyond({"0", "65537", "5,0"}, no_whole)},
      {tune, "--discriminator-widths", "1", "65536,1", beyond({"0", "65537", "5,0"}, no_whole)},
      {tune, "--seconds", "0", "3600", beyond({"-1", "3601"}, no_real)},
      {compare, "--threshold", "0", "1000", beyond({"-1", "1001"}, no_real)}};
  for (const Option& option : options) {
    const auto run_with = [&](const std::string& value) {
      std::vector<std::string> words = option.command;
      words.push_back(option.option + "=" + value);
      return run_kernel_lab(words);
    };
    for (const std::string& value : {option.low, option.high}) {
      const Ran ran = run_with(value);
      INFO(option.option << "=" << value << ": " << ran.err);
      CHECK(ran.code != 0);
      CHECK_FALSE(contains(ran.err, option.option));
      CHECK((contains(ran.err, "no_such") || contains(ran.err, "/no/such/")));
    }
    for (const std::string& value : option.refused) {
      const Ran ran = run_with(value);
      INFO(option.option << "=" << value << ": " << ran.err);
      CHECK(ran.code == 2);
      CHECK(contains(ran.err, option.option.substr(0, option.option.find('_'))));
      CHECK(ran.err.size() < 400);
    }
  }
}

#ifdef DUEL_CPU_DEVICE

TEST_CASE("child: verify", "[.]") {
  const Ran ran = run_kernel_lab({"verify", "--op", "end_iteration", "--threads", "1"});
  std::printf("%scode %d\n", ran.err.c_str(), ran.code);
}
TEST_CASE("options: too little memory for threads is the device's error, and says what to do") {
  if (simt::kAddressSanitizer || is_checked_build()) return;
  const std::string output = simt_test::output_of_child("child: verify", "ulimit -v 60000;");
  CHECK(contains(output, "worker threads only"));
  CHECK(contains(output, "ulimit -v"));
  CHECK(contains(output, "code 4"));
}

#endif

TEST_CASE("options: a cache that cannot be made is an error of the disk that says what to do") {
  const std::string before = std::getenv("XDG_CACHE_HOME") ? std::getenv("XDG_CACHE_HOME") : "";
  setenv("XDG_CACHE_HOME", "/proc/none", 1);
  const Ran ran = run_kernel_lab({"tune", "--seconds", "0"});
  before.empty() ? unsetenv("XDG_CACHE_HOME") : setenv("XDG_CACHE_HOME", before.c_str(), 1);
  CHECK(ran.code == 6);
  CHECK(contains(ran.err, "the folder /proc/none/duel of the cache cannot be made; set XDG_CACHE_HOME"));
}

TEST_CASE("options: compare does not wait for a pipe that nobody writes") {
  const TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const Ran ran = run_kernel_lab({"compare", pipe, pipe});
  CHECK(ran.code == 3);
  CHECK(contains(ran.err, pipe + ": cannot be read"));
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
  filter.ops = {"linear_forward", "adam"};
  filter.variants = {"shared_memory_tiles"};
  filter.case_text = "64 x 100 -> 128";
  auto chosen = choose(lab, filter);
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].op->name() == "linear_forward");
  REQUIRE(chosen[0].variants.size() == 1);
  CHECK(chosen[0].variants[0].name == "shared_memory_tiles");
  const auto cases = chosen[0].op->cases();

  filter.case_text = "33 x 65 -> 31, under a head";
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
