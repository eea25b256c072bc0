// The lab with kernels from outside the tree.
#include <string>

#include "tests/kernels/external/kernel_files.h"
#include "tests/tools/kernel_lab/lab_test.h"

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
