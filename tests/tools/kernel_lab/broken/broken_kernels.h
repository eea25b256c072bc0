// Kernels with one deliberate error each, and the same kernels without: what the lab must catch, and what it must not.
// A kernel is a template over its defect; the parts that a defect leaves out or changes stand behind `if constexpr`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kernels/kernel_selection.h"

namespace duel::test {

/// Who must notice. What `verify` finds in a plain build, the checked build finds too.
enum class Catcher {
  nobody,        ///< the kernel is correct
  verify,        ///< results, bits or memory around tensors differ under some schedule
  checked_build  ///< the results are right by luck: only a build that watches every access knows
};

struct BrokenKernel {
  std::string op;
  std::string name;  ///< of the variant
  std::string defect;
  Catcher catcher;
  std::function<void(KernelSelection&)> add;
};

template <class Arguments>
BrokenKernel broken(const Op<Arguments>& op, const char* name, const char* what, Catcher catcher,
                    void (*launch)(const Arguments&, StreamView), Precision precision = Precision::fp32) {
  return {op.name, name, what, catcher, [&op, name, what, launch, precision](KernelSelection& kernels) {
            kernels.add(op, {name, what, supports_any_device, launch, precision});
          }};
}

std::vector<BrokenKernel> broken_linear_kernels();
std::vector<BrokenKernel> broken_batch_norm_kernels();
std::vector<BrokenKernel> broken_softmax_kernels();
std::vector<BrokenKernel> broken_level_kernels();
std::vector<BrokenKernel> broken_split_depth_kernels();
std::vector<BrokenKernel> broken_paper_kernels();
std::vector<BrokenKernel> broken_penalty_kernels();
std::vector<BrokenKernel> broken_class_kernels();
std::vector<BrokenKernel> broken_convolution_kernels();
std::vector<BrokenKernel> broken_channel_norm_kernels();
std::vector<BrokenKernel> broken_spectral_kernels();
std::vector<BrokenKernel> broken_embedding_kernels();
std::vector<BrokenKernel> broken_distance_kernels();  ///< and of what is made of their rows
std::vector<BrokenKernel> broken_data_kernels();      ///< ops without products

}  // namespace duel::test
