// Where the tensors of a network lie in its flat arrays, and what PyTorch calls them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/configuration/config.h"
#include "kernels/convolution/geometry.h"

namespace duel {

/// A tensor within a flat array of floats.
struct TensorSlot {
  std::string name;  ///< as in the published script's state_dict, e.g. "model.3.weight"
  std::vector<std::int64_t> shape;
  std::size_t offset = 0;  ///< values
  std::size_t size() const;
  std::string module() const;  ///< "model.3" of "model.3.bias"
};

/// linear: batch norm may be a part of it. convolution: of an image in each column. batch_norm: by channel.
enum class LayerKind { linear, convolution, batch_norm };

/// A layer, linear or a convolution, or batch norm by itself; with an activation or without.
struct LayerSlots {
  LayerKind kind = LayerKind::linear;
  int in = 0, out = 0;  ///< values of a sample
  bool batch_norm = false;
  bool has_leaky_relu = false;                ///< at the end
  float eps = 0;                              ///< of batch norm
  int pieces = 0;                             ///< of maxout: rows of the weight for each output; 0: no maxout
  ConvolutionGeometry geometry = {};          ///< of a convolution
  int pixels = 1;                             ///< of a channel of the output, which batch norm and dropout do not tell
                                              ///< apart
  TensorSlot weight, bias;                    ///< in the parameters; weight [out * pieces, in], of convolutions
                                              ///< [channels, channels, kernel, kernel]; absent of kind batch_norm
  TensorSlot gamma, beta;                     ///< in the parameters, with batch norm only
  TensorSlot running_mean, running_variance;  ///< in the statistics, with batch norm only
  std::string batches_tracked;                ///< name of batch norm's counter
  bool embeds_classes = false;                ///< the network's first layer, with a label embedding
  TensorSlot u, v;                            ///< in the statistics, with spectral normalization only: singular vectors
                                              ///< of the weight as a matrix of shape[0] rows

  int rows() const { return pieces > 0 ? out * pieces : out; }  ///< of W x + b
  int channels() const { return out / pixels; }
  bool has_weight() const { return kind != LayerKind::batch_norm; }
  int weight_rows() const { return static_cast<int>(weight.shape[0]); }  ///< of the weight as a matrix
  int weight_columns() const { return static_cast<int>(weight.size()) / weight_rows(); }
  int taps() const { return weight_columns() / static_cast<int>(weight.shape[1]); }  ///< columns of an input
  bool has_spectral_norm() const { return !u.name.empty(); }
};

struct NetworkLayout {
  TensorSlot label_embedding;  ///< in the parameters [classes, classes]; without name: classes are read one-hot
  std::vector<LayerSlots> layers;
  int parameters = 0;  ///< values of the flat parameter array, padding between tensors included
  int statistics = 0;  ///< values of the flat array of running statistics and singular vectors

  std::vector<const TensorSlot*> parameter_slots() const;
  std::vector<const TensorSlot*> statistic_slots() const;
  std::int64_t parameter_count() const;  ///< without padding
  bool has_label_embedding() const { return !label_embedding.name.empty(); }
  int embedded_classes() const { return has_label_embedding() ? static_cast<int>(label_embedding.shape[0]) : 0; }
  bool has_batch_norm() const;     ///< in any layer
  bool has_spectral_norm() const;  ///< in all layers with a weight
};

// All of these throw ConfigError where a network has more parameters than an array's 32-bit length can say.

// Of a label embedding, which the first layer reads, the name is label_embedding.weight.

/// latent and class -> widths[0] -> ... -> pixels; batch norm, if any, after every hidden layer but the first. Of
/// dcgan: latent -> an image of widths[0] channels, batch norm -> for each further width twice the size, a convolution,
/// batch norm -> a convolution to the image's channels.
NetworkLayout generator_layout(const NetworkConfig& config);
/// What may differ between perceptrons.
struct PerceptronSettings {
  int pieces = 0;                                  ///< of maxout in hidden layers; 0: LeakyReLU
  bool drops_input = false, drops_hidden = false;  ///< modules of dropout, which stand in front of layers
  int embedded_classes = 0;                        ///< of a label embedding; 0: there is none
  const char* field = "widths";                    ///< what an error calls the widths
};
/// inputs -> widths[0] -> ... -> outputs; no batch norm.
NetworkLayout perceptron_layout(int inputs, const std::vector<int>& widths, int outputs,
                                const PerceptronSettings& settings = {});
/// pixels and class -> widths[0] -> ... -> 1. Of dcgan each width is a convolution that halves the size, with batch
/// norm, if any, after all but the first, whose activation comes before it. Spectral normalization, if any, is of all
/// weights, whose names are then those of torch.nn.utils.parametrizations.spectral_norm.
NetworkLayout discriminator_layout(const NetworkConfig& config);

}  // namespace duel
