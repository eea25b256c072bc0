// The lab with kernels from outside the tree.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "tests/kernels/external/kernel_files.h"
#include "tests/tools/kernel_lab/lab_test.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/sanitizer.h"
#include "tests/kernels/simt/child.h"
#endif

namespace duel::lab {
namespace {

using test::contains;

const std::string kExamples = DUEL_SOURCE_FOLDER "/examples/kernels/";
const std::string kAdam = kExamples + "adam_one_value_per_thread.cu";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto place = text.find(what);
  REQUIRE(place != std::string::npos);
  return text.replace(place, what.size(), with);
}

TEST_CASE("list shows the variants of a kernel file, and the ops it adds to alone") {
  const test::KernelFiles files;
  const Ran ran = run_kernel_lab({"list", "--with", kAdam});
  CHECK(ran.code == 0);
  CHECK(contains(ran.out, "one_value_per_thread"));
  CHECK(contains(ran.out, "four_values_per_thread"));
  CHECK(!contains(ran.out, "linear_forward"));
}

TEST_CASE("verify: the examples are right on every case") {
  const test::KernelFiles files;
  const Ran adam = run_kernel_lab({"verify", "--with", kAdam});
  INFO(adam.out << adam.err);
  CHECK(adam.code == 0);
  CHECK(contains(adam.out, "1 variants, 0 failed"));  // what the file adds, nothing else
  const Ran bn =
      run_kernel_lab({"verify", "--with", kExamples + "bn_one_block_per_feature.cu", "--no-training-shapes"});
  INFO(bn.out << bn.err);
  CHECK(bn.code == 0);
  CHECK(contains(bn.out, "1 variants, 0 failed"));
}

TEST_CASE("verify: a kernel file that is wrong fails, and the command to repeat it names the file") {
  const test::KernelFiles files;
  const std::string source = test::content_of(kAdam);
  const auto wrong = files.write("wrong.cu", replaced(source, "if (i >= count) return;", "if (i > count) return;"));
  const Ran ran = run_kernel_lab({"verify", "--with", wrong.string(), "--case", "1025"});
  CHECK(ran.code == 1);
  CHECK(contains(ran.out, "adam_one_value_kernel"));
  CHECK(contains(ran.out, "out-of-bounds"));
  CHECK(contains(ran.out, "again: kernel_lab verify --with \"" + wrong.string() + "\" --op adam"));
}

#ifdef DUEL_CPU_DEVICE

TEST_CASE("verify: a vector without a test of its alignment fails by itself, told in full once") {
  if (simt::kAddressSanitizer) return;  // it ends the program
  const test::KernelFiles files;
  const auto wrong = files.write("wrong.cu", replaced(test::content_of(kAdam), "const float g = gradient[i];",
                                                      "const float4 four = *reinterpret_cast<const float4*>(gradient + "
                                                      "i);\n  const float g = four.x;"));
  const Ran ran = run_kernel_lab({"verify", "--with", wrong.string(), "--case", "102"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 1);
  CHECK(contains(ran.out, "FAILED in 3"));
  CHECK(test::count_of(ran.out, "\nFAILED: adam, variant one_value_per_thread, case \"") == 1);
  CHECK(contains(ran.out, "cudaErrorMisalignedAddress"));
  CHECK(contains(ran.out, "adam_one_value_kernel, block (0,0,0), thread (1,0,0): misaligned vector of 16 bytes"));
  CHECK(contains(ran.out, "wrong.cu:17; variant adam=one_value_per_thread"));
  CHECK(test::count_of(ran.out, "\n  also in case \"") == 2);
  if (!is_checked_build())
    CHECK(contains(ran.out, "with every access checked: tools/build.sh cpu-race kernel_lab && "));
}

// The device cannot be used afterwards.
TEST_CASE("child: verify of a kernel that never ends", "[.]") {
  const test::KernelFiles files;
  const auto endless =
      files.write("endless.cu", replaced(test::content_of(kAdam), "const float g = gradient[i];",
                                         "const float g = gradient[i];\n  for (volatile int k = 1; k;) continue;"));
  const Ran ran =
      run_kernel_lab({"verify", "--with", endless.string(), "--case", "102", "--seconds", "0.2", "--threads", "2"});
  std::printf("%s%scode %d\n", ran.out.c_str(), ran.err.c_str(), ran.code);
}
TEST_CASE("verify: a kernel that never ends is stopped, and the rest is left out") {
  const std::string output = simt_test::run_child("child: verify of a kernel that never ends").output;
  INFO(output);
  CHECK(contains(output, "case \"1023\""));
  CHECK(contains(output, "cudaErrorLaunchTimeout"));
  CHECK(contains(output,
                 "still running, and no block of the grid has ended for 0.2 s; variant adam=one_value_per_thread"));
  CHECK(contains(output, "The device cannot be used after this fault"));
  CHECK(contains(output, "FAILED in 1"));
  CHECK(contains(output, "code 1"));
}

const std::string kFaults = DUEL_SOURCE_FOLDER "/tests/kernels/external/faults.cu";

std::vector<std::string> verify_fault(const std::string& variant) {
  return {"verify", "--with", kFaults, "--op", "adam", "--case", "1", "--variant", variant};
}

TEST_CASE("verify: whatever ends a launcher or a kernel early is a failure that names it") {
  const test::KernelFiles files;
  struct Fault {
    const char *variant, *text;
  };
  const std::vector<Fault> by_exceptions = {
      {"exits", "the launcher of adam=exits: exit(0) was called"},
      {"ends_at_once", "the launcher of adam=ends_at_once: _Exit(0) was called"},
      {"asked_in_vain", "supports() of adam=asked_in_vain threw an exception: no answer"},
      {"exits_when_asked", "supports() of adam=exits_when_asked: exit(0) was called"},
      {"throws", "the launcher of adam=throws threw an exception: no luck"},
      {"throws_a_number", "the launcher of adam=throws_a_number threw something that is no std::exception"},
      {"too_many_threads",
       "harmless_kernel on a grid of (1,1,1) blocks of (2048,1,1) threads with 0 bytes of dynamic shared memory; "
       "expected at least 1 block, 1 to 1024 threads"},
      {"no_thread", "the launcher of adam=no_thread: cudaErrorInvalidConfiguration: "},
      {"too_much_memory", "with 1048576 bytes of dynamic shared memory"},
      {"kernel_asserts", "asserting_kernel, block (0,0,0), thread (5,0,0): assertion `five != 5' failed: "}};
  std::vector<Fault> faults = by_exceptions;
  if (!simt::kAddressSanitizer) {  // it ends the program at the signal
    faults.push_back({"divides", "the launcher of adam=divides: integer division by zero"});
    faults.push_back({"kernel_divides", "dividing_kernel, block (0,0,0), thread (0,0,0): integer division by zero"});
  }
  for (const Fault& fault : faults) {
    const Ran ran = run_kernel_lab(verify_fault(fault.variant));
    INFO(ran.out << ran.err);
    CHECK(ran.code == 1);
    CHECK(contains(ran.out, std::string("FAILED: adam, variant ") + fault.variant + ", case \"1\""));
    CHECK(contains(ran.out, fault.text));
    CHECK_FALSE(contains(ran.out, "check_op.h"));
    CHECK(contains(ran.out, "again: kernel_lab verify --with"));
  }
}

// The process cannot be trusted afterwards.
TEST_CASE("child: verify of a launcher that aborts", "[.]") {
  const Ran ran = run_kernel_lab(verify_fault("aborts"));
  std::printf("%s%scode %d\n", ran.out.c_str(), ran.err.c_str(), ran.code);
}
TEST_CASE("child: list of a kernel file", "[.]") {
  const Ran ran = run_kernel_lab({"list", "--with", kFaults});
  std::printf("%s%scode %d\n", ran.out.c_str(), ran.err.c_str(), ran.code);
}
TEST_CASE("verify: a launcher that aborts is named, as is what the file does while it is loaded") {
  const test::KernelFiles files;  // the children take the library from its cache
  const std::string sound = simt_test::output_of_child("child: list of a kernel file");
  CHECK(contains(sound, "code 0"));
  CHECK(contains(sound, "unknown"));
  for (const auto& [variable, text] : {std::pair{"DUEL_TEST_STATIC_EXIT=1", "faults.cu: exit(0) was called"},
                                       std::pair{"DUEL_TEST_STATIC_THROW=1", "faults.cu threw something"}}) {
    const auto [output, status] = simt_test::run_child("child: list of a kernel file", variable);
    INFO(output);
    CHECK(contains(output, "kernel_lab: a static initialiser of "));
    CHECK(contains(output, text));
    CHECK(contains(output, "code 2"));
    CHECK(status == 0);
  }
  if (simt::kAddressSanitizer) return;
  const auto [output, status] = simt_test::run_child("child: verify of a launcher that aborts");
  INFO(output);
  CHECK(contains(output, "the launcher of adam=aborts: an assertion failed, or abort() was called"));
  CHECK(contains(output, "The device cannot be used after this fault"));
  CHECK(contains(output, "code 1"));
  CHECK(status == 0);
}

// The device cannot be used afterwards.
TEST_CASE("child: verify that is asked to end while a kernel hangs", "[.]") {
  const Ran ran = run_kernel_lab({"verify", "--with", kFaults, "--variant", "kernel_never_ends", "--time-limit", "0"});
  std::printf("%s%scode %d\n", ran.out.c_str(), ran.err.c_str(), ran.code);
}
TEST_CASE("verify: a signal ends it with the report of what was done, even while a kernel hangs") {
  const test::KernelFiles files;
  const std::string output = simt_test::output_of_child("child: verify that is asked to end while a kernel hangs");
  INFO(output);
  CHECK(contains(output, "adam  kernel_never_ends"));
  CHECK(contains(output, "Stopped by SIGTERM after 0 of 23 cases and seeds: the rest was not verified."));
  CHECK_FALSE(contains(output, "FAILED"));
  CHECK(contains(output, "code 143"));
}

#endif

TEST_CASE("variants whose names nobody could type, or that lack something, are refused with the file") {
  const test::KernelFiles files;
  const std::string source = test::content_of(kAdam);
  const auto named =
      files.write("named.cu", replaced(source, "{\"one_value_per_thread\", ", "{std::getenv(\"DUEL_TEST_NAME\"), "));
  for (const char* name : {"a,b", "a=b", "a b", "", "a\tb", "-x", "\xc3\xa4"}) {
    setenv("DUEL_TEST_NAME", name, 1);
    const Ran ran = run_kernel_lab({"list", "--with", named.string()});
    INFO(ran.err);
    CHECK(ran.code == 2);
    CHECK(contains(ran.err, "duel_add_kernels of " + named.string()));
    CHECK(contains(ran.err, "adam: expected a variant's name of 1 to 100 letters, digits and _ - . +"));
    CHECK(contains(ran.err, std::string("found '") + name));
  }
  unsetenv("DUEL_TEST_NAME");
  CHECK(contains(run_kernel_lab({"list", "--with", named.string()}).err, "found none"));
}

TEST_CASE("bench: a kernel file beside the rows of the table") {
  const test::KernelFiles files;
  const Ran ran = run_kernel_lab({"bench", "--with", kAdam, "--case", "1025", "--seconds", "0.01", "--threads", "1"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(contains(ran.out, "one_value_per_thread"));
  CHECK(contains(ran.out, "four_values_per_thread"));
}

TEST_CASE("kernel files that cannot be used are errors of usage") {
  const test::KernelFiles files;
  const Ran missing = run_kernel_lab({"list", "--with", "missing.cu"});
  CHECK(missing.code == 2);
  CHECK(contains(missing.err, "missing.cu does not exist"));
  const auto bad = files.write("bad.cu", "int f() { return undeclared_name; }\n");
  const Ran compiled = run_kernel_lab({"verify", "--with", bad.string()});
  CHECK(compiled.code == 2);
  CHECK(contains(compiled.err, "undeclared_name"));
}

}  // namespace
}  // namespace duel::lab
