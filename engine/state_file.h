// Networks and counters as tensors of a file, under the names that PyTorch gives them.
#pragma once

#include <string>

#include "engine/io/safetensors.h"
#include "engine/network_layout.h"
#include "engine/network_state.h"

namespace duel {

/// Before the names of the tensors of the average of the generator's weights.
inline constexpr const char* kAveragePrefix = "generator_average.";

/// Whether the file has such an average.
bool has_average(const TensorFile& file);

enum class NetworkPart {
  weights,     ///< parameters and running statistics: what a state_dict holds
  everything,  ///< and the optimizer's state: Adam's moments, or SGD's velocity, and steps
  gradients,   ///< the gradients only, under the parameters' names
};

/// Appends `prefix` + name for every tensor. Waits for the stream.
void append_network(TensorFile& file, const std::string& prefix, const NetworkLayout& layout, const NetworkState& state,
                    NetworkPart part, std::int64_t batches_tracked, StreamView stream);

/// Loads what append_network wrote. Throws DataError where a tensor is missing or of another type or shape. Ready when
/// it returns. Returns BatchNorm1d's num_batches_tracked (0 where the network has no batch norm).
std::int64_t load_network(const TensorFile& file, const std::string& prefix, const NetworkLayout& layout,
                          const NetworkState& state, NetworkPart part, StreamView stream);

/// Appends, or finds, a vector of 64-bit integers. find throws DataError where it is not there with that length.
void append_integers(TensorFile& file, const std::string& name, const std::vector<std::int64_t>& values);
std::vector<std::int64_t> find_integers(const TensorFile& file, const std::string& name, std::size_t count);

}  // namespace duel
