// What each variant's kernels move, counted without a GPU by a checked build of the CPU device (preset cpu-race).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/simt/kernel_traffic.h"
#include "tools/kernel_lab/lab.h"

namespace duel::lab {

/// One kernel of one variant on one case; launches with the same grid and block are added up.
struct CountedKernel {
  std::string op, variant, case_name;
  std::string kernel;  ///< its name without namespaces
  std::string launch;  ///< grid and block: "16x2x1 128x1x1"
  simt::KernelTraffic traffic;
};

/// A variant on one case: its kernels, and what the op moves at least, whatever the variant.
struct CountedCase {
  std::vector<CountedKernel> kernels;
  Work work;
};

/// One of the numbers of a KernelTraffic that are recorded and compared.
struct Counter {
  std::string_view name;
  std::uint64_t& (*of)(simt::KernelTraffic&);
};
inline constexpr std::size_t kCounterCount = 30;
extern const std::array<Counter, kCounterCount> kCounters;

/// Whether a variant is counted on a case; empty: on all.
using IsCounted = std::function<bool(const std::string& op, const std::string& variant, const std::string& case_name)>;

/// Counts the chosen variants, as far as GPUs can run them; where no case is named, on the cases of training, or on the
/// first of an op that has none. Throws std::logic_error in a build that cannot count, std::invalid_argument where
/// nothing is chosen, and CudaError where a kernel fails.
std::vector<CountedCase> count_traffic(const Lab& lab, const Filter& filter, const IsCounted& is_counted = {});

std::vector<CountedKernel> kernels_of(const std::vector<CountedCase>& cases);

}  // namespace duel::lab
