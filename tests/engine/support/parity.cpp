#include "tests/engine/support/parity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

#include "tests/engine/support/tensor_values.h"

namespace duel::test {
namespace {

constexpr double kRounding = 0x1p-24;  // largest relative error of one rounding to float

/// Collects differences; reports the first of each tensor.
class Findings {
 public:
  explicit Findings(std::string what) : what_(std::move(what)) { text_.precision(10); }

  /// `bound_of(i)`: the largest allowed difference of element i.
  template <class BoundOf>
  void compare(const std::string& name, const std::vector<float>& actual, const Row& expected, BoundOf bound_of) {
    if (actual.size() != expected.size()) {
      text_ << what_ << " of " << name << ": " << actual.size() << " values, expected " << expected.size() << "\n";
      return;
    }
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
      const double bound = bound_of(i);
      if (agree(actual[i], expected[i], bound) || wrong++ > 0) continue;
      text_ << what_ << " of " << name << "[" << i << "] is " << actual[i] << ", expected " << expected[i] << " within "
            << bound << "\n";
    }
    if (wrong > 1) text_ << "  (" << wrong << " of " << actual.size() << " values)\n";
  }

  void compare_one(const std::string& name, double actual, double expected, double bound) {
    if (agree(actual, expected, bound)) return;
    text_ << what_ << " of " << name << " is " << actual << ", expected " << expected << " within " << bound << "\n";
  }

  /// The root mean square of the difference must not exceed `bound`.
  void compare_norm(const std::string& name, const std::vector<float>& actual, const Row& expected, double bound) {
    double squares = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) squares += std::pow(actual.at(i) - expected[i], 2);
    const double difference = std::sqrt(squares / static_cast<double>(expected.size()));
    if (std::isfinite(difference) && std::isfinite(bound) && difference <= bound) return;
    text_ << what_ << " of " << name << " differs by " << difference << " (root mean square), allowed " << bound
          << "\n";
  }

  std::string text() const { return text_.str(); }

 private:
  static bool agree(double actual, double expected, double bound) {
    // What is too small for a normal float may be rounded to 0.
    const double underflow = std::numeric_limits<float>::min();
    return std::isfinite(actual) && std::isfinite(expected) && std::abs(actual - expected) <= bound + underflow;
  }

  std::string what_;
  std::ostringstream text_;
};

double largest(const Row& values) {
  double result = 0;
  for (const double value : values) result = std::max(result, std::abs(value));
  return result;
}

