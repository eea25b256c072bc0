#include "app/data/image_import.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <system_error>
#include <utility>

#include "app/data/dataset_file.h"
#include "app/data/pixel_values.h"
#include "app/errors/exit_code.h"
#include "app/settings/training_program.h"
#include "engine/configuration/config_ranges.h"
#include "engine/configuration/network_layout.h"
#include "engine/io/idx.h"
#include "engine/io/input_file.h"
#include "engine/io/picture_file.h"
#include "files/folders.h"
#include "files/path_text.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// A shuffle that is the same on every machine.
template <class Value>
void shuffle(std::vector<Value>& values, std::mt19937_64& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random() % i]);
}

bool holds_idx_images(const fs::path& file) {
  InputFile input(file);
  std::array<std::uint8_t, 4> start{};
  return input.read(start) == start.size() && start[0] == 0 && start[1] == 0 && start[2] == 8;
}

void require_listing(const fs::path& folder) {
  try {
    entries_of(folder);
  } catch (const std::system_error& error) {
    throw DataError(folder.string() + ": expected a folder of pictures, found one that cannot be listed (" +
                    error.code().message() + "). Check its permissions.");
  }
}

FoundImages find_images(const DataImportOptions& settings, const ImportProgress& progress) {
  const fs::path& source = settings.source;
  std::error_code error;
  if (fs::status(source, error).type() == fs::file_type::not_found) {
    throw DataError(source.string() +
                    ": expected a folder of pictures, or a CSV, NPY or IDX file, found nothing of that name. Check the "
                    "name.");
  }
  if (fs::is_directory(source, error)) {
    require_listing(source);
    if (!settings.labels.empty()) throw UsageError("--labels: expected a file as SOURCE, found a folder");
    if (has_idx_images(source, Split::train)) return find_idx_images(settings);
    return find_pictures(settings, progress);
  }
  if (has_picture_name(source))
    throw UsageError("expected a folder of pictures, found the picture " + in_quotes(source));
  if (source.extension() == ".zip") {
    throw UsageError("expected a folder of pictures, found the archive " + in_quotes(source) + "; unpack it first");
  }
  if (source.extension() == ".npy") return find_array_images(settings);
  return holds_idx_images(source) ? find_idx_images(settings) : find_table_images(settings);
}

std::vector<std::string> labels_of_file(const fs::path& file) {
  if (file.extension() == ".npy") return labels_of_array(file);
  std::vector<std::string> labels;
  for (const std::uint8_t label : read_idx_labels(file)) labels.push_back(std::to_string(label));
  return labels;
}

/// Marks `share` of each class: of one with two images or more at least one, and never all.
void choose_test_images(std::vector<FoundImage>& images, double share, std::mt19937_64& random) {
  std::map<int, std::vector<FoundImage*>> of_class;
  for (FoundImage& image : images) of_class[image.label].push_back(&image);
  for (auto& [label, members] : of_class) {
    shuffle(members, random);
    if (members.size() < 2 || share == 0) continue;
    const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(members.size())));
    const std::size_t count = std::clamp<std::size_t>(wanted, 1, members.size() - 1);
    for (std::size_t i = 0; i < count; ++i) members[i]->split = Split::test;
  }
}

/// "3 classes have no images for tests: a, b, ...", where some have none.
void note_classes_without(const ImageSet& set, const std::string& purpose, const ClassNames& classes,
                          std::vector<std::string>& notes) {
  constexpr std::size_t kMostNames = 5;
  constexpr std::size_t kLongestName = 40;
  std::vector<std::string> lacking;
  for (const auto& [label, name] : classes) {
    if (std::find(set.labels.begin(), set.labels.end(), label) != set.labels.end()) continue;
    lacking.push_back(in_quotes(name, kLongestName));
  }
  if (lacking.empty()) return;
  const std::size_t count = lacking.size();
  if (count > kMostNames) {
    lacking.resize(kMostNames);
    lacking.emplace_back("...");
  }
  notes.push_back(fmt::format("{} without images {}: {}", count == 1 ? "a class" : fmt::format("{} classes", count),
                              purpose, joined(lacking)));
}

