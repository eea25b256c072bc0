// Networks and counters as tensors of a file, under the names that PyTorch gives them.
#pragma once

#include <string>
#include <vector>

#include "engine/configuration/network_layout.h"
#include "engine/io/safetensors.h"
#include "engine/networks/device_tensor.h"
#include "engine/networks/network_state.h"

namespace duel {

/// Before the names of a checkpoint's tensors: of the networks, and of the average of the generator's weights.
inline constexpr const char* kGeneratorPrefix = "generator.";
inline constexpr const char* kDiscriminatorPrefix = "discriminator.";
inline constexpr const char* kAveragePrefix = "generator_average.";

/// Whether the file has such an average.
bool has_average(const TensorFile& file);
/// Whether it has a tensor of a discriminator.
bool has_discriminator(const TensorFile& file);

enum class NetworkPart {
  weights,     ///< parameters and running statistics: what a state_dict holds
  everything,  ///< and the optimizer's states and steps
  gradients,   ///< the gradients only, under the parameters' names
};

/// Appends `prefix` + name for every tensor. Waits for the stream.
void append_network(TensorFile& file, const std::string& prefix, const NetworkLayout& layout, const NetworkState& state,
                    NetworkPart part, std::int64_t batches_tracked, StreamView stream);

/// Appends prefix + name for every parameter and running statistic, where they lie.
void append_weights_on_device(std::vector<DeviceTensor>& tensors, const std::string& prefix,
                              const NetworkLayout& layout, const NetworkState& state);

/// What a file holds of a network, flat as in NetworkState, with padding of 0.
struct NetworkValues {
  std::vector<float> parameters, statistics;
  std::vector<float> optimizer_state[kMostOptimizerStates];  ///< of NetworkPart::everything: those that there are
  std::int64_t step = 0;                                     ///< likewise: of the optimizer
  std::int64_t batches_tracked = 0;  ///< BatchNorm1d's num_batches_tracked; 0 where the network has no batch norm
};

/// Reads what append_network wrote. Throws DataError that names the tensor where one is missing, of another type or
/// shape, or cannot be a state: a value that is not finite, a negative second moment or variance, a counter as in
/// find_counter.
NetworkValues read_network(const TensorFile& file, const std::string& prefix, const NetworkLayout& layout,
                           NetworkPart part, OptimizerKind optimizer = {});
/// Ready when it returns.
void upload_network(const NetworkValues& values, const NetworkState& state, StreamView stream);

/// Both: reads all, then uploads all. Returns batches_tracked.
std::int64_t load_network(const TensorFile& file, const std::string& prefix, const NetworkLayout& layout,
                          const NetworkState& state, NetworkPart part, StreamView stream);

/// Appends, or finds, a vector of 64-bit integers. find throws DataError where it is not there with that length, or
/// holds a negative number.
void append_integers(TensorFile& file, const std::string& name, const std::vector<std::int64_t>& values);
std::vector<std::int64_t> find_integers(const TensorFile& file, const std::string& name, std::size_t count);
/// A single one that counts on: so far from the end of 64 bits that no training gets there. Throws DataError.
std::int64_t find_counter(const TensorFile& file, const std::string& name);

}  // namespace duel