double root_mean_square(const Row& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

// "generator.model.5.bias" -> "generator.model.6.", where batch norm would be.
std::string next_module(const std::string& name) {
  const std::size_t end = name.rfind('.'), begin = name.rfind('.', end - 1) + 1;
  return name.substr(0, begin) + std::to_string(std::stoi(name.substr(begin, end - begin)) + 1) + ".";
}

bool is_free_bias(const PlainGan& plain, const std::string& name) {
  return name.ends_with(".bias") && plain.statistics().count(next_module(name) + "running_mean") > 0;
}

// LeakyReLU, and perhaps dropout, are between it and D's batch norm: where no unit changes sides, its gradient is 0.
bool is_nearly_free_bias(const PlainGan& plain, const std::string& name) {
  if (!name.ends_with(".bias")) return false;
  const std::string second = next_module(next_module(name) + "bias"), third = next_module(second + "bias");
  for (const std::string& module : {second, third}) {
    if (plain.statistics().count(module + "running_mean") > 0) return true;
    if (plain.parameters().count(module + "weight") > 0) return false;
  }
  return false;
}

// "generator.model.0.weight" -> "generator.adam.exp_avg.model.0.weight".
std::string state_name(const std::string& name, const std::string& state) {
  const std::size_t player = name.find('.') + 1;
  return name.substr(0, player) + state + "." + name.substr(player);
}
std::string moment_name(const std::string& name, const std::string& moment) {
  return state_name(name, "adam." + moment);
}

// Magnitude to which a gradient's noise is relative. The head's bias has but one value, which may be small by chance,
// and those of D's batch norm are sums over real and generated images, which may cancel: there it is that of the weight
// beside it; a free bias has none of its own: there it is that of batch norm's bias.
double gradient_scale(const PlainGan& plain, const std::string& name) {
  const auto parameters = plain.parameters();
  const PlainParameter& own = *parameters.at(name);
  if (is_free_bias(plain, name)) return largest(parameters.at(next_module(name) + "bias")->gradient);
  const std::string module = name.substr(0, name.rfind('.'));
  const bool is_of_norm = name.ends_with(".bias") && plain.statistics().count(module + ".running_mean") > 0;
  if (own.value.size() > 1 && !is_of_norm) return largest(own.gradient);
  const auto weight = parameters.find(module + ".weight");
  const PlainParameter& beside =
      weight == parameters.end() ? *parameters.at(module + ".parametrizations.weight.original") : *weight->second;
  return std::max(largest(own.gradient), largest(beside.gradient));
}

// A mean cancels: its noise is relative to what it averages.
double mean_scale(const PlainGan& plain, const std::string& module) {
  const auto statistics = plain.statistics();
  return largest(*statistics.at(module + "running_mean")) + std::sqrt(largest(*statistics.at(module + "running_var")));
}

void compare_statistics(Findings& findings, const TensorFile& actual, const PlainGan& expected, double relative) {
  for (const auto& [name, values] : expected.statistics()) {
    const bool is_mean = name.ends_with("running_mean");
    const double scale = is_mean ? mean_scale(expected, name.substr(0, name.rfind('.') + 1)) : largest(*values);
    findings.compare(name, floats_of(actual, name), *values, [&](std::size_t) { return relative * scale; });
  }
}

void compare_counts(Findings& findings, const TensorFile& actual, const PlainGan& expected,
                    const std::string& optimizer = "adam") {
  for (const auto& [player, steps] :
       {std::pair{"generator", expected.generator_steps}, std::pair{"discriminator", expected.discriminator_steps}}) {
    const std::string name = std::string(player) + "." + optimizer + ".step";
    findings.compare_one(name, static_cast<double>(integer_of(actual, name)), static_cast<double>(steps), 0);
  }
}

double adam_steps(const PlainGan& plain, const std::string& name) {
  return static_cast<double>(name.starts_with("generator.") ? plain.generator_steps : plain.discriminator_steps);
}

/// What noise in a gradient makes of Adam: the largest errors of a parameter's moments and step.
struct AdamNoise {
  double exp_avg, exp_avg_sq, step;
};
AdamNoise adam_noise(const PlainParameter& p, std::size_t i, double gradient_noise, const Adam& rates, double steps) {
  const double g = std::abs(p.gradient[i]), m = std::abs(p.exp_avg[i]), v = p.exp_avg_sq[i];
  const double m_noise = (1 - rates.beta1) * gradient_noise + 4 * kRounding * m;
  const double v_noise = (1 - rates.beta2) * (2 * g + gradient_noise) * gradient_noise + 4 * kRounding * v;
  const double step_size = rates.learning_rate / (1 - std::pow(rates.beta1, steps));
  const double root = std::sqrt(1 - std::pow(rates.beta2, steps));
  const auto denominator = [&](double square) { return std::sqrt(std::max(square, 0.0)) / root + rates.eps; };
  const double step = m / denominator(v);
  const double most = (m + m_noise) / denominator(v - v_noise), least = (m - m_noise) / denominator(v + v_noise);
  const double step_noise = step_size * (std::max(most - step, step - least) + 8 * kRounding * step);
  return {m_noise, v_noise, step_noise};
}

}  // namespace

