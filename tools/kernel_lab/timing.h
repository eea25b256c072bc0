// Times launches: events around each, variants in turn, until the medians have settled.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "tools/kernel_lab/cache.h"
#include "tools/kernel_lab/lab_op.h"

namespace duel::lab {

struct TimingOptions {
  double noise = 0.005;          ///< stop where relative_noise of every case is at most this
  double seconds = 1;            ///< or after this time for each case
  std::size_t least_rounds = 5;  ///< whatever the time
};

/// Times of the cases' launches in microseconds: [case][round]. Every round launches every case once, each round
/// beginning with another one. `evict`: if given, its memory is written before each launch. Throws CudaError.
std::vector<std::vector<double>> time_launches(std::span<PreparedCase* const> cases, const CacheSweep* evict,
                                               const TimingOptions& options);

/// The same of an op's variants on one case: [variant][round].
std::vector<std::vector<double>> time_variants(const LabOp& op, const KernelSelection& kernels, std::size_t number,
                                               const std::vector<std::string>& variants, const CacheSweep* evict,
                                               const TimingOptions& options);

}  // namespace duel::lab
