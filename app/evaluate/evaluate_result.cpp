#include "app/evaluate/evaluate_result.h"

#include <algorithm>
#include <numeric>

namespace duel::app {

Spread spread_of(std::vector<double> values) {
  Spread spread{std::move(values)};
  const auto& all = spread.values;
  spread.mean = std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  spread.least = *std::min_element(all.begin(), all.end());
  spread.most = *std::max_element(all.begin(), all.end());
  return spread;
}

Spread EvaluatedCheckpoint::spread(const std::string& key) const {
  std::vector<double> values;
  for (const Quality& quality : by_seed) values.push_back(quality.figures.at(key));
  return spread_of(std::move(values));
}

double EvaluatedCheckpoint::mean_class_share(std::size_t class_number) const {
  double sum = 0;
  for (const Quality& quality : by_seed) sum += quality.class_shares.at(class_number);
  return sum / static_cast<double>(by_seed.size());
}

Spread EvaluateResult::spread_over_checkpoints(const std::string& key) const {
  std::vector<double> means;
  for (const EvaluatedCheckpoint& checkpoint : checkpoints) means.push_back(checkpoint.spread(key).mean);
  return spread_of(std::move(means));
}

std::vector<std::string> EvaluateResult::context() const {
  std::vector<std::string> texts;
  if (dataset == nullptr) return texts;
  for (const Anchor& anchor : dataset->anchors) {
    const bool is_measured = std::any_of(figure_infos().begin(), figure_infos().end(), [&](const FigureInfo& info) {
      return info.metric == anchor.metric && real.figures.contains(info.key);
    });
    if (is_measured) texts.push_back(anchor.text);
  }
  return texts;
}

}  // namespace duel::app
