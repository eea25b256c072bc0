#include "engine/training/fused_pass.h"

#include <string>

#include "engine/networks/forward_pass.h"
#include "engine/networks/fused_discriminator.h"
#include "engine/networks/latents.h"
#include "engine/networks/layer_arguments.h"
#include "engine/networks/layer_range.h"
#include "engine/training/player_losses.h"
#include "kernels/ops/fused_inputs/fused_inputs.h"

namespace duel {
namespace {

class PassRecorder {
 public:
  PassRecorder(const StepContext& context, const FusedPass& pass, TaskList& list)
      : context_(context),
        pass_(pass),
        list_(list),
        real_(pass.players == Players::generator ? 0 : pass.batch),
        activations_(context.memory.activations.for_batch(real_, pass.batch)),
        hidden_layers_(networks(), context.layouts.discriminator, discriminator(), activations_, real_, masks(), list) {
  }

  void record() {
    inputs();
    generator_forward();
    hidden_layers_.forward();
    hidden_layers_.unit_gradients();
    head();
    if (updates_generator()) hidden_layers_.gradient_of_images(image_activation(networks()));
    if (updates_discriminator()) hidden_layers_.scale_unit_gradients();
    losses();
    if (updates_discriminator()) discriminator_gradients();
    if (updates_generator()) generator_backward();
    const Optimizer& optimizer = context_.config.optimizer;
    if (updates_discriminator()) record_update(discriminator(), optimizer, "update discriminator", list_);
    if (updates_generator()) record_update(generator(), optimizer, "update generator", list_);
  }

 private:
  bool updates_generator() const { return pass_.players != Players::discriminator; }
  bool updates_discriminator() const { return pass_.players != Players::generator; }
  const NetworkConfig& networks() const { return context_.config.networks; }
  const NetworkState& generator() const { return context_.memory.generator; }
  const NetworkState& discriminator() const { return context_.memory.discriminator; }
  const std::vector<LayerSlots>& generator_layers() const { return context_.layouts.generator.layers; }
  const std::vector<LayerSlots>& discriminator_layers() const { return context_.layouts.discriminator.layers; }

  Matrix<const float> generator_input(std::size_t layer) const {
    return layer == 0 ? activations_.latents : activations_.generator[layer - 1].output;
  }
  // They count the real images of a batch first, also where only the generated ones pass.
  DropoutMasks masks() const {
    return {.seed = context_.config.seed,
            .draw = pass_.draw,
            .first_sample = pass_.batch - real_,
            .clock = context_.memory.clock};
  }

  void gradient(const char* player, const NetworkState& state, std::size_t index, const LayerSlots& layer,
                Matrix<const float> d_linear, Matrix<const float> input) {
    list_.add(fused_update_op(), layer_gradient(state, layer, d_linear, input),
              layer_range("gradient", index, player, layer));
  }

  void inputs() {
    if (pass_.inputs == Inputs::given) return;
    list_.add(fused_inputs_op(),
              {.seed = context_.config.seed,
               .clock = context_.memory.clock,
               .draw = pass_.draw,
               .latents = activations_.latents,
               .limit = latent_limit(networks()),
               .images = real_ > 0 ? context_.dataset : Matrix<const std::uint8_t>{},
               .offset = pass_.offset,
               .real_count = real_,
               .output = real_ > 0 ? activations_.images : Matrix<float>{},
               .range = networks().image_range()},
              "inputs");
  }

  void generator_forward() {
    record_generator({.networks = networks(),
                      .layout = context_.layouts.generator,
                      .state = generator(),
                      .activations = activations_,
                      .momentum = networks().batch_norm_momentum,
                      .first_column = real_},
                     list_);
  }

  void head() {
    const auto section = list_.section("discriminator");
    const LayerSlots& layer = discriminator_layers().back();
    FusedHead<float> head{.input = activations_.discriminator.back().output,
                          .weight = hidden_layers_.head_weight(),
                          .bias = linear_views(discriminator(), layer).bias,
                          .losses = player_losses(context_.config, pass_.batch),
                          .real_columns = real_,
                          .judgement = activations_.judgement};
    if (updates_discriminator()) {
      head.discriminator_terms = activations_.discriminator_terms;
      head.d_discriminator = activations_.d_discriminator;
    }
    if (updates_generator()) {
      head.generator_terms = activations_.generator_terms;
      head.d_generator = activations_.d_generator;
    }
    list_.add(fused_head_op(), head, layer_range("forward", discriminator_layers().size() - 1, "fused_head", layer));
  }

  void losses() {
    FusedLosses<float> losses{.judgement = activations_.judgement,
                              .real_columns = real_,
                              .optimizer = context_.config.optimizer,
                              .clock = context_.memory.clock};
    if (updates_discriminator()) {
      losses.discriminator_terms = activations_.discriminator_terms;
      losses.discriminator_statistics = context_.memory.discriminator_statistics;
      losses.discriminator = discriminator().progress;
    }
    if (updates_generator()) {
      losses.generator_terms = activations_.generator_terms;
      losses.generator_statistics = context_.memory.generator_statistics;
      losses.generator = generator().progress;
    }
    list_.add(fused_losses_op(), losses, "losses");
  }

  void discriminator_gradients() {
    for (std::size_t i = 0; i < activations_.discriminator.size(); ++i) {
      gradient("discriminator", discriminator(), i, discriminator_layers()[i], activations_.discriminator[i].d_linear,
               hidden_layers_.input(i));
    }
    const std::size_t head = discriminator_layers().size() - 1;
    gradient("discriminator", discriminator(), head, discriminator_layers()[head],
             {activations_.d_discriminator.data, 1, activations_.d_discriminator.rows}, hidden_layers_.input(head));
  }

  // Down G; the gradient of a layer's parameters comes after that of its input, which uses its weight.
  void generator_backward() {
    Matrix<const float> d_linear = activations_.d_images;
    for (std::size_t i = generator_layers().size() - 1; i > 0; --i) {
      gradient_below(i, d_linear);
      gradient("generator", generator(), i, generator_layers()[i], d_linear, generator_input(i));
      d_linear = activations_.generator[i - 1].d_linear;
    }
    gradient("generator", generator(), 0, generator_layers().front(), d_linear, generator_input(0));
  }

  void gradient_below(std::size_t i, Matrix<const float> d_linear) {
    const auto section = list_.section("generator");
    const LayerSlots &layer = generator_layers()[i], &layer_below = generator_layers()[i - 1];
    const auto& below = activations_.generator[i - 1];
    FusedGradient<float> gradient{.weight = linear_views(generator(), layer).weight,
                                  .d_linear = d_linear,
                                  .slope = networks().leaky_slope,
                                  .output = below.output,
                                  .d_below = below.d_linear};
    if (layer_below.batch_norm) {
      const BatchNormViews norm = batch_norm_views(generator(), layer_below);
      gradient.normalized = below.normalized;
      gradient.inverse_deviation = below.inverse_deviation;
      gradient.gamma.value = norm.gamma, gradient.gamma.gradient = norm.d_gamma;
      gradient.beta.value = norm.beta, gradient.beta.gradient = norm.d_beta;
    }
    list_.add(fused_gradient_op(), gradient, layer_range("backward", i, "fused_gradient", layer));
  }

  const StepContext& context_;
  const FusedPass& pass_;
  TaskList& list_;
  int real_;
  FusedActivations activations_;
  FusedDiscriminator hidden_layers_;  // of D
};

}  // namespace

void record_fused_pass(const StepContext& context, const FusedPass& pass, TaskList& list) {
  PassRecorder(context, pass, list).record();
}

}  // namespace duel
