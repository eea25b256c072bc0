// The lab with kernels from outside the tree.
#include <cstdio>
#include <string>

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
  CHECK(!contains(ran.out, "linear_tanh"));
}

TEST_CASE("verify: the examples are right on every case") {
  const test::KernelFiles files;
  const Ran adam = run_kernel_lab({"verify", "--with", kAdam});
  INFO(adam.out << adam.err);
  CHECK(adam.code == 0);
  CHECK(contains(adam.out, "1 variants, 0 failed"));  // what the file adds, nothing else
  const Ran bn = run_kernel_lab({"verify", "--with", kExamples + "bn_one_block_per_column.cu"});
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
  CHECK(contains(ran.out, "wrong.cu:20; variant adam=one_value_per_thread"));
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

#endif

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
