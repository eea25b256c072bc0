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
        head_(context.layouts.discriminator.layers.size() - 1, context.layouts.discriminator.layers.back(),
              discriminator(), {}, {}),
        generator_layers_(generator_layers(networks(), context.layouts.generator, generator(), memory_.generator,
                                           {.momentum = networks().batch_norm_momentum}, real_)),
        discriminator_layers_(discriminator_layers(networks(), context.layouts.discriminator, discriminator(),
                                                   memory_.discriminator, masks())) {}

  void record() {
    if (pass_.inputs == Inputs::drawn) inputs();
    if (networks().classes > 0) classes();
    generate();
    if (points_ > 0) points();
    judge();
    score_gradients();
    head();
    if (points_ > 0) penalty();
    if (updates_generator()) gradient_of_images();
    if (updates_discriminator()) scale_score_gradients();
    losses();
    if (updates_discriminator()) discriminator_gradients();
    if (updates_generator()) record_backward(generator_layers_, memory_.generator_input.all, "generator", list_);
    if (updates_discriminator()) {
      record_update(discriminator(), config_.optimizer, "update discriminator", list_,
                    config_.weight_clip > 0 ? static_cast<float>(config_.weight_clip) : kNoLimit);
    }
    if (updates_generator()) record_update(generator(), config_.optimizer, "update generator", list_);
  }

 private:
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
               .generator = memory_.generator_input.class_rows()},
              "classes");
  }

  void generate() {
    const auto section = list_.section("generator");
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
    const Layer& first = *discriminator_layers_.front();
    InputGradient<float> gradient = first.gradient_of_input();
    gradient.first_column = gradient.below_column = first_point();
    gradient.slope = 1;  // there is no layer below
    gradient.output = gradient.d_below = memory_.images;
    list_.add(input_gradient_op(), gradient, first.label("points", "input_gradient"));
    list_.add(penalty_terms_op(),
              {.kind = kind,
               .weight = static_cast<float>(config_.penalty_weights[kind] / points_),
               .gradient = memory_.images,
               .first_column = first_point(),
               .terms = memory_.discriminator_terms.row_range(first_point(), points_),
               .factors = memory_.d_discriminator.row_range(first_point(), points_),
               .other_rows = memory_.discriminator_input.class_rows()},
              "penalty");
    for (std::size_t i = 0; i < discriminator_layers_.size(); ++i) {
      discriminator_layers_[i]->tangent(input_of(discriminator_layers_, i, memory_.discriminator_input.all),
                                        first_point(), list_);
    }
  }

  void judge() {
    const auto section = list_.section("discriminator");
    record_dropout(input_mask_, 0, memory_.images, memory_.discriminator_input.values(), list_);
    record_forward(discriminator_layers_, memory_.discriminator_input.all,
                   head_weight(context_.layouts.discriminator, discriminator()), list_);
  }

  // The forward pass has left that of the last hidden layer.
  void score_gradients() {
    const auto section = list_.section("discriminator");
    for (std::size_t i = discriminator_layers_.size() - 1; i > 0; --i) {
      const Layer &layer = *discriminator_layers_[i], &below = *discriminator_layers_[i - 1];
      below.backward(layer.gradient_of_input(), layer.label("backward", "input_gradient"), list_);
    }
  }

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
      head.d_generator = memory_.d_generator;
    }
    list_.add(discriminator_head_op(), head, head_.label("forward", "discriminator_head"));
  }

  // Of the generator's loss, through D's first layer and the activation of the images.
  void gradient_of_images() {
    const auto section = list_.section("discriminator");
    const Layer& first = *discriminator_layers_.front();
    InputGradient<float> product = first.gradient_of_input();
    product.first_column = real_;
    product.factor = memory_.d_generator;
    generator_layers_.back()->backward(product, first.label("backward", "input_gradient"), list_);
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

  void discriminator_gradients() {
    const Matrix<const float> input = memory_.discriminator_input.all;
    for (std::size_t i = 0; i < discriminator_layers_.size(); ++i) {
      discriminator_layers_[i]->gradients(memory_.scaled[i], input_of(discriminator_layers_, i, input), "discriminator",
                                          list_, points_);
    }
    const Matrix<const float> d_score{memory_.d_discriminator.data, 1, memory_.d_discriminator.rows};
    head_.gradients(d_score, memory_.discriminator.back().output, "discriminator", list_, points_);
  }

  const StepContext& context_;
  const TrainingConfig& config_;
  const GanPass& pass_;
  TaskList& list_;
  int real_, points_;
  GanMemory memory_;
  DropoutMask<float> input_mask_;  // of D's images
  ActivatedLayer head_;            // of D
  Layers generator_layers_, discriminator_layers_;
};

}  // namespace

void record_pass(const StepContext& context, const GanPass& pass, TaskList& list) {
  PassRecorder(context, pass, list).record();
}

}  // namespace duel
