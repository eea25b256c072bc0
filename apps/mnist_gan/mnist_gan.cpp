#include "apps/mnist_gan/mnist_gan.h"

#include "apps/mnist_gan/downloads.h"
#include "engine/configuration/enum_names.h"

namespace duel::app {
namespace {

/// Options and TrainingConfig start from the script's values.
TrainOptions blog() {
  TrainOptions options;
  options.training.networks.image_size = 28;
  options.training.networks.channels = 1;
  options.sample_statistics = BatchStatistics::batch;
  options.has_script_pictures = true;
  return options;
}

TrainOptions default_preset() {
  TrainOptions options = blog();
  options.sample_statistics = BatchStatistics::running;
  options.has_script_pictures = false;
  options.training.loss = loss_kind<CrossEntropy>();
  // BatchNorm1d's own value. With the script's 0.8 hidden layers are barely normalised, and it collapses to a few
  // digits.
  options.training.networks.batch_norm_eps = 1e-5f;
  // Chosen by the trials of docs/quality.md.
  options.training.optimizer.Adam::learning_rate = 4e-4;
  options.training.real_label = 0.9;
  options.training.ema_decay = 0.999;
  return options;
}

/// Goodfellow et al. 2014 on MNIST; numbers that the paper leaves out are those of its authors' mnist.yaml.
TrainOptions paper() {
  TrainOptions options;
  options.epochs = 250;
  options.train_images = 50'000;     // the last 10,000 of MNIST are for validation
  options.sample_interval = 500;     // an epoch
  options.collapse_patience = 3000;  // it looks well for the first time after 6,000 iterations
  TrainingConfig& training = options.training;
  training.networks = {.latent_dim = 100,
                       .generator_widths = {1200, 1200},
                       .discriminator_widths = {240, 240},
                       .leaky_slope = 0,
                       .generator_norm = NetworkNorm::none,
                       .image_head = ImageHead::sigmoid,
                       .latent_distribution = LatentDistribution::uniform,
                       .discriminator_unit = DiscriminatorUnit::maxout,
                       .maxout_pieces = 5,
                       .input_keep = 0.8f,
                       .hidden_keep = 0.5f,
                       .generator_init = 0.05f,
                       .discriminator_init = 0.005f};
  training.batch_size = 100;
  training.order = UpdateOrder::simultaneous;
  training.loss = loss_kind<CrossEntropy>();
  training.optimizer.kind = kind_of<SgdMomentum>;  // with the schedule that it begins with
  return options;
}

/// PyTorch-GAN's dcgan.py. Its dropout draws another mask for G's loss than for D's; here the same images have the same
/// masks.
TrainOptions dcgan() {
  TrainOptions options = blog();
  NetworkConfig& networks = options.training.networks;
  networks = with_networks(NetworkKind::dcgan, networks);
  networks.image_size = 32;
  options.has_script_pictures = false;
  return options;
}

/// The script's networks and optimizer in another game.
TrainOptions blog_playing(GameKind game) {
  TrainOptions options = blog();
  options.has_script_pictures = false;
  options.training = playing(game, options.training);
  return options;
}

/// PyTorch-GAN's wgan_gp.py. It updates G after every fifth of D's batches, which it counts from 0 in each epoch; here
/// an iteration is five updates of D, then one of G.
TrainOptions wgan_gp() {
  TrainOptions options = blog_playing(parse_name<GameKind>("wgan_gp"));
  options.training.order = UpdateOrder::discriminator_first;
  options.training.discriminator_steps = 5;
  options.sample_interval = 80;  // the script's 400, in batches of D
  return options;
}

/// PyTorch-GAN's wgan.py, whose updates come in the same order.
TrainOptions wgan() {
  TrainOptions options = wgan_gp();
  TrainingConfig& training = options.training;
  training = playing(parse_name<GameKind>("wgan"), training);
  training.optimizer.kind = kind_of<Rmsprop>;  // with PyTorch's alpha and eps
  training.optimizer.Rmsprop::learning_rate = 5e-5;
  return options;
}

}  // namespace

const TrainingProgram& mnist_gan() {
  static const TrainingProgram kProgram = {
      .name = "mnist_gan",
      .about = "Trains a generative adversarial network on MNIST and draws from it.",
      .presets = {{"default", "", default_preset()},
                  {"blog", "the published PyTorch script, exactly", blog()},
                  {"paper", "the networks and optimizer of Goodfellow et al. 2014", paper()},
                  {"dcgan", "convolutions, the settings of the published script at 32 x 32", dcgan()},
                  {"lsgan", "least squares, else as blog", blog_playing(parse_name<GameKind>("lsgan"))},
                  {"hinge", "the hinge loss, else as blog", blog_playing(parse_name<GameKind>("hinge"))},
                  {"wgan", "a clipped critic, the settings of the published script", wgan()},
                  {"wgan_gp", "a critic with a gradient penalty, the settings of the published script", wgan_gp()}},
      .data = {"mnist_gan/mnist", "/usr/share/datasets/fashion-mnist", "dataset-fashion-mnist"},
      .downloads = mnist_downloads()};
  return kProgram;
}

}  // namespace duel::app
