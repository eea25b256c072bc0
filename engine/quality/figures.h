// The figures that say how good samples are: what each is called, which way is better, and where it comes from.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace duel {

/// What is measured together.
enum class Metric {
  frechet_distance,
  inception_score,
  precision_recall,
  density_coverage,
  different_bins,
  parzen,
  histogram,
  duplicates,
  nearest_training,
  border,
  classes
};

/// Its name on the command line: fd, is, pr, dc, ndb, parzen, histogram, duplicates, nearest, border, classes.
std::string name_of(Metric metric);
const std::vector<Metric>& all_metrics();
/// Whether it is of features or classes; the others are of pixels alone.
bool needs_classifier(Metric metric);
/// Whether it is of the classes that somebody asked a conditional generator for.
bool needs_classes(Metric metric);

enum class Better { lower, higher, as_real };

struct FigureInfo {
  std::string key;   ///< in Figures and in JSON
  std::string name;  ///< for people
  Metric metric;
  Better better;
  int decimals;  ///< to show
};

/// Every figure, in the order in which to show them.
const std::vector<FigureInfo>& figure_infos();

/// Values by FigureInfo::key.
using Figures = std::map<std::string, double>;

}  // namespace duel
