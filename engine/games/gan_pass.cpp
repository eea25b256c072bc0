#include "engine/games/gan_pass.h"

#include "engine/networks/activated_layer.h"
#include "engine/networks/gan_networks.h"
#include "engine/networks/latents.h"
#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/ops/class_rows/class_rows.h"
#include "kernels/ops/discriminator_head/discriminator_head.h"
#include "kernels/ops/gradient_penalty/gradient_penalty.h"
#include "kernels/ops/mean_losses/mean_losses.h"
#include "kernels/ops/scale_columns/scale_columns.h"

namespace duel {
namespace {

PlayerLosses<float> player_losses(const TrainingConfig& config, int batch) {
  const auto images = static_cast<float>(batch);
  return {.kind = config.loss,
          .real_label = static_cast<float>(config.real_label),
          .generator_loss = config.generator_loss,
          .discriminator_weight = static_cast<float>(facts_of(config.loss).discriminator_share) / images,
          .generator_weight = 1.f / images};
}

class PassRecorder {
 public:
  PassRecorder(const StepContext& context, const GanPass& pass, TaskList& list)
      : context_(context),
        config_(context.config),
        pass_(pass),
        list_(list),
        real_(pass.players == Players::generator ? 0 : pass.batch),
        points_(context.memory.activations.points(real_)),
        memory_(context.memory.activations.for_batch(real_, pass.batch)),
        input_mask_(dropout_mask(networks(), masks(), 0)),
        serves_both_(!context.layouts.discriminator.has_batch_norm()),
        generator_layers_(generator_layers(networks(), context.layouts.generator, generator(), memory_.generator,
                                           {.momentum = networks().batch_norm_momentum}, real_)),
        discriminator_layers_(discriminator_layers(networks(), context.layouts.discriminator, discriminator(),
                                                   memory_.discriminator, masks(),
                                                   {.momentum = networks().batch_norm_momentum, .split = real_})) {}

  void record() {
    if (pass_.inputs == Inputs::drawn) inputs();
    if (networks().classes > 0) classes();
    generate();
    if (points_ > 0) points();
    judge();
    serves_both_ ? one_chain() : chain_for_each();
    if (updates_generator()) generator_gradients();
    if (updates_discriminator()) {
      record_update(context_.layouts.discriminator, discriminator(), config_.optimizer, "update discriminator", list_,
                    config_.weight_clip > 0 ? static_cast<float>(config_.weight_clip) : kNoLimit);
    }
    if (updates_generator()) {
      record_update(context_.layouts.generator, generator(), config_.optimizer, "update generator", list_);
    }
  }

 private:
  // Of the scores, for both players.
  void one_chain() {
    score_gradients();
    head();
    if (points_ > 0) penalty();
    if (updates_generator()) gradient_of_images({.first_column = real_, .factor = d_generator()});
    if (updates_discriminator()) scale_score_gradients();
    losses();
    if (updates_discriminator()) discriminator_gradients(memory_.scaled);
  }

  // First of G's loss, to the generated images; then that of D's takes its place.
  void chain_for_each() {
    head();
    if (updates_generator()) {
      loss_gradients(memory_.d_generator, {.first_column = real_, .below_column = real_, .learns = false});
      gradient_of_images({.first_column = real_, .learns = false});
    }
    losses();
    if (!updates_discriminator()) return;
    loss_gradients(memory_.d_discriminator, {});
    std::vector<Matrix<float>> d_linear;
    for (const LayerMemory& layer : memory_.discriminator) d_linear.push_back(layer.d_linear);
    discriminator_gradients(d_linear);
  }

  bool updates_generator() const { return pass_.players != Players::discriminator; }
  bool updates_discriminator() const { return pass_.players != Players::generator; }
  const NetworkConfig& networks() const { return config_.networks; }
  const NetworkState& generator() const { return context_.memory.generator; }
  const NetworkState& discriminator() const { return context_.memory.discriminator; }

  // Masks are numbered with the real images of a batch first, also where only the generated ones pass.
  DropoutMasks masks() const {
    return {
        .seed = config_.seed, .draw = pass_.draw, .first_sample = pass_.batch - real_, .clock = context_.memory.clock};
  }

