// Every broken kernel is caught, every correct one passes, on all cases of its op.
#include <map>
#include <set>

#include "tests/support/catch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"
#include "tools/kernel_lab/lab_op.h"

namespace duel::test {
namespace {

#ifdef DUEL_CHECKED
constexpr bool kChecked = true;
#else
constexpr bool kChecked = false;
#endif

std::vector<BrokenKernel> all_kernels() {
  std::vector<BrokenKernel> all;
  for (auto kernels :
       {broken_linear_kernels(), broken_batch_norm_kernels(), broken_softmax_kernels(), broken_level_kernels(),
        broken_split_depth_kernels(), broken_paper_kernels(), broken_penalty_kernels(), broken_class_kernels(),
        broken_convolution_kernels(), broken_channel_norm_kernels(), broken_spectral_kernels(),
        broken_embedding_kernels(), broken_distance_kernels(), broken_data_kernels()}) {
    all.insert(all.end(), kernels.begin(), kernels.end());
  }
  return all;
}

// What the lab says of the kernel's first failing case; empty where it passes all.
std::string verdict(const BrokenKernel& kernel, verify::HowMany executions = verify::HowMany::some) {
  KernelSelection selection;
  kernel.add(selection);
  for (const auto& op : lab::lab_ops()) {
    if (op->name() != kernel.op) continue;
    const auto cases = op->cases();
    for (std::size_t number = 0; number < cases.size(); ++number) {
      if (cases[number].of_training) continue;  // slow here, and the small ones find everything
      const std::string report = op->verify(selection, kernel.name, number, {.executions = executions});
      if (!report.empty()) return cases[number].name + ": " + report;
    }
    return "";
  }
  return "no such op";
}

TEST_CASE("broken kernels: there are enough of them, over all ops, under different names") {
  std::map<std::string, int> broken_by_op;
  std::set<std::string> names;
  int broken = 0;
  for (const BrokenKernel& kernel : all_kernels()) {
    CHECK(names.insert(kernel.op + "=" + kernel.name).second);
    if (kernel.catcher == Catcher::nobody) continue;
    ++broken;
    ++broken_by_op[kernel.op];
  }
  CHECK(broken >= 55);
  CHECK(broken_by_op.size() == lab::lab_ops().size());
}

TEST_CASE("broken kernels: each is caught") {
  for (const BrokenKernel& kernel : all_kernels()) {
    const bool should_fail =
        kernel.catcher == Catcher::verify || (kernel.catcher == Catcher::checked_build && kChecked);
    if (!should_fail) continue;
    INFO(kernel.op << ", " << kernel.name << ": " << kernel.defect);
    std::string found = verdict(kernel);
    if (found.empty()) found = verdict(kernel, verify::HowMany::all);  // the checked device runs some in one order
    CHECK(found != "");
  }
}

TEST_CASE("broken kernels: without their defect none is") {
  for (const BrokenKernel& kernel : all_kernels()) {
    if (kernel.catcher != Catcher::nobody) continue;
    INFO(kernel.op << ", " << kernel.name);
    CHECK(verdict(kernel) == "");
  }
}

}  // namespace
}  // namespace duel::test