Tolerances::Tolerances(const TrainingConfig& config) {
  const NetworkConfig& networks = config.networks;
  double forward = networks.latent_dim + networks.pixels();
  const int taps = networks.kind == NetworkKind::dcgan ? 9 : 1;
  for (const int width : networks.generator_widths) forward += taps * width;
  for (const int width : networks.discriminator_widths) forward += taps * width;
  const int summed = networks.kind == NetworkKind::dcgan ? networks.pixels() : 1;  // over a channel, of each sample
  noise = 4 * std::sqrt(2 * forward + 2.0 * config.batch_size * summed) * kRounding;
  drift = 2 * std::sqrt(noise);
  kink = std::sqrt(forward) * kRounding;
}

void load_state(PlainGan& plain, const TensorFile& state) {
  const auto read = [&](Row& to, const std::string& name) {
    const std::vector<float> values = floats_of(state, name);
    to.assign(values.begin(), values.end());
  };
  const bool is_sgd = state.find("generator.sgd.step") != nullptr;
  for (const auto& [name, parameter] : plain.parameters()) {
    read(parameter->value, name);
    read(parameter->exp_avg, is_sgd ? state_name(name, "sgd.velocity") : moment_name(name, "exp_avg"));
    if (!is_sgd) read(parameter->exp_avg_sq, moment_name(name, "exp_avg_sq"));
  }
  for (const auto& [name, values] : plain.statistics()) read(*values, name);
  const std::string step = is_sgd ? ".sgd.step" : ".adam.step";
  plain.generator_steps = integer_of(state, "generator" + step);
  plain.discriminator_steps = integer_of(state, "discriminator" + step);
  plain.iteration = integer_of(state, "iteration");
}

void adopt_free_biases(PlainGan& plain, const TensorFile& state) {
  for (const auto& [name, parameter] : plain.parameters()) {
    if (!is_free_bias(plain, name)) continue;
    const std::vector<float> values = floats_of(state, name);
    parameter->value.assign(values.begin(), values.end());
  }
}

std::map<std::string, Row> parameter_values(const PlainGan& plain) {
  std::map<std::string, Row> values;
  for (const auto& [name, parameter] : plain.parameters()) values[name] = parameter->value;
  return values;
}

Rows to_rows(const std::vector<float>& values, int columns) {
  Rows rows;
  for (auto begin = values.begin(); begin != values.end(); begin += columns) rows.emplace_back(begin, begin + columns);
  return rows;
}

PlainIteration iterate(PlainGan& plain, const TrainingConfig& config, const GivenBatch& batch) {
  return plain.iterate(to_rows(batch.latents, config.networks.latent_dim),
                       to_rows(batch.images, config.networks.pixels()), batch.real_labels, batch.generated_labels);
}

std::string compare_reports(const IterationStats& actual, const PlainIteration& expected, double bound) {
  Findings findings("report");
  findings.compare_one("discriminator loss", actual.discriminator_loss, expected.discriminator_loss, bound);
  findings.compare_one("generator loss", actual.generator_loss, expected.generator_loss, bound);
  findings.compare_one("mean D(x)", actual.d_real, expected.d_real, bound);
  findings.compare_one("mean D(G(z))", actual.d_fake, expected.d_fake, bound);
  findings.compare_one("penalty", actual.penalty, expected.penalty, bound);
  return findings.text();
}

std::string compare_gradients(const TensorFile& actual, const PlainGan& expected, const Tolerances& tolerances) {
  Findings findings("gradient");
  for (const auto& [name, parameter] : expected.parameters()) {
    const double bound = tolerances.noise * gradient_scale(expected, name);
    findings.compare(name, floats_of(actual, name), parameter->gradient, [&](std::size_t) { return bound; });
  }
  return findings.text();
}

