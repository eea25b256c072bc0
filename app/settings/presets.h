// Named starting points of a training run.
#pragma once

#include <string>
#include <vector>

#include "app/settings/options.h"

namespace duel::app {

std::vector<std::string> preset_names();

/// The options of a preset: "blog" is the published PyTorch script, "default" is the same with the numerically stable
/// loss and batch norm's usual eps, "paper" has networks and optimizer of Goodfellow et al. 2014. Throws UsageError
/// that suggests a name for an unknown one.
TrainOptions preset(const std::string& name);

/// Batch norm's statistics of the sample pictures: the script never leaves training mode, so blog uses the batch's.
BatchStatistics sample_statistics(const TrainOptions& options);
/// Whether images/0.png, images/400.png, ... are written as the script does.
bool writes_script_pictures(const TrainOptions& options);

}  // namespace duel::app