void note_missing_images(ImportedDataset& dataset) {
  if (dataset.test.count == 0) {
    dataset.notes.emplace_back("no test images, which evaluate needs; --test-share keeps some of two images or more");
  } else {
    note_classes_without(dataset.test, "for tests", dataset.classes, dataset.notes);
  }
  note_classes_without(dataset.train, "to train on", dataset.classes, dataset.notes);
}

void require_one_size(const FoundImages& found, const DataImportOptions& settings) {
  const Picture& first = found.images.front().picture;
  for (const FoundImage& image : found.images) {
    if (image.picture.height == first.height) continue;
    throw UsageError("--size 0: expected pictures of one size in " + in_quotes(settings.source) + ", found " +
                     std::to_string(first.height) + " and " + std::to_string(image.picture.height) +
                     " pixels a side; --size N resizes them");
  }
}

void require_room(const FoundImages& found, int channels) {
  const int side = found.images.front().picture.height;
  const double bytes = 1.0 * side * side * channels * static_cast<double>(found.images.size());
  constexpr double kMost = static_cast<double>(InputFile::kMaxBytes) - 64;
  if (bytes <= kMost) return;
  throw UsageError(
      fmt::format("--size: {} images of {} x {} x {} values are {:.1f} GiB; expected less than 2 GiB: a "
                  "smaller size, or fewer images",
                  found.images.size(), side, side, channels, bytes / (1 << 30)));
}

/// Takes the picture.
void append(ImageSet& set, FoundImage& image, int channels, bool has_labels) {
  const Picture picture = with_channels(std::move(image.picture), channels);
  const std::vector<std::uint8_t> planes = planes_of(picture);
  set.height = picture.height;
  set.width = picture.width;
  set.channels = channels;
  set.pixels.insert(set.pixels.end(), planes.begin(), planes.end());
  if (has_labels) set.labels.push_back(static_cast<std::uint8_t>(image.label));
  ++set.count;
}

/// "2 damaged: ..." lines, the most frequent reason first.
std::string left_out_text(const std::vector<LeftOut>& left_out) {
  std::map<std::string, std::vector<const LeftOut*>> by_reason;
  for (const LeftOut& one : left_out) by_reason[one.why].push_back(&one);
  std::vector<std::pair<std::string, std::vector<const LeftOut*>>> reasons(by_reason.begin(), by_reason.end());
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  constexpr std::size_t kMostReasons = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(reasons.size(), kMostReasons); ++i) {
    const auto& [why, files] = reasons[i];
    text += fmt::format("  {:>6}  {}: {}{}\n", files.size(), why, excerpt(files.front()->what),
                        files.size() > 1 ? ", ..." : "");
  }
  std::size_t others = 0;
  for (std::size_t i = kMostReasons; i < reasons.size(); ++i) others += reasons[i].second.size();
  if (others > 0) text += fmt::format("  {:>6}  for {} other reasons\n", others, reasons.size() - kMostReasons);
  return text;
}

/// "" where the usual networks can draw such images.
std::string why_no_networks(const ImageSet& images, const TrainingProgram& program) {
  NetworkConfig networks = preset(program).training.networks;
  networks.image_size = images.height;
  networks.channels = images.channels;
  try {
    generator_layout(networks);
    discriminator_layout(networks);
  } catch (const ConfigError& error) {
    return std::string("too large for the usual networks: ") + error.what() + "; or import with a smaller --size";
  }
  return "";
}

}  // namespace