  void inputs() {
    list_.add(batch_inputs_op(),
              {.seed = config_.seed,
               .clock = context_.memory.clock,
               .draw = pass_.draw,
               .latents = memory_.generator_input.values(),
               .limit = latent_limit(networks()),
               .drawn_labels = memory_.generated_labels,
               .classes = networks().classes,
               .images = real_ > 0 ? context_.dataset : Matrix<const std::uint8_t>{},
               .offset = pass_.offset,
               .real_count = real_,
               .output = real_ > 0 ? memory_.images : Matrix<float>{},
               .labels = is_told_real_classes() ? context_.labels : Vector<const std::uint8_t>{},
               .output_labels = is_told_real_classes() ? memory_.real_labels : Vector<std::uint8_t>{},
               .range = networks().image_range()},
              "inputs");
  }

  bool is_told_real_classes() const { return real_ > 0 && networks().classes > 0; }

  // A point's class is its real image's.
  void classes() {
    list_.add(class_rows_op(),
              {.real_labels = memory_.real_labels,
               .generated_labels = memory_.generated_labels,
               .discriminator = memory_.discriminator_input.class_rows(),
               .generator = memory_.generator_input.class_rows(),
               .pixels = networks().pixels_of_class()},
              "classes");
  }

  void generate() {
    const auto section = list_.section("generator");
    record_parametrization(context_.layouts.generator, generator(), true, list_);
    record_forward(generator_layers_, memory_.generator_input.all, {}, list_);
  }

  int first_point() const { return real_ + pass_.batch; }

  void points() {
    list_.add(penalty_points_op(),
              {.kind = *config_.penalty_weights.chosen(),
               .seed = config_.seed,
               .draw = pass_.draw,
               .clock = context_.memory.clock,
               .count = points_,
               .images = memory_.images},
              "penalty points");
  }

  // The gradients of the points' scores, g, take the points' places in the images and, as directions, those in the
  // layers above: the penalty's gradient of a weight is then one more product of the same columns. Classes have no
  // part in g: 0 takes their places.
  // docs/training-step.md derives it.
  void penalty() {
    const auto section = list_.section("discriminator");
    const PenaltyKind kind = *config_.penalty_weights.chosen();
    // There is no layer below the first.
    discriminator_layers_.front()->input_gradient({.slope = 1, .output = memory_.images, .d_below = memory_.images},
                                                  {.first_column = first_point(), .below_column = first_point()},
                                                  "points", list_);
    record_dropout(input_mask_, 0, memory_.images, memory_.images, list_, first_point());
    list_.add(penalty_terms_op(),
              {.kind = kind,
               .weight = static_cast<float>(config_.penalty_weights[kind] / points_),
               .gradient = memory_.images,
               .first_column = first_point(),
               .terms = memory_.discriminator_terms.row_range(first_point(), points_),
               .factors = memory_.d_discriminator.row_range(first_point(), points_),
               .other_rows = memory_.discriminator_input.class_rows()},
              "penalty");
    record_dropout(input_mask_, 0, memory_.images, memory_.discriminator_input.values(), list_, first_point());
    for (std::size_t i = 0; i < discriminator_layers_.size(); ++i) {
      discriminator_layers_[i]->tangent(input_of(discriminator_layers_, i, memory_.discriminator_input.all),
                                        first_point(), list_);
    }
  }

  void judge() {
    const auto section = list_.section("discriminator");
    const NetworkLayout& layout = context_.layouts.discriminator;
    record_parametrization(layout, discriminator(), true, list_);
    record_dropout(input_mask_, 0, memory_.images, memory_.discriminator_input.values(), list_);
    const Vector<const float> weight = head_weight(layout, discriminator());
    record_forward(discriminator_layers_, memory_.discriminator_input.all,
                   serves_both_ ? weight : Vector<const float>{}, list_);
  }

  // The forward pass has left that of the last hidden layer.
  void score_gradients() {
    const auto section = list_.section("discriminator");
    record_descent(discriminator_layers_, {}, list_);
  }

  // D's last layer, whose output is the scores; dL/dscore [columns].
  ActivatedLayer head_layer(const Vector<float>& d_scores) const {
    const NetworkLayout& layout = context_.layouts.discriminator;
    return {layout.layers.size() - 1,
            layout.layers.back(),
            discriminator(),
            {.d_linear = {d_scores.data, 1, d_scores.rows}},
            {}};
  }

