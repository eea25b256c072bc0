#include "engine/training/least_work.h"

#include <any>

#include "engine/training/trainer.h"
#include "kernels/catalog.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

constexpr double kGenerator = 1'510'032, kDiscriminator = 533'505;  // parameters of the script's networks

TEST_CASE("the script's iteration takes 933.6 MFLOP at batch 64") {
  const double first = 100 * 128, hidden = 128 * 256 + 256 * 512 + 512 * 1024, last = 1024 * 784;
  const double generator = first + hidden + last;
  const double d_first = 784 * 512, d_behind = 512 * 256 + 256;
  const double forward = generator + 2 * (d_first + d_behind);
  const double hidden_gradients = 2 * d_behind + d_first + (hidden + last);  // D for both batches, images, G
  const double weight_gradients = 2 * (d_first + d_behind) + generator;
  const double flops = least_work({}).flops;
  CHECK(flops == 2 * 64 * (forward + hidden_gradients + weight_gradients));
  CHECK(flops == 933'560'320);
}

TEST_CASE("the script's bytes: parameters and moments, outputs and gradients, images") {
  const double generator_outputs = 128 + 256 + 512 + 1024 + 784, discriminator_outputs = 512 + 256 + 1;
  const double bytes =
      24 * (kGenerator + kDiscriminator) + 64 * 16 * generator_outputs + 128 * 16 * discriminator_outputs + 64 * 784;
  CHECK(least_work({}).bytes == bytes);
}

TEST_CASE("operations grow with the batch, parameters do not - width 2 is about four times the work") {
  TrainingConfig config;
  const LeastWork one = least_work(config);
  config.batch_size = 640;
  const LeastWork ten = least_work(config);
  CHECK(ten.flops == 10 * one.flops);
  const double parameters = 24 * (kGenerator + kDiscriminator);
  CHECK(ten.bytes - parameters == 10 * (one.bytes - parameters));
  config = {};
  for (int& width : config.networks.generator_widths) width *= 2;
  for (int& width : config.networks.discriminator_widths) width *= 2;
  CHECK(least_work(config).flops > 2 * one.flops);
  CHECK(least_work(config).flops < 4 * one.flops);
  CHECK(least_work({.step = StepKind::plain}).flops == one.flops);  // the least is the least, whatever is done
}

TEST_CASE("maxout multiplies a layer's weights, SGD has one moment less, simultaneous updates share a pass") {
  TrainingConfig config;
  config.networks = {.latent_dim = 2,
                     .image_size = 2,
                     .generator_widths = {3},
                     .discriminator_widths = {5},
                     .discriminator_unit = DiscriminatorUnit::maxout,
                     .maxout_pieces = 3};
  config.batch_size = 4;
  config.step = StepKind::plain;
  const double generate = 2 * 3 + 3 * 4, judge = 60 + 5 + 5, update_d = 65, update_g = 60 + 12 + 18;
  CHECK(least_work(config).flops == 2 * 4 * (generate + 2 * judge + 2 * update_d + update_g));
  const LeastWork adam = least_work(config);
  config.optimizer.kind = kind_of<SgdMomentum>;
  const double parameters = (2 * 3 + 3 + 3 * 4 + 4) + (60 + 15 + 5 + 1);
  CHECK(adam.bytes - least_work(config).bytes == 8 * parameters);
  const double generator_first = least_work(config).flops;
  config.order = UpdateOrder::simultaneous;
  CHECK(least_work(config).flops == generator_first);
}

TEST_CASE("classes widen both first layers, but not the gradient of the images") {
  TrainingConfig config;
  const LeastWork without = least_work(config);
  config.networks.classes = 10;
  const LeastWork with = least_work(config);
  const double generator = 10 * 128, discriminator = 10 * 512;  // weights
  CHECK(with.flops - without.flops == 2 * 64 * (2 * generator + 2 * 2 * discriminator));
  CHECK(with.bytes - without.bytes == 24 * (generator + discriminator));
}

