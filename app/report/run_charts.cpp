#include "app/report/run_charts.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/report/reference_lines.h"
#include "engine/quality/equilibrium.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr std::size_t kFewPoints = 60, kMostBuckets = 300, kPointsOfBucket = 3;
constexpr std::size_t kMostOfClassName = 40;            // bytes
constexpr const char* kReal = "var(--real)";            // what is D's, or of real images
constexpr const char* kGenerated = "var(--generated)";  // what is G's, or of generated images
constexpr const char* kBoth = "var(--both)";            // what is of the game
constexpr const char* kClassColours[] = {"#3b6fb6", "#e08a3c", "#57a55a", "#c8504b", "#8567b3",
                                         "#96705f", "#d67fb8", "#8c8f94", "#b9b23f", "#43aec0"};

Chart judgements(const LogTable& stats, LossKind loss, const Equilibrium& goal) {
  const LossFacts& facts = facts_of(loss);
  const bool is_smoothed = !goal.is_range && goal.judgement < 0.5;
  const std::string apart = (goal.is_range ? "the same, whatever that is" : level_text(goal.judgement)) +
                            (is_smoothed ? ", half of the label of real images (--real-label)" : "");
  Chart chart{
      .title = "What D says",
      .explanation = "Mean " + std::string(facts.text.judgement) +
                     " that D gives: to real images, D(x), and to generated ones, D(G(z)). "
                     "Where nobody can tell them apart, both are " +
                     apart + ".",
      .unit = facts.text.judgement,
      .range = facts.judges_by_probability ? std::optional(std::pair{0.0, 1.0}) : std::nullopt,
      .curves = {curve_of(stats, "d_real", "D(x)", kReal), curve_of(stats, "d_fake", "D(G(z))", kGenerated)},
  };
  if (!goal.is_range) chart.levels = {{goal.judgement, level_name(goal.judgement)}};
  return chart;
}

Chart losses_chart(const LogTable& stats, const PlayerLosses<double>& losses, const Equilibrium& goal) {
  const LossText& text = facts_of(losses.kind).text;
  const double d = goal.discriminator_loss, g = goal.generator_loss;
  const bool is_minimax = losses.generator_loss == GeneratorLoss::minimax,
             is_one_level = !goal.is_range && std::abs(d - g) < 1e-9;
  Chart chart{.title = "Losses",
              .explanation = std::string(text.of_discriminator) + ", G's is " +
                             (is_minimax ? "the mean of " + std::string(text.value_of_generated) : text.of_generator) +
                             ". At the equilibrium " +
                             (is_one_level    ? "both are " + level_text(d) + "."
                              : goal.is_range ? "D's is " + level_text(d) + "."
                                              : "D's is " + level_text(d) + ", and G's is " + level_text(g) + "."),
              .unit = text.unit,
              .curves = {curve_of(stats, "d_loss", "D", kReal), curve_of(stats, "g_loss", "G", kGenerated)},
              .levels = {{d, (is_one_level ? "" : "D ") + level_name(d)}}};
  if (!is_one_level && !goal.is_range) chart.levels.push_back({g, "G " + level_name(g)});
  return chart;
}

Chart penalty(const LogTable& stats) {
  return {.title = "Gradient penalty",
          .explanation = "The part of D's loss that grows with the gradients of its scores with respect to images.",
          .unit = "weighted mean",
          .curves = {curve_of(stats, "penalty", "penalty", kReal)}};
}

Chart value(const LogTable& log, LossKind loss, const Equilibrium& goal) {
  const LossText& text = facts_of(loss).text;
  return {.title = "The game's value",
          .explanation = "V = mean " + std::string(text.value_of_real) + " + mean " + text.value_of_generated +
                         ": D makes it large, G small. It is " + level_text(goal.value) +
                         " where the generated distribution is the data's and D is the best one against it.",
          .unit = "V, " + std::string(text.unit),
          .curves = {curve_of(log, "value", "V", kBoth)},
          .levels = {{goal.value, level_name(goal.value)}}};
}

Chart accuracy(const LogTable& log) {
  return {.title = "D's accuracy",
          .explanation = "Share of real and generated images that D judges rightly; 1/2 is guessing.",
          .unit = "share",
          .range = {{0, 1}},
          .curves = {curve_of(log, "d_accuracy", "accuracy", kReal)},
          .levels = {{0.5, "1/2"}}};
}

Chart updates(const LogTable& log) {
  return {.title = "Size of the updates",
          .explanation = "How far one iteration moves a network's parameters, as a share of their norm.",
          .unit = "relative update",
          .scale = Scale::logarithmic,
          .curves = {curve_of(log, "discriminator_update", "D", kReal),
                     curve_of(log, "generator_update", "G", kGenerated)}};
}

