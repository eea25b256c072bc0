#include "engine/quality/figures.h"

namespace duel {

std::string name_of(Metric metric) {
  switch (metric) {
    case Metric::frechet_distance:
      return "fd";
    case Metric::inception_score:
      return "is";
    case Metric::precision_recall:
      return "pr";
    case Metric::density_coverage:
      return "dc";
    case Metric::different_bins:
      return "ndb";
    case Metric::parzen:
      return "parzen";
    case Metric::histogram:
      return "histogram";
    case Metric::duplicates:
      return "duplicates";
    case Metric::nearest_training:
      return "nearest";
    case Metric::classes:
      return "classes";
    case Metric::border:
      break;
  }
  return "border";
}

const std::vector<Metric>& all_metrics() {
  using enum Metric;
  static const std::vector<Metric> kAll = {frechet_distance, inception_score, precision_recall, density_coverage,
                                           different_bins,   parzen,          histogram,        duplicates,
                                           nearest_training, border,          classes};
  return kAll;
}

bool needs_classifier(Metric metric) {
  using enum Metric;
  return metric == frechet_distance || metric == inception_score || metric == precision_recall ||
         metric == density_coverage || metric == histogram || metric == classes;
}

bool needs_classes(Metric metric) {
  return metric == Metric::classes;
}

const std::vector<FigureInfo>& figure_infos() {
  using enum Metric;
  using enum Better;
  static const std::vector<FigureInfo> kInfos = {
      {"frechet_distance", "Frechet distance, classifier", frechet_distance, lower, 2},
      {"inception_score", "inception score (classifier)", inception_score, higher, 3},
      {"precision", "precision, k = 3", precision_recall, higher, 4},
      {"recall", "recall, k = 3", precision_recall, higher, 4},
      {"density", "density, k = 5", density_coverage, higher, 4},
      {"coverage", "coverage, k = 5", density_coverage, higher, 4},
      {"different_bins", "NDB / K", different_bins, lower, 3},
      {"parzen_log_likelihood", "Parzen log-likelihood, nats", parzen, higher, 1},
      {"parzen_standard_error", "  its standard error", parzen, as_real, 1},
      {"parzen_sigma", "  its sigma", parzen, as_real, 3},
      {"classes_found", "classes (modes) found", histogram, higher, 0},
      {"class_divergence", "KL divergence of the classes, nats", histogram, lower, 4},
      {"class_entropy", "entropy of the classes, nats", histogram, as_real, 4},
      {"largest_class", "share of the largest class", histogram, as_real, 4},
      {"duplicate_pairs", "pairs of near-duplicates", duplicates, as_real, 0},
      {"nearest_training_distance", "distance to the nearest training image", nearest_training, as_real, 3},
      {"copied_share", "share nearer to one than test images", nearest_training, as_real, 4},
      {"exact_copies", "share equal to a training image", nearest_training, as_real, 4},
      {"bright_border_pixels", "bright border pixels an image", border, as_real, 3},
      {"confirmed_classes", "share of the class that was asked for", classes, higher, 4},
      {"frechet_within_classes", "Frechet distance within classes, mean", classes, lower, 2},
  };
  return kInfos;
}

}  // namespace duel