TEST_CASE("classes are channels of D's first convolution, and the gradient of the images is that of the first alone") {
  TrainingConfig config;
  config.networks = with_networks(NetworkKind::dcgan, config.networks);
  const LeastWork without = least_work(config);
  config.networks.classes = 10;
  const LeastWork with = least_work(config);
  // Of each axis 14 places of 3 taps, the first of which lacks one.
  const double generator = 10 * 128 * 49, discriminator = 10.0 * 16 * 41 * 41;
  CHECK(with.flops - without.flops == 2 * 64 * (2 * generator + 2 * 2 * discriminator));
}

TEST_CASE("a discriminator that goes first shares no pass with the generator") {
  TrainingConfig config;
  config.networks = {.latent_dim = 2, .image_size = 2, .generator_widths = {3}, .discriminator_widths = {5}};
  config.batch_size = 4;
  const double generate = 2 * 3 + 3 * 4, judge = 20 + 5 + 5, update_d = 25, update_g = 20 + 12 + 18;
  CHECK(least_work(config).flops == 2 * 4 * (generate + 2 * judge + 2 * update_d + update_g));
  config.order = UpdateOrder::discriminator_first;
  const double discriminator_step = generate + 2 * judge + 2 * update_d;
  CHECK(least_work(config).flops == 2 * 4 * (discriminator_step + generate + judge + update_g));
  config.discriminator_steps = 3;
  CHECK(least_work(config).flops == 2 * 4 * (3 * discriminator_step + generate + judge + update_g));
  config.order = UpdateOrder::generator_first;
  CHECK(least_work(config).flops == 2 * 4 * (3 * discriminator_step + update_g));

  // Bytes of one discriminator step after the first: G's parameters once, D's updated, outputs and gradients, images.
  const double three = least_work(config).bytes;
  config.discriminator_steps = 2;
  const double g = (6 + 3) + (12 + 4), d = (20 + 5) + (5 + 1);
  CHECK(three - least_work(config).bytes == 4 * g + 24 * d + 8 * 4 * (3 + 4) + 16 * 8 * (5 + 1) + 4 * 4);
}

}  // namespace
}  // namespace duel

namespace {

// Bytes of every tensor that an op touches, read and written each once. Of the dataset it reads `pixels` only.
struct Bytes {
  double pixels, sum = 0;

  template <class T, int kRank>
  void reads(const char*, const duel::View<T, kRank>& view) {
    if (!view) return;
    sum += sizeof(T) == 1 ? pixels : static_cast<double>(view.bytes());
  }
  void writes(const char* name, const auto& view) { reads(name, view); }
  void updates(const char* name, const auto& view) {
    reads(name, view);
    writes(name, view);
  }
};

}  // namespace

TEST_CASE("the kernels of a fused iteration move at most 1.3 times the calculated least") {
  const duel::TrainingConfig config;
  const duel::ImageSet images = duel::test::striped_images(config.networks, config.batch_size);
  const duel::Trainer trainer(config, images);
  const auto& uses = trainer.kernels().used_arguments();
  CHECK(uses.size() == 27);  // no two parts of the iteration are alike: each is there once
  Bytes counted{static_cast<double>(config.batch_size) * config.networks.pixels()};
  for (const std::any& use : uses) {
    duel::for_each_op([&]<class Arguments>(const duel::Op<Arguments>&) {
      if (const auto* arguments = std::any_cast<Arguments>(&use)) {
        Arguments copy = *arguments;
        visit(copy, counted);
      }
    });
  }
  // A forward and a backward level read each weight, besides its update, unless a cache keeps it from one to the next.
  const double weights = 1'510'032 + 533'505;
  const double least = duel::least_work(config).bytes + 2 * 4 * weights;
  CAPTURE(counted.sum, least, duel::least_work(config).bytes);
  CHECK(counted.sum < 1.3 * least);
  CHECK(counted.sum > duel::least_work(config).bytes);
}