Chart update_ratio(const LogTable& log) {
  return {.title = "Ratio of the updates",
          .explanation = "G's relative update divided by D's: far from 1, one of the players learns much faster.",
          .unit = "G's / D's",
          .scale = Scale::logarithmic,
          .curves = {curve_of(log, "update_ratio", "ratio", kBoth)},
          .levels = {{1, "1"}}};
}

Chart distance(const LogTable& log) {
  return {.title = "Diversity of the samples",
          .explanation =
              "Mean distance between two samples, divided by that between two real images. Near 0, all samples "
              "are alike.",
          .unit = "relative distance",
          .curves = {curve_of(log, "pairwise_distance", "samples", kGenerated)},
          .levels = {{1, "real"}}};
}

/// Curves of the elements of class_shares, as far as there are any.
std::vector<Curve> class_curves(const RunRecord& run) {
  std::vector<Curve> curves;
  for (std::size_t i = 0;; ++i) {
    const std::string number = std::to_string(i);
    Curve curve = curve_of(run.convergence, ("class_shares[" + number + "]").c_str(),
                           i < run.class_names.size() ? excerpt(run.class_names[i], kMostOfClassName) : number,
                           kClassColours[i % std::size(kClassColours)]);
    if (curve.buckets.empty()) return curves;
    curves.push_back(std::move(curve));
  }
}

ShareChart classes(const std::vector<Curve>& shares) {
  return {.title = "Classes of the samples",
          .explanation =
              "Shares of the classes that a classifier finds among samples, the first one at the bottom. A class that "
              "vanishes is a mode that the generator has dropped.",
          .shares = shares};
}

Chart entropy(const LogTable& log, std::size_t classes) {
  const double most = std::log(static_cast<double>(classes));
  return {.title = "Entropy of the classes",
          .explanation =
              "Of those shares. Its maximum is the logarithm of their number, where all classes are equally "
              "frequent; 0 is a single class.",
          .unit = "nats",
          .range = {{0, 1.1 * most}},
          .curves = {curve_of(log, "class_entropy", "entropy", kBoth)},
          .levels = {{most, "ln " + std::to_string(classes)}}};
}

}  // namespace

Curve curve_of(const LogTable& log, const char* column, const std::string& name, const std::string& colour) {
  const std::vector<double>* values = log.find(column);
  Curve curve{name, colour, {}};
  if (values == nullptr) return curve;
  // Curves are noisy: more points than a few are means of some of them, so that one can see where they lead.
  const std::size_t most = std::clamp(log.iterations.size() / kPointsOfBucket, kFewPoints, kMostBuckets);
  curve.buckets = into_buckets(log.iterations, *values, most);
  return curve;
}

std::string run_charts(const RunRecord& run) {
  const LogTable& log = run.convergence;
  const double last = run.last_iteration();
  const std::vector<Curve> shares = class_curves(run);
  const PlayerLosses<double> losses = losses_of(run);
  const Equilibrium goal = equilibrium_of(losses.kind, losses.real_label, losses.generator_loss);
  std::string html;
  const auto add = [&](Chart chart) {
    std::erase_if(chart.curves, [](const Curve& one) { return one.buckets.empty(); });
    if (!chart.curves.empty()) html += chart_html(chart, last, log.alarms);
  };
  for (const Chart& chart :
       {judgements(run.stats, losses.kind, goal), losses_chart(run.stats, losses, goal), penalty(run.stats)}) {
    add(chart);
  }
  for (const Chart& chart : {value(log, losses.kind, goal), accuracy(log), updates(log), update_ratio(log)}) add(chart);
  if (!shares.empty()) html += chart_html(classes(shares), last, log.alarms);
  if (shares.size() > 1) add(entropy(log, shares.size()));
  add(distance(log));
  return html;
}

std::string missing_charts(const RunRecord& run) {
  std::string text;
  if (run.stats.find("d_real") == nullptr)
    text += "stats.jsonl has no numbers: no charts of losses and of what D says. ";
  if (run.convergence.iterations.empty()) {
    text += "convergence.jsonl " + std::string(run.convergence.is_there ? "has no line yet" : "is absent") +
            ": no charts of the game's value, D's accuracy, updates and diversity. ";
  } else if (run.convergence.find("class_shares[0]") == nullptr) {
    text += "convergence.jsonl has no class_shares: no charts of the samples' classes. ";
  }
  const std::size_t damaged = run.stats.damaged_lines + run.convergence.damaged_lines;
  if (damaged > 0) text += std::to_string(damaged) + " damaged lines of the logs are left out. ";
  return text;
}

}  // namespace duel::app
