// Counts the classes of a training's samples.
#pragma once

#include <string>

#include "app/data/dataset.h"
#include "app/data/found_images.h"
#include "app/settings/train_options.h"
#include "app/training/training_watch.h"

namespace duel::app {

/// Which classifier counts, if one does; and a line about it for people.
struct ClassCounter {
  TrainingWatch::CountClasses count;  ///< absent where there is none
  std::string note;
  ClassNames names;  ///< of the classes that it tells apart, in their order; none where nobody counts
};

/// The classifier with which `evaluate` judges such images (`train`, from the options' data), where it is in
/// the cache; where --on-collapse is to act on what it sees, it is trained if it must be. None without looks or labels.
/// Throws CudaError.
ClassCounter make_class_counter(const TrainOptions& options, const Dataset& train);

}  // namespace duel::app