std::string compare_step(const TensorFile& actual, const PlainGan& expected, const TrainingConfig& config,
                         const std::map<std::string, Row>& before, const Tolerances& tolerances) {
  Findings values("value"), moments("first moment"), squares("second moment"), others("state");
  for (const auto& [name, parameter] : expected.parameters()) {
    const PlainParameter& p = *parameter;
    const Row& old = before.at(name);
    const double gradient_noise = tolerances.noise * gradient_scale(expected, name);
    const double steps = adam_steps(expected, name);
    const auto noise_of = [&](std::size_t i) { return adam_noise(p, i, gradient_noise, config.optimizer, steps); };
    const bool free = is_free_bias(expected, name);
    // The most that Adam moves a parameter, after many gradients of 0 (D. Kingma and J. Ba, Adam, section 2.1).
    const double reach = config.optimizer.Adam::learning_rate * (1 - config.optimizer.Adam::beta1) /
                         std::sqrt(1 - config.optimizer.Adam::beta2);
    values.compare(name, floats_of(actual, name), p.value,
                   [&](std::size_t i) { return (free ? reach : noise_of(i).step) + 2 * kRounding * std::abs(old[i]); });
    moments.compare(moment_name(name, "exp_avg"), floats_of(actual, moment_name(name, "exp_avg")), p.exp_avg,
                    [&](std::size_t i) { return noise_of(i).exp_avg; });
    squares.compare(moment_name(name, "exp_avg_sq"), floats_of(actual, moment_name(name, "exp_avg_sq")), p.exp_avg_sq,
                    [&](std::size_t i) { return noise_of(i).exp_avg_sq; });
  }
  compare_statistics(others, actual, expected, tolerances.noise);
  compare_counts(others, actual, expected);
  return values.text() + moments.text() + squares.text() + others.text();
}

std::string compare_drifted(const TensorFile& actual, const PlainGan& expected, const TrainingConfig& config,
                            int iterations, const Tolerances& tolerances) {
  Findings findings("state");
  for (const auto& [name, parameter] : expected.parameters()) {
    if (is_free_bias(expected, name) || is_nearly_free_bias(expected, name)) continue;
    const double steps = adam_steps(expected, name);
    const double rounding = kRounding * std::sqrt(steps) * root_mean_square(parameter->value);
    findings.compare_norm(name, floats_of(actual, name), parameter->value,
                          tolerances.drift * config.optimizer.Adam::learning_rate * steps + rounding);
    const std::string moment = moment_name(name, "exp_avg"), square = moment_name(name, "exp_avg_sq");
    findings.compare_norm(moment, floats_of(actual, moment), parameter->exp_avg,
                          tolerances.drift * root_mean_square(parameter->exp_avg));
    findings.compare_norm(square, floats_of(actual, square), parameter->exp_avg_sq,
                          2 * tolerances.drift * root_mean_square(parameter->exp_avg_sq));
  }
  compare_statistics(findings, actual, expected, tolerances.noise * (1 + iterations));
  compare_counts(findings, actual, expected);
  return findings.text();
}

std::string compare_sgd(const TensorFile& actual, const PlainGan& expected, int iterations,
                        const Tolerances& tolerances) {
  Findings findings("state");
  for (const auto& [name, parameter] : expected.parameters()) {
    const double size = root_mean_square(parameter->exp_avg);
    const double drift = iterations == 1 ? tolerances.noise : tolerances.drift;
    const std::string velocity = state_name(name, "sgd.velocity");
    findings.compare_norm(velocity, floats_of(actual, velocity), parameter->exp_avg, drift * size);
    findings.compare_norm(name, floats_of(actual, name), parameter->value,
                          drift * size * iterations + kRounding * iterations * root_mean_square(parameter->value));
  }
  compare_counts(findings, actual, expected, "sgd");
  return findings.text();
}

std::string compare_images(const Trainer& actual, PlainGan& expected, const GivenBatch& batch, double bound) {
  const NetworkConfig& networks = actual.config().networks;
  const std::vector<float> inputs = with_classes(batch.latents, networks, batch.generated_labels);
  const std::vector<float> images = actual.generate(inputs, BatchStatistics::batch).values;
  Findings findings("pixel");
  Row flat;
  for (const Row& row : expected.generate(to_rows(batch.latents, networks.latent_dim), batch.generated_labels)) {
    flat.insert(flat.end(), row.begin(), row.end());
  }
  findings.compare("G(z)", images, flat, [&](std::size_t) { return bound; });
  return findings.text();
}

}  // namespace duel::test
