// The training images that a command needs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/data/found_images.h"
#include "app/settings/training_program.h"
#include "engine/configuration/config.h"
#include "engine/io/data_identity.h"
#include "engine/io/idx.h"

namespace duel::app {

struct Dataset {
  ImageSet images;               ///< with labels where there are usable ones
  std::filesystem::path folder;  ///< that they come from
  std::string why_no_labels;     ///< "" where there are
  ClassNames classes;            ///< of the labels, as people call them; none where nobody says
};

/// Reads the training images in the folder `requested`, or where find_dataset() finds some if that is "". Throws
/// DataError, but not for labels: nobody needs them to train; UsageError as require_size().
Dataset load_dataset(const TrainingProgram& program, const std::string& requested, const NetworkConfig& networks,
                     const std::string& who);

/// The images in the folder of load_dataset() for a training: where nobody asked for a size or channels, `options` get
/// those of the images. Throws the same.
Dataset load_training_data(TrainOptions& options);

/// Leaves the first `options.train_images`; 0: all. Throws SettingError where there are fewer.
void keep_first(ImageSet& images, const TrainOptions& options);

/// Gives a conditional training the classes that the labels tell apart. Throws UsageError where there are no labels.
void take_classes(Dataset& dataset, TrainOptions& options);

/// Throws UsageError unless the images of `folder` have the size of `networks`, of which `who` says whose they are:
/// "..., WHO 28x28x1; ...".
void require_size(const ImageSet& images, const std::filesystem::path& folder, const NetworkConfig& networks,
                  const std::string& who);

/// Whether the images are those that `trained_on` remembers; nothing where it remembers none. Where they are others,
/// says so on standard error in the name of `file`; throws UsageError instead where nobody asked for the folder
/// (`requested` is ""): data that were only found are then hardly the wanted ones.
std::optional<bool> compare_data(const TrainingProgram& program, const std::string& file,
                                 const std::optional<DataIdentity>& trained_on, const ImageSet& images,
                                 const std::filesystem::path& folder, const std::string& requested);

}  // namespace duel::app
