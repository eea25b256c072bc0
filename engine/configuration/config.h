// Public. Everything that decides what a training run computes. Plain values with the published script's defaults.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/image_range.h"
#include "kernels/losses/losses.h"
#include "kernels/op.h"
#include "kernels/optimizers/optimizers.h"
#include "kernels/penalties/penalties.h"

namespace duel {

/// What both networks are made of. mlp: the published script's linear layers. dcgan: convolutions, those of A. Radford
/// et al., Unsupervised representation learning with deep convolutional GANs (2016), in the form of PyTorch-GAN's
/// dcgan.py.
enum class NetworkKind { mlp, dcgan };

/// batch: batch norm in hidden layers but the first, of dcgan see engine/configuration/network_layout.h. spectral: the
/// weights of all layers are divided by nearly their largest singular values (kernels/ops/spectral_norm).
enum class NetworkNorm { batch, spectral, none };

/// The generator's last activation. It decides the range of all pixels: [-1, 1] or [0, 1].
enum class ImageHead { tanh, sigmoid };

/// Of latents: N(0, 1), or the uniform distribution of the same variance, U(-sqrt(3), sqrt(3)).
enum class LatentDistribution { normal, uniform };

/// The discriminator's hidden units. maxout: the largest of some linear functions (kernels/ops/maxout).
enum class DiscriminatorUnit { leaky_relu, maxout };

/// What networks of a conditional GAN read of an image's class: a one-hot vector, or a learned one of the same length
/// (kernels/ops/label_embedding), each network its own.
enum class ClassInput { one_hot, embedding };

/// Sizes of generator and discriminator; the last layer of each follows from the image and from the task.
struct NetworkConfig {
  NetworkKind kind = NetworkKind::mlp;
  int latent_dim = 100;
  int image_size = 28;  ///< height and width, pixels
  int channels = 1;
  int classes = 0;  ///< of a conditional GAN, both of whose networks read an image's class; 0: neither does
  ClassInput class_input = ClassInput::one_hot;
  std::vector<int> generator_widths = {128, 256, 512, 1024};  ///< of hidden layers; of dcgan channels
  std::vector<int> discriminator_widths = {512, 256};
  float leaky_slope = 0.2f;
  float batch_norm_eps = 0.8f;                         ///< the script passes 0.8 where BatchNorm1d expects eps
  float batch_norm_momentum = 0.1f;                    ///< share of the new batch in the running statistics
  NetworkNorm generator_norm = NetworkNorm::batch;     ///< batch or none
  NetworkNorm discriminator_norm = NetworkNorm::none;  ///< batch: of dcgan only
  ImageHead image_head = ImageHead::tanh;
  LatentDistribution latent_distribution = LatentDistribution::normal;
  DiscriminatorUnit discriminator_unit = DiscriminatorUnit::leaky_relu;
  int maxout_pieces = 5;         ///< linear functions of a maxout unit
  float input_keep = 1;          ///< dropout: probability that D keeps a pixel; 1: no dropout
  float hidden_keep = 1;         ///< the same of outputs of D's hidden layers, of dcgan of channels
  float generator_init = 0;      ///< initial weights U(-r, r) and biases 0; 0: those of torch.nn.Linear, of dcgan's
                                 ///< convolutions N(0, 0.02)
  float discriminator_init = 0;  ///< the same of D

  int pixels() const { return image_size * image_size * channels; }  ///< values of one image
  bool embeds_classes() const { return classes > 0 && class_input == ClassInput::embedding; }
  int generator_inputs() const { return latent_dim + classes; }  ///< a latent and a class
  /// Values of D's input that are of the same class: of dcgan a plane of its image, each class being a channel.
  int pixels_of_class() const { return kind == NetworkKind::dcgan ? image_size * image_size : 1; }
  int discriminator_inputs() const { return pixels() + classes * pixels_of_class(); }  ///< an image and its class
  ImageRange image_range() const {
    return image_head == ImageHead::sigmoid ? ImageRange::zero_to_one : ImageRange::minus_one_to_one;
  }
  bool operator==(const NetworkConfig&) const = default;
};

/// The same settings with such networks, whose widths, norms and dropout are those of their script. Unchanged where
/// they are of that kind.
NetworkConfig with_networks(NetworkKind kind, NetworkConfig config);

/// generator_first: the published script. discriminator_first: Algorithm 1 of Goodfellow et al. 2014. simultaneous: the
/// code of that paper: both gradients, of the last discriminator step, from the same parameters and generated images.
enum class UpdateOrder { generator_first, discriminator_first, simultaneous };

/// How an iteration is computed; both compute the same up to rounding. fused: the least work, few kernels, an update in
/// the kernel of its gradient, nothing stored that nobody reads. plain: one op after another, gradients in memory.
enum class StepKind { fused, plain };

/// Of gradient penalties of D's loss; 0: there is none. At most one is above 0.
class PenaltyWeights {
 public:
  double& operator[](PenaltyKind kind) { return values_[static_cast<std::size_t>(kind)]; }
  const double& operator[](PenaltyKind kind) const { return values_[static_cast<std::size_t>(kind)]; }

  /// The one whose weight is above 0.
  std::optional<PenaltyKind> chosen() const;

  bool operator==(const PenaltyWeights&) const = default;

 private:
  std::array<double, kPenaltyCount> values_{};
};

struct TrainingConfig {
  NetworkConfig networks;
  Optimizer optimizer;  ///< both players use the same settings and an optimizer state of their own
  int batch_size = 64;
  LossKind loss = loss_kind<ClampedCrossEntropy>();
  double real_label = 1;  ///< of real images in the discriminator's loss; below 1: one-sided label smoothing
  PenaltyWeights penalty_weights;
  double ema_decay = 0;  ///< of the average of the generator's weights, for one iteration; 0: there is no average
  GeneratorLoss generator_loss = GeneratorLoss::non_saturating;
  UpdateOrder order = UpdateOrder::generator_first;
  int discriminator_steps = 1;  ///< k of Algorithm 1: discriminator updates per generator update
  double weight_clip = 0;       ///< each of D's parameters is put back to within ±this after an update; 0: never
  StepKind step = StepKind::fused;
  Precision precision = Precision::fp32;  ///< of the factors of products
  std::uint64_t seed = 0;                 ///< initial weights, latents and the order of the images

  bool operator==(const TrainingConfig&) const = default;
};

/// Iterations between two moves of the average of the generator's weights, for its traffic.
inline constexpr int kAverageInterval = 8;

/// A field of a configuration that cannot be obeyed: "batch_size is 1; expected a whole number from 2 to 65536".
class ConfigError : public std::invalid_argument {
 public:
  ConfigError(const std::string& field, const std::string& found, const std::string& expected);

  const std::string& field() const { return field_; }      ///< "batch_size", "generator_widths[1]"
  const std::string& problem() const { return problem_; }  ///< what follows the field's name: " is 1; expected ..."

 private:
  std::string field_, problem_;
};

/// Throws ConfigError for the first field out of range, and for networks with more parameters than kernels can address.
void validate(const TrainingConfig& config);

}  // namespace duel
