#include "tests/engine/support/plain_gan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/device/random.cuh"

namespace duel::test {
namespace {

void zero_grad(Sequential& network) {
  for (const auto& [name, parameter] : network.parameters("")) {
    std::fill(parameter->gradient.begin(), parameter->gradient.end(), 0.0);
  }
}

std::map<std::string, Row> gradients(const Sequential& network) {
  std::map<std::string, Row> values;
  for (const auto& [name, parameter] : network.parameters("")) values[name] = parameter->gradient;
  return values;
}

std::vector<Row> statistics_of(const Sequential& network) {
  std::vector<Row> values;
  for (const auto& [name, row] : network.statistics("")) values.push_back(*row);
  return values;
}

void set_statistics(Sequential& network, const std::vector<Row>& values) {
  std::size_t next = 0;
  for (const auto& [name, row] : network.statistics("")) *row = values[next++];
}

Rows joined(Rows first, const Rows& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

void set_gradients(Sequential& network, const std::map<std::string, Row>& values) {
  for (const auto& [name, parameter] : network.parameters("")) parameter->gradient = values.at(name);
}

Rows scaled(Rows rows, double factor) {
  for (Row& row : rows) {
    for (double& x : row) x *= factor;
  }
  return rows;
}

}  // namespace

PlainGan::PlainGan(const TrainingConfig& config, Mistake mistake) : config_(config), mistake_(mistake) {
  add_embedding(generator_, 1);
  add_embedding(discriminator_, values_of_class());
  if (config.networks.kind == NetworkKind::dcgan) {
    add_dcgan_generator();
    add_dcgan_discriminator();
  } else {
    add_generator();
    add_discriminator();
  }
}

void PlainGan::add_embedding(Sequential& network, int values_of_each) {
  const NetworkConfig& sizes = config_.networks;
  if (sizes.classes == 0 || sizes.class_input != ClassInput::embedding) return;
  network.add_named<Embedding>("label_embedding", sizes.classes, values_of_each, mistake_ == Mistake::frozen_embedding);
}

int PlainGan::values_of_class() const {
  const NetworkConfig& sizes = config_.networks;
  return sizes.kind == NetworkKind::dcgan ? sizes.image_size * sizes.image_size : 1;
}

void PlainGan::add_dcgan_generator() {
  const NetworkConfig& sizes = config_.networks;
  const bool has_norm = sizes.generator_norm == NetworkNorm::batch;
  int channels = sizes.generator_widths[0], size = sizes.image_size;
  for (std::size_t i = 1; i < sizes.generator_widths.size(); ++i) size /= 2;
  generator_.begin("l1");
  generator_.add<Linear>(sizes.latent_dim + sizes.classes, channels * size * size);
  generator_.begin("conv_blocks");
  if (has_norm) generator_.add<BatchNorm>(channels, norm(1e-5f), size * size);
  for (std::size_t i = 1; i < sizes.generator_widths.size(); ++i) {
    const int out = sizes.generator_widths[i];
    generator_.add<Upsample>(channels, size);
    size *= 2;
    generator_.add<Convolution>(channels, size, out, 1);
    if (has_norm) generator_.add<BatchNorm>(out, norm(sizes.batch_norm_eps), size * size);
    generator_.add<LeakyReLU>(sizes.leaky_slope, nearest_kink);
    channels = out;
  }
  generator_.add<Convolution>(channels, size, sizes.channels, 1);
  add_head();
}

void PlainGan::add_dcgan_discriminator() {
  const NetworkConfig& sizes = config_.networks;
  int channels = sizes.channels + sizes.classes, size = sizes.image_size, layer = 0;
  for (const int out : sizes.discriminator_widths) {
    discriminator_.add<Convolution>(channels, size, out, 2, weight_norm());
    size = (size - 1) / 2 + 1;
    discriminator_.add<LeakyReLU>(sizes.leaky_slope, nearest_kink);
    // The engine numbers layers; batch norm is one.
    const int place = sizes.discriminator_norm == NetworkNorm::batch && layer > 0 ? 2 * layer : layer + 1;
    const double keep = sizes.hidden_keep;
    if (keep < 1) {
      discriminator_.add<Dropout>(keep, out * size * size, [this, place, keep, size](int row, int value) {
        return is_kept(place, keep, row, value / (size * size));
      });
    }
    if (sizes.discriminator_norm == NetworkNorm::batch && layer > 0) {
      discriminator_.add<BatchNorm>(out, norm(sizes.batch_norm_eps), size * size);
    }
    channels = out;
    ++layer;
  }
  discriminator_.begin("adv_layer");
  discriminator_.add<Linear>(channels * size * size, 1, weight_norm());
}

BatchNormSettings PlainGan::norm(float eps) const {
  return {eps, config_.networks.batch_norm_momentum, mistake_ != Mistake::biased_running_variance};
}

void PlainGan::add_head() {
  if (config_.networks.image_head == ImageHead::sigmoid) {
    generator_.add<Sigmoid>();
  } else {
    generator_.add<Tanh>();
  }
}

void PlainGan::add_generator() {
  const NetworkConfig& sizes = config_.networks;
  int width = sizes.latent_dim + sizes.classes;
  bool first = true;
  for (const int out : sizes.generator_widths) {
    generator_.add<Linear>(width, out);
    if (!first && sizes.generator_norm == NetworkNorm::batch)
      generator_.add<BatchNorm>(out, norm(sizes.batch_norm_eps));
    first = false;
    generator_.add<LeakyReLU>(sizes.leaky_slope, nearest_kink);
    width = out;
  }
  generator_.add<Linear>(width, sizes.image_size * sizes.image_size * sizes.channels);
  add_head();
}

void PlainGan::add_discriminator() {
  const NetworkConfig& sizes = config_.networks;
  int width = sizes.image_size * sizes.image_size * sizes.channels, layer = 0;
  const auto add_dropout = [&](double keep) {
    if (keep < 1) {
      discriminator_.add<Dropout>(
          keep, width, [this, layer, keep](int row, int column) { return is_kept(layer, keep, row, column); });
    }
    ++layer;
  };
  add_dropout(sizes.input_keep);
  width += sizes.classes;  // which are not dropped
  for (const int out : sizes.discriminator_widths) {
    if (sizes.discriminator_unit == DiscriminatorUnit::maxout) {
      discriminator_.add<Linear>(width, out * sizes.maxout_pieces, weight_norm());
      discriminator_.add<Maxout>(sizes.maxout_pieces, nearest_kink);
    } else {
      discriminator_.add<Linear>(width, out, weight_norm());
      discriminator_.add<LeakyReLU>(sizes.leaky_slope, nearest_kink);
    }
    width = out;
    add_dropout(sizes.hidden_keep);
  }
  discriminator_.add<Linear>(width, 1, weight_norm());  // the script's Sigmoid is part of loss_of()
}

WeightNorm PlainGan::weight_norm() const {
  if (config_.networks.discriminator_norm != NetworkNorm::spectral) return WeightNorm::none;
  return mistake_ == Mistake::constant_sigma ? WeightNorm::constant_sigma : WeightNorm::spectral;
}

// The one thing that no other implementation can know: which random number belongs to which value.
bool PlainGan::is_kept(int layer, double keep, int row, int column) const {
  const std::uint32_t draw = 0x44524f50 + (draw_ - 1) * 32 + static_cast<std::uint32_t>(layer);
  const RandomWords words =
      draw_words(config_.seed, static_cast<std::uint64_t>(iteration), draw,
                 static_cast<std::uint32_t>(first_row_ + row), static_cast<std::uint32_t>(column / 4));
  return uniform_open(words.word[column % 4]) < keep;
}

Rows PlainGan::with_classes(Rows rows, const Labels& labels, int values_of_each) const {
  for (std::size_t i = 0; i < rows.size() && config_.networks.classes > 0; ++i) {
    for (int k = 0; k < config_.networks.classes; ++k) {
      rows[i].insert(rows[i].end(), static_cast<std::size_t>(values_of_each), labels.at(i) == k ? 1 : 0);
    }
  }
  return rows;
}

Rows PlainGan::judge(const Rows& images, int first_row, const Labels& labels) {
  first_row_ = first_row;
  if (mistake_ == Mistake::step_for_each_kind) discriminator_.begin_pass();
  return discriminator_.forward(with_classes(images, labels, values_of_class()));
}

Rows PlainGan::through_discriminator(const Rows& d_scores) {
  Rows d_images = discriminator_.backward(d_scores);
  for (Row& row : d_images) row.resize(static_cast<std::size_t>(config_.networks.pixels()));
  return d_images;
}

Rows PlainGan::next_batch(const Rows& latents) {
  ++draw_;
  return generator_.forward(with_classes(latents, generated_labels_, 1));
}

PlainIteration PlainGan::iterate(const Rows& latents, const Rows& images, const Labels& real, const Labels& generated) {
  PlainIteration report{};
  real_labels_ = real;
  generated_labels_ = generated;
  nearest_kink = std::numeric_limits<double>::infinity();
  draw_ = 0;
  const UpdateOrder order = config_.order;
  Rows fake;
  if (order == UpdateOrder::generator_first) {
    fake = next_batch(latents);
    discriminator_.begin_pass();
    generator_gradients(fake, report);
    update_generator();
  }
  for (int step = 0; step < config_.discriminator_steps; ++step) {
    const bool images_from_before =
        order == UpdateOrder::generator_first && step == 0 && mistake_ != Mistake::images_after_update;
    if (!images_from_before) fake = next_batch(latents);
    // D judges generated images for G's update and its own in one pass.
    if (order != UpdateOrder::generator_first || step > 0) discriminator_.begin_pass();
    const bool together = order == UpdateOrder::simultaneous && step + 1 == config_.discriminator_steps;
    if (together) generator_gradients(fake, report);
    discriminator_gradients(images, fake, report);
    if (together) update_generator();
    update_discriminator();
  }
  if (order == UpdateOrder::discriminator_first) {
    fake = next_batch(latents);
    discriminator_.begin_pass();
    generator_gradients(fake, report);
    update_generator();
  }
  ++iteration;
  return report;
}

void PlainGan::generator_gradients(const Rows& fake, PlainIteration& report) {
  zero_grad(generator_);
  const auto discriminator_gradients = gradients(discriminator_);
  const bool minimax = config_.generator_loss == GeneratorLoss::minimax;
  const double sign = minimax ? -1.0 : 1.0;  // minimax: log(1 - D) = -BCE(D, 0)
  // Of least squares, the paper's G has a half that D's terms get from the mean of both.
  const double share = config_.loss == loss_kind<LeastSquares>() && !minimax ? 0.5 : sign;
  // Where D sees the same images again, it is that pass which moves its running statistics.
  const auto statistics = statistics_of(discriminator_);
  const Rows scores = judge(fake, static_cast<int>(fake.size()), generated_labels_);
  if (config_.order != UpdateOrder::discriminator_first) set_statistics(discriminator_, statistics);
  const Loss loss = is_of_scores() && !minimax ? minus_mean(scores) : loss_of(scores, minimax ? 0.0 : 1.0);
  report.generator_loss = share * loss.value;
  generator_.backward(through_discriminator(scaled(loss.d_logits, share)));
  if (mistake_ != Mistake::generator_gradients_kept) set_gradients(discriminator_, discriminator_gradients);
}

void PlainGan::discriminator_gradients(const Rows& real, const Rows& fake, PlainIteration& report) {
  if (mistake_ != Mistake::generator_gradients_kept) zero_grad(discriminator_);
  const double share = mistake_ == Mistake::no_half || is_of_scores() ? 1.0 : 0.5;
  if (mistake_ == Mistake::one_norm_for_both) {
    const Rows scores = judge(joined(real, fake), 0, {});
    const auto middle = scores.begin() + static_cast<std::ptrdiff_t>(real.size());
    const Loss of_real = loss_of({scores.begin(), middle}, config_.real_label),
               of_fake = loss_of({middle, scores.end()}, 0);
    discriminator_.backward(scaled(joined(of_real.d_logits, of_fake.d_logits), share));
    return;
  }
  const Loss real_loss = loss_of(judge(real, 0, real_labels_), config_.real_label);
  discriminator_.backward(scaled(real_loss.d_logits, share));
  const Labels& labels = mistake_ == Mistake::real_classes_for_all ? real_labels_ : generated_labels_;
  const Loss fake_loss = loss_of(judge(fake, static_cast<int>(real.size()), labels), 0.0);
  discriminator_.backward(scaled(fake_loss.d_logits, share));
  report.discriminator_loss = share * (real_loss.value + fake_loss.value);
  report.penalty = config_.penalty_weights.chosen() ? penalty_gradients(real, fake) : 0;
  report.discriminator_loss += report.penalty;
  report.d_real = real_loss.mean_judgement;
  report.d_fake = fake_loss.mean_judgement;
}

// -mean D(G(z)), the generator's loss of the hinge loss and of a critic.
PlainGan::Loss PlainGan::minus_mean(const Rows& scores) {
  const double batch = static_cast<double>(scores.size());
  Loss loss;
  for (const Row& row : scores) {
    loss.value -= row[0] / batch;
    loss.d_logits.push_back({-1 / batch});
  }
  return loss;
}

// Which random number belongs to which sample is the engine's.
Rows PlainGan::penalty_points(const Rows& real, const Rows& fake) const {
  if (config_.penalty_weights.chosen() == penalty_kind<R1Penalty>()) return real;
  Rows points = real;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const RandomWords words = draw_words(config_.seed, static_cast<std::uint64_t>(iteration), 0x50454e41 + draw_ - 1, 0,
                                         static_cast<std::uint32_t>(i / 4));
    const double alpha = uniform_open(words.word[i % 4]);
    for (std::size_t k = 0; k < points[i].size(); ++k) points[i][k] = alpha * real[i][k] + (1 - alpha) * fake[i][k];
  }
  return points;
}

// With q the derivative of the penalty with respect to g = dD/dx, held fixed, the derivative of q g with respect to the
// weights is that of dD/dweights along q: a difference of two ordinary gradients, exact where D is linear in between.
double PlainGan::penalty_gradients(const Rows& real, const Rows& fake) {
  const PenaltyKind kind = *config_.penalty_weights.chosen();
  const double share = config_.penalty_weights[kind] / static_cast<double>(real.size());
  const Rows points = penalty_points(real, fake), ones(real.size(), Row{1.0});
  const auto others = gradients(discriminator_);
  judge(points, 2 * static_cast<int>(real.size()), real_labels_);
  const Rows g = mistake_ == Mistake::classes_in_penalty ? discriminator_.backward(ones) : through_discriminator(ones);
  set_gradients(discriminator_, others);
  Row factor;
  double penalty = 0;
  for (const Row& row : g) {
    double square = 0;
    for (const double x : row) square += x * x;
    const double norm = std::sqrt(square);
    const bool to_one = kind == penalty_kind<UnitNormPenalty>();
    penalty += share * (to_one ? (norm - 1) * (norm - 1) : square / 2);
    factor.push_back(share * (to_one ? 2 * (norm - 1) / norm : 1.0));
  }
  if (mistake_ == Mistake::no_penalty_gradient) return penalty;
  constexpr double kStep = 1e-6;
  for (const double sign : {1.0, -1.0}) {
    Rows moved = points, d_scores;
    for (std::size_t i = 0; i < moved.size(); ++i) {
      for (std::size_t k = 0; k < moved[i].size(); ++k) moved[i][k] += sign * kStep * g[i][k];
      d_scores.push_back({sign * factor[i] / (2 * kStep)});
    }
    judge(moved, 2 * static_cast<int>(real.size()), real_labels_);
    discriminator_.backward(d_scores);
  }
  return penalty;
}

PlainGan::Loss PlainGan::loss_of(const Rows& logits, double label) const {
  const double batch = static_cast<double>(logits.size());
  const bool clamp = mistake_ != Mistake::no_clamp;
  Loss loss;
  for (const Row& row : logits) {
    const double logit = row[0], p = 1 / (1 + std::exp(-logit));
    double value, d_logit;
    if (config_.loss == loss_kind<LeastSquares>()) {
      loss.value += (logit - label) * (logit - label) / batch;
      loss.mean_judgement += logit / batch;
      loss.d_logits.push_back({2 * (logit - label) / batch});
      continue;
    }
    if (is_of_scores()) {
      const double sign = label > 0 ? -1 : 1;
      const bool is_hinge = config_.loss == loss_kind<Hinge>(), is_beyond = is_hinge && 1 + sign * logit < 0;
      loss.value += is_beyond ? 0 : (sign * logit + (is_hinge ? 1 : 0)) / batch;
      loss.mean_judgement += logit / batch;
      loss.d_logits.push_back({is_beyond ? 0 : sign / batch});
      continue;
    }
    if (config_.loss == loss_kind<CrossEntropy>()) {
      value = std::max(logit, 0.0) - logit * label + std::log(1 + std::exp(-std::abs(logit)));
      d_logit = p - label;
    } else {
      double log_p = std::log(p), log_q = std::log(1 - p), d_sigmoid = p * (1 - p), denominator = d_sigmoid;
      if (clamp) {
        log_p = std::max(log_p, -100.0);
        log_q = std::max(log_q, -100.0);
        denominator = std::max(denominator, 1e-12);
      }
      // A label of 0 or 1 leaves one term, also where the other's logarithm is infinite.
      value = (label > 0 ? -label * log_p : 0) + (label < 1 ? -(1 - label) * log_q : 0);
      d_logit = (p - label) / denominator * d_sigmoid;
    }
    loss.value += value / batch;
    loss.mean_judgement += p / batch;
    loss.d_logits.push_back({d_logit / batch});
  }
  return loss;
}

// PyTorch-GAN's wgan.py: p.data.clamp_(-clip_value, clip_value)
void PlainGan::update_discriminator() {
  update(discriminator_, discriminator_steps);
  const double clip = static_cast<float>(config_.weight_clip);
  for (const auto& [name, parameter] : discriminator_.parameters("")) {
    for (double& p : parameter->value) p = clip > 0 ? std::clamp(p, -clip, clip) : p;
  }
}

void PlainGan::update(Sequential& network, std::int64_t& steps) {
  const double step = static_cast<double>(++steps);
  if (config_.optimizer.kind == kind_of<Adam>) {
    adam(network, step);
  } else {
    sgd(network, step);
  }
}

void PlainGan::sgd(Sequential& network, double step) {
  const SgdMomentum& s = config_.optimizer;
  const double rate = std::max(s.learning_rate / std::pow(s.decay, step - 1), s.least_rate);
  const double epoch = static_cast<double>(iteration / iterations_per_epoch + 1);  // pylearn2 counts from 1
  const double alpha = std::clamp((epoch - 1) / (s.momentum_epochs - 1), 0.0, 1.0);
  const double momentum = s.initial_momentum * (1 - alpha) + alpha * s.final_momentum;
  for (const auto& [name, parameter] : network.parameters("")) {
    Row &value = parameter->value, &velocity = parameter->exp_avg;
    for (std::size_t i = 0; i < value.size(); ++i) {
      velocity[i] = momentum * velocity[i] - rate * parameter->gradient[i];
      value[i] += velocity[i];
    }
  }
}

void PlainGan::adam(Sequential& network, double t) {
  const Adam& rates = config_.optimizer;
  const bool corrected = mistake_ != Mistake::no_bias_correction;
  const double correction1 = corrected ? 1 - std::pow(rates.beta1, t) : 1.0;
  const double correction2 = corrected ? 1 - std::pow(rates.beta2, t) : 1.0;
  for (const auto& [name, parameter] : network.parameters("")) {
    auto& [value, gradient, m, v] = *parameter;
    for (std::size_t i = 0; i < value.size(); ++i) {
      m[i] = rates.beta1 * m[i] + (1 - rates.beta1) * gradient[i];
      v[i] = rates.beta2 * v[i] + (1 - rates.beta2) * gradient[i] * gradient[i];
      const double denominator = mistake_ == Mistake::eps_inside_root ? std::sqrt(v[i] / correction2 + rates.eps)
                                                                      : std::sqrt(v[i] / correction2) + rates.eps;
      value[i] -= rates.learning_rate * (m[i] / correction1) / denominator;
    }
  }
}

Rows PlainGan::generate(const Rows& latents, const Labels& labels) {
  const auto before = statistics_of(generator_);
  Rows images = generator_.forward(with_classes(latents, labels, 1));
  set_statistics(generator_, before);
  return images;
}

std::map<std::string, PlainParameter*> PlainGan::parameters() const {
  auto all = generator_.parameters("generator.");
  all.merge(discriminator_.parameters("discriminator."));
  return all;
}

std::map<std::string, Row*> PlainGan::statistics() const {
  auto all = generator_.statistics("generator.");
  all.merge(discriminator_.statistics("discriminator."));
  return all;
}

}  // namespace duel::test
