// Trains a tiny GAN on the images of a folder, with an optimizer's kernel of its own, and draws from it.
#include <duel/engine.h>

#include <cstdio>
#include <exception>
#include <span>

void add_adam(duel::KernelSelection& kernels);  // adam.cu

int main(int argc, char** argv) try {
  if (argc != 2) return std::puts("usage: tiny_gan FOLDER_OF_IDX_FILES"), 2;
  duel::select_device("auto", 0);
  const duel::ImageSet images = duel::read_idx_folder_images(argv[1], duel::Split::train);

  duel::TrainingConfig config;
  config.networks.image_size = images.height;
  config.networks.latent_dim = 16;
  config.networks.generator_widths = {32, 64};
  config.networks.discriminator_widths = {64, 32};
  config.batch_size = 32;
  config.step = duel::StepKind::plain;
  duel::KernelSelection kernels;
  add_adam(kernels);
  kernels.choose("adam=one_value_per_thread");

  duel::Trainer trainer(config, images, kernels);
  trainer.run(100, [](std::span<const duel::IterationStats> stats) {
    const duel::IterationStats& last = stats.back();
    std::printf("%3d: D %.3f, G %.3f\n", int(last.iteration), last.discriminator_loss, last.generator_loss);
  });
  const duel::FloatImages drawn =
      trainer.generate(duel::draw_latents(16, config.networks, 1), duel::BatchStatistics::running);
  duel::write_png("samples.png",
                  duel::image_grid(drawn.values, drawn.count, drawn.channels, drawn.height, drawn.width, 4));
  duel::write_safetensors("tiny_gan.safetensors", trainer.state());
} catch (const std::exception& error) {
  return std::fprintf(stderr, "tiny_gan: %s\n", error.what()), 1;
}