  // Of a loss, from the scores down to D's first layer.
  void loss_gradients(const Vector<float>& d_scores, const Descent& descent) {
    const auto section = list_.section("discriminator");
    discriminator_layers_.back()->backward(head_layer(d_scores), descent, list_);
    record_descent(discriminator_layers_, descent, list_);
  }

  Vector<float> d_generator() const { return memory_.d_generator.row_range(real_, pass_.batch); }

  void head() {
    const auto section = list_.section("discriminator");
    DiscriminatorHead<float> head{
        .input = memory_.discriminator.back().output,
        .weight = head_weight(context_.layouts.discriminator, discriminator()),
        .bias = linear_views(discriminator(), context_.layouts.discriminator.layers.back()).bias,
        .losses = player_losses(config_, pass_.batch),
        .real_columns = real_,
        .judgement = memory_.judgement};
    if (updates_discriminator()) {
      head.discriminator_terms = memory_.discriminator_terms.row_range(0, first_point());
      head.d_discriminator = memory_.d_discriminator.row_range(0, first_point());
    }
    if (updates_generator()) {
      head.generator_terms = memory_.generator_terms;
      head.d_generator = d_generator();
    }
    list_.add(discriminator_head_op(), head, head_layer({}).label("forward", "discriminator_head"));
  }

  // Of the generator's loss, through D's first layer and the activation of the images.
  void gradient_of_images(const Descent& descent) {
    const auto section = list_.section("discriminator");
    generator_layers_.back()->backward(*discriminator_layers_.front(), descent, list_);
    DropoutMask<float> mask = input_mask_;
    mask.first_sample += real_;
    const Matrix<float> d_images = memory_.generator.back().d_linear;
    record_dropout(mask, 0, d_images, d_images, list_);
  }

  void scale_score_gradients() {
    const auto section = list_.section("discriminator");
    for (std::size_t i = 0; i < discriminator_layers_.size(); ++i) {
      list_.add(scale_columns_op(),
                {.gradient = memory_.discriminator[i].d_linear,
                 .factor = memory_.d_discriminator,
                 .output = memory_.scaled[i]},
                discriminator_layers_[i]->label("scale", "scale_columns"));
    }
  }

  void losses() {
    MeanLosses<float> losses{.judgement = memory_.judgement,
                             .real_columns = real_,
                             .optimizer = config_.optimizer,
                             .clock = context_.memory.clock};
    if (updates_discriminator()) {
      losses.discriminator_terms = memory_.discriminator_terms;
      losses.discriminator_statistics = context_.memory.discriminator_statistics;
      losses.discriminator = discriminator().progress;
    }
    if (updates_generator()) {
      losses.generator_terms = memory_.generator_terms;
      losses.generator_statistics = context_.memory.generator_statistics;
      losses.generator = generator().progress;
    }
    list_.add(mean_losses_op(), losses, "losses");
  }

  // From dL/da of D's loss in the hidden layers.
  void discriminator_gradients(const std::vector<Matrix<float>>& d_linear) {
    const Matrix<const float> input = memory_.discriminator_input.all;
    for (std::size_t i = 0; i < discriminator_layers_.size(); ++i) {
      discriminator_layers_[i]->gradients(d_linear[i], input_of(discriminator_layers_, i, input), "discriminator",
                                          list_, points_);
    }
    const ActivatedLayer head = head_layer(memory_.d_discriminator);
    head.gradients(head.memory().d_linear, memory_.discriminator.back().output, "discriminator", list_, points_);
    record_parametrization_gradient(context_.layouts.discriminator, discriminator(), list_);
  }

  // From dL/da of G's last layer.
  void generator_gradients() {
    record_backward(generator_layers_, memory_.generator_input.all, "generator", list_);
    record_parametrization_gradient(context_.layouts.generator, generator(), list_);
  }

  const StepContext& context_;
  const TrainingConfig& config_;
  const GanPass& pass_;
  TaskList& list_;
  int real_, points_;
  GanMemory memory_;
  DropoutMask<float> input_mask_;  // of D's images
  bool serves_both_;               // one chain of gradients through D both players
  Layers generator_layers_, discriminator_layers_;
};

}  // namespace

void record_pass(const StepContext& context, const GanPass& pass, TaskList& list) {
  PassRecorder(context, pass, list).record();
}

}  // namespace duel
