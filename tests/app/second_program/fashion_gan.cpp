// A second training program: all that it takes beside the library. It draws clothes of Fashion-MNIST.
#include "app/program.h"

namespace {

using duel::app::TrainOptions;

TrainOptions quick() {
  TrainOptions options;
  options.epochs = 5;
  options.sample_interval = 100;
  options.training.loss = duel::loss_kind<duel::CrossEntropy>();
  options.training.networks.image_size = 28;
  options.training.networks.latent_dim = 32;
  options.training.networks.generator_widths = {64, 128};
  options.training.networks.discriminator_widths = {96, 48};
  options.training.networks.batch_norm_eps = 1e-5f;
  return options;
}

TrainOptions smooth() {
  TrainOptions options = quick();
  options.epochs = 50;
  options.training.networks.generator_widths = {256, 512};
  options.training.real_label = 0.9;
  options.training.ema_decay = 0.999;
  return options;
}

const duel::app::TrainingProgram kProgram = {
    .name = "fashion_gan",
    .about = "Trains a generative adversarial network on Fashion-MNIST and draws clothes with it.",
    .presets = {{"quick", "small networks, a first look within a minute", quick()},
                {"smooth", "wider networks, smooth labels and averaged weights", smooth()}},
    .data = {"fashion_gan/fashion-mnist", "/usr/share/datasets/fashion-mnist", "dataset-fashion-mnist"}};

}  // namespace

int main(int argc, char** argv) {
  return duel::app::run(kProgram, argc, argv);
}