ImportedDataset import_images(const DataImportOptions& settings, const ImportProgress& progress) {
  FoundImages found = find_images(settings, progress);
  if (!settings.labels.empty()) add_labels(found, labels_of_file(settings.labels), settings.labels);
  if (found.images.empty()) {
    throw DataError(settings.source.string() + ": expected PNG or JPEG pictures, found none that can be read" +
                    (found.left_out.empty() ? ". Name the folder that holds them."
                                            : "; left out:\n" + left_out_text(found.left_out)));
  }
  require_one_size(found, settings);
  const auto in_colour = std::count_if(found.images.begin(), found.images.end(),
                                       [](const FoundImage& image) { return image.picture.channels == 3; });
  const int channels = settings.channels != 0 ? settings.channels : in_colour > 0 ? 3 : 1;
  if (settings.channels == 0 && in_colour > 0 && in_colour < std::ssize(found.images)) {
    found.notes.push_back(
        fmt::format("{} of the {} images are in colour, so all have 3 channels; --channels 1 makes all "
                    "grey",
                    in_colour, found.images.size()));
  }
  require_room(found, channels);

  std::mt19937_64 random(settings.seed);
  const bool has_test_images = std::any_of(found.images.begin(), found.images.end(),
                                           [](const FoundImage& image) { return image.split == Split::test; });
  if (!has_test_images) choose_test_images(found.images, settings.test_share, random);
  std::vector<FoundImage*> order;
  for (FoundImage& image : found.images) order.push_back(&image);
  shuffle(order, random);
  ImportedDataset dataset{{}, {}, found.classes, std::move(found.left_out), std::move(found.notes)};
  for (FoundImage* image : order) {
    append(image->split == Split::test ? dataset.test : dataset.train, *image, channels, !found.classes.empty());
  }
  if (dataset.train.count == 0) {
    throw DataError(settings.source.string() + ": expected images to train on, found " +
                    std::to_string(dataset.test.count) + " for tests alone" +
                    (dataset.left_out.empty() ? "." : "; left out:\n" + left_out_text(dataset.left_out)));
  }
  if (found.classes.empty()) dataset.notes.emplace_back("no labels, so that no classes will be counted");
  note_missing_images(dataset);
  return dataset;
}

void write_dataset(const ImportedDataset& dataset, const DataImportOptions& settings, const std::string& name,
                   const fs::path& folder) {
  write_idx_folder(folder, Split::train, dataset.train);
  if (dataset.test.count > 0) write_idx_folder(folder, Split::test, dataset.test);
  auto left_out = nlohmann::ordered_json::array();
  for (const LeftOut& one : dataset.left_out) left_out.push_back({{"what", one.what}, {"why", one.why}});
  const nlohmann::ordered_json more = {{"source", path_text(fs::absolute(settings.source))},
                                       {"training_images", dataset.train.count},
                                       {"test_images", dataset.test.count},
                                       {"size", dataset.train.height},
                                       {"channels", dataset.train.channels},
                                       {"fit", name_of(settings.fit)},
                                       {"ground", name_of(settings.ground)},
                                       {"invert", settings.invert},
                                       {"transpose", settings.transpose},
                                       {"test_share", settings.test_share},
                                       {"seed", settings.seed},
                                       {"left_out", left_out}};
  write_dataset_file(folder, name, dataset.classes, more);
}

std::string import_report(const ImportedDataset& dataset, const TrainingProgram& program) {
  const ImageSet& train = dataset.train;
  std::string text =
      fmt::format("{} training and {} test images of {} x {} pixels, {}", train.count, dataset.test.count, train.width,
                  train.height, train.channels == 3 ? "in colour" : "grey");
  if (!dataset.classes.empty())
    text += fmt::format(", {} {}", dataset.classes.size(), dataset.classes.size() == 1 ? "class" : "classes");
  text += "\n";
  for (const std::string& note : dataset.notes) text += "  " + note + "\n";
  if (train.count < kBatchSizes.low) text += "  too few images to train on: 2 are the least\n";
  if (const std::string why = why_no_networks(train, program); !why.empty()) text += "  " + why + "\n";
  if (dataset.left_out.empty()) return text;
  return text + fmt::format("left out, {} in all ({} names each):\n", dataset.left_out.size(), kDatasetFile) +
         left_out_text(dataset.left_out);
}

}  // namespace duel::app
