// Where the tensors of a network lie in its flat arrays, and what PyTorch calls them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/configuration/config.h"

namespace duel {

/// A tensor within a flat array of floats.
struct TensorSlot {
  std::string name;  ///< as in the published script's state_dict, e.g. "model.3.weight"
  std::vector<std::int64_t> shape;
  std::size_t offset = 0;  ///< values
  std::size_t size() const;
};

/// A Linear layer; followed by batch norm where `batch_norm`, or by maxout where there are `pieces`.
struct LayerSlots {
  int in = 0, out = 0;
  bool batch_norm = false;
  int pieces = 0;                             ///< of maxout: rows of the weight for each output; 0: no maxout
  TensorSlot weight, bias;                    ///< in the parameters; weight [out * pieces, in]
  TensorSlot gamma, beta;                     ///< in the parameters, with batch norm only
  TensorSlot running_mean, running_variance;  ///< in the statistics, with batch norm only
  std::string batches_tracked;                ///< name of BatchNorm1d's counter

  int rows() const { return pieces > 0 ? out * pieces : out; }  ///< of the weight
};

struct NetworkLayout {
  std::vector<LayerSlots> layers;
  int parameters = 0;  ///< values of the flat parameter array, padding between tensors included
  int statistics = 0;  ///< values of the flat array of running statistics

  std::vector<const TensorSlot*> parameter_slots() const;
  std::vector<const TensorSlot*> statistic_slots() const;
  std::int64_t parameter_count() const;  ///< without padding
  bool has_batch_norm() const;           ///< in any layer
};

// All of these throw ConfigError where a network has more parameters than an array's 32-bit length can say.

/// latent and class -> widths[0] -> ... -> pixels; batch norm, if any, after every hidden layer but the first.
NetworkLayout generator_layout(const NetworkConfig& config);
/// Modules of dropout, which stand in front of layers.
struct DropoutModules {
  bool in_input = false, in_hidden = false;
};
/// inputs -> widths[0] -> ... -> outputs; no batch norm; hidden layers with maxout of `pieces`, unless that is 0.
/// `field`: what an error calls the widths.
NetworkLayout perceptron_layout(int inputs, const std::vector<int>& widths, int outputs, int pieces = 0,
                                DropoutModules dropout = {}, const char* field = "widths");
/// pixels and class -> widths[0] -> ... -> 1.
NetworkLayout discriminator_layout(const NetworkConfig& config);

}  // namespace duel
