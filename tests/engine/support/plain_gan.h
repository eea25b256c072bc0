// The training iteration of the published script, and of the 2014 paper's authors, written once more in the plainest
// way, in double precision: what the engine must agree with. Only the sizes and rates of a configuration come from the
// engine. Of convolutions, PyTorch-GAN's dcgan.py. Source: the script (generator step, then discriminator step on the
// same detached images); torch.nn.BCELoss, torch.optim.Adam; the paper's mnist.yaml and pylearn2's Momentum,
// MomentumAdjustor and ExponentialDecay.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/configuration/config.h"
#include "tests/engine/support/plain_modules.h"

namespace duel::test {

/// Mistakes that one makes when rewriting the script. Tests commit them to show that a comparison would notice.
enum class Mistake {
  none,
  no_clamp,                  ///< BCELoss without its clamps
  no_half,                   ///< discriminator loss not divided by 2
  biased_running_variance,   ///< running variance from the biased one
  images_after_update,       ///< discriminator judges images of the updated generator
  generator_gradients_kept,  ///< the generator step's gradients stay in the discriminator
  no_bias_correction,        ///< Adam without it
  eps_inside_root,           ///< sqrt(v + eps) instead of sqrt(v) + eps
  no_penalty_gradient,       ///< the gradient penalty is part of the loss alone
  real_classes_for_all,      ///< D is told of generated images what the real ones are
  classes_in_penalty,        ///< the penalty is of the gradient with respect to classes, too
  one_norm_for_both,         ///< D's batch norm takes real and generated images together
  constant_sigma,            ///< the gradient of D's spectral normalization takes sigma for a constant
  frozen_embedding,          ///< label embeddings do not learn
  step_for_each_kind,        ///< a step of the power iteration for real and for generated images
};

/// What the script prints.
struct PlainIteration {
  double discriminator_loss, generator_loss;
  double d_real, d_fake;  ///< means over the batch of the (last) discriminator step
  double penalty = 0;     ///< in discriminator_loss
};

using Labels = std::vector<std::uint8_t>;

class PlainGan {
 public:
  /// All weights are 0 until set through parameters().
  explicit PlainGan(const TrainingConfig& config, Mistake mistake = Mistake::none);
  PlainGan(const PlainGan&) = delete;
  PlainGan& operator=(const PlainGan&) = delete;

  /// One iteration on latents [batch][latent_dim] and real images [batch][pixels], and their labels where there are
  /// classes; every step of it uses all.
  PlainIteration iterate(const Rows& latents, const Rows& images, const Labels& real = {},
                         const Labels& generated = {});
  /// G(z) in training mode, the running statistics left alone.
  Rows generate(const Rows& latents, const Labels& labels = {});

  /// Under the names of the script's state_dicts: "generator.model.0.weight", "generator.model.3.running_mean", ...
  std::map<std::string, PlainParameter*> parameters() const;
  std::map<std::string, Row*> statistics() const;

  std::int64_t generator_steps = 0, discriminator_steps = 0;  ///< of the optimizers
  std::int64_t iteration = 0, iterations_per_epoch = 1;
  double nearest_kink = 0;  ///< of all LeakyReLU and maxout units in the last iteration

 private:
  struct Loss {
    double value = 0;
    Rows d_logits;
    double mean_judgement = 0;
  };
  void add_generator();
  void add_discriminator();
  void add_dcgan_generator();
  void add_dcgan_discriminator();
  void add_head();
  void add_embedding(Sequential& network, int values_of_each);
  int values_of_class() const;  ///< of D's input
  BatchNormSettings norm(float eps) const;
  /// D(images), images that stand `first_row` rows behind the first real one of their batch.
  Rows judge(const Rows& images, int first_row, const Labels& labels);
  WeightNorm weight_norm() const;  ///< D's
  /// dL/d images of the images judged last.
  Rows through_discriminator(const Rows& d_scores);
  /// torch.cat((rows, torch.nn.functional.one_hot(labels, classes).repeat_interleave(values_of_each, 1)), 1)
  Rows with_classes(Rows rows, const Labels& labels, int values_of_each) const;
  bool is_kept(int layer, double keep, int row, int column) const;
  Rows next_batch(const Rows& latents);
  Loss loss_of(const Rows& logits, double label) const;
  static Loss minus_mean(const Rows& scores);
  /// Of the hinge loss and of a critic, whose D minimises a sum of means and whose G minus a mean.
  bool is_of_scores() const { return config_.loss == loss_kind<Hinge>() || config_.loss == loss_kind<Wasserstein>(); }
  void generator_gradients(const Rows& fake, PlainIteration& report);
  void discriminator_gradients(const Rows& real, const Rows& fake, PlainIteration& report);
  /// Adds the penalty's gradients to those of D; the penalty.
  double penalty_gradients(const Rows& real, const Rows& fake);
  Rows penalty_points(const Rows& real, const Rows& fake) const;
  void update_generator() { update(generator_, generator_steps); }
  void update_discriminator();
  void update(Sequential& network, std::int64_t& steps);
  void adam(Sequential& network, double step);
  void sgd(Sequential& network, double step);

  TrainingConfig config_;
  Mistake mistake_;
  Sequential generator_, discriminator_;
  std::uint32_t draw_ = 0;  ///< of the batch of generated images at hand, within the iteration, from 1
  int first_row_ = 0;       ///< of the images on their way through D
  Labels real_labels_, generated_labels_;
};

}  // namespace duel::test
