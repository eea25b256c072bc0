// Collects what a level of the fused step does and launches it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kernels/fused/level.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// Parts that wait for nothing of each other become one kernel, by the variants that the selection names. A part whose
/// variant is a kernel of its own is launched by itself, as is what a kernel has no room for. For one level.
class LevelBuilder {
 public:
  explicit LevelBuilder(const KernelSelection& kernels) : kernels_(kernels) {}

  /// `label`: of the level's range. Throws std::invalid_argument as KernelSelection::run.
  void add(const FusedGradient<float>& part, const std::string& label);
  void add(const FusedHead<float>& part, const std::string& label);
  void add(const FusedLosses<float>& part, const std::string& label);
  void add(const FusedScale<float>& part, const std::string& label);
  void add(const FusedUpdate<float>& part, const std::string& label);

  void enqueue(StreamView stream) const;

 private:
  struct Kernel {
    const LevelVariant* variant;
    FusedLevel level;
  };
  template <class Part>
  void add(const Op<Part>& op, const Part& part, const std::string& label);
  template <class Part>
  void place(const LevelVariant& variant, const Part& part);

  const KernelSelection& kernels_;
  std::string label_;
  std::vector<Kernel> levels_;
  std::vector<std::function<void(StreamView)>> alone_;
};

}  // namespace duel
