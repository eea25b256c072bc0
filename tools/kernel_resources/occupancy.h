// How many blocks of a kernel fit on a multiprocessor, by NVIDIA's own rules (cuda_occupancy.h of the CUDA toolkit).
#pragma once

#include <string>
#include <vector>

namespace duel {

struct BlockNeeds {
  int threads = 0;
  int registers = 0;  ///< per thread
  int shared = 0;     ///< bytes per block, static and dynamic
};

struct Occupancy {
  int blocks = 0;          ///< resident per multiprocessor
  double fraction = 0;     ///< resident threads / threads that a multiprocessor can hold
  std::string limited_by;  ///< threads, blocks, registers, shared memory, or several joined by " + "
};

/// The architectures that occupancy() knows, ascending: 75 for sm_75.
std::vector<int> occupancy_architectures();

/// The largest number of resident threads of one multiprocessor. Throws as occupancy().
int threads_per_multiprocessor(int architecture);

/// Calculates it as cudaOccupancyMaxActiveBlocksPerMultiprocessor does on a device of the architecture, with the
/// default split of shared memory and L1 cache. Throws std::invalid_argument for an unknown architecture and for needs
/// that no block can have, naming both.
Occupancy occupancy(int architecture, const BlockNeeds& needs);

}  // namespace duel
