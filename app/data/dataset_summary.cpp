#include "app/data/dataset_summary.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <unordered_set>

#include "app/data/dataset_file.h"
#include "engine/data/class_labels.h"
#include "engine/data/image_stack.h"
#include "engine/io/data_identity.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"
#include "files/path_text.h"

namespace duel::app {
namespace {

std::string_view image_of(const ImageSet& set, int i) {
  const std::size_t bytes = set.pixels.size() / static_cast<std::size_t>(set.count);
  return {reinterpret_cast<const char*>(set.pixels.data()) + static_cast<std::size_t>(i) * bytes, bytes};
}

void count_classes(DatasetSummary& summary, const WholeDataset& dataset) {
  std::map<int, ClassCount> counts;
  for (const auto& [label, name] : dataset.classes) counts[label];
  for (const std::uint8_t label : dataset.train.labels) ++counts[label].train;
  for (const std::uint8_t label : dataset.test.labels) ++counts[label].test;
  for (auto& [label, count] : counts) {
    count.label = label;
    count.name = class_name(dataset.classes, label);
    summary.classes.push_back(count);
  }
}

StackedClasses stacked_classes(const ImageSet& stack) {
  const int of_channel = ClassLabels(stack.channel_labels).count();
  const auto channels = static_cast<std::size_t>(stack.channels);
  StackedClasses stacked{.of_channel = of_channel, .combinations = 1};
  for (std::size_t c = 0; c < channels; ++c) stacked.combinations *= of_channel;
  std::set<std::vector<std::uint8_t>> found;
  for (auto at = stack.channel_labels.begin(); at != stack.channel_labels.end(); at += stack.channels) {
    found.emplace(at, at + stack.channels);
  }
  stacked.found = static_cast<int>(found.size());
  return stacked;
}

void measure_pixels(DatasetSummary& summary, const ImageSet& set) {
  const std::size_t plane = static_cast<std::size_t>(set.height) * set.width;
  const auto channels = static_cast<std::size_t>(set.channels);
  std::vector<std::uint64_t> sums(channels), squares(channels);
  for (std::size_t at = 0; at < set.pixels.size(); at += plane) {
    const std::size_t channel = at / plane % channels;
    std::uint64_t sum = 0, square = 0;
    for (std::size_t i = at; i < at + plane; ++i) {
      sum += set.pixels[i];
      square += std::uint64_t{set.pixels[i]} * set.pixels[i];
    }
    sums[channel] += sum;
    squares[channel] += square;
  }
  const double values = static_cast<double>(plane) * set.count;
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = static_cast<double>(sums[c]) / values;
    const double variance = std::max(0.0, static_cast<double>(squares[c]) / values - mean * mean);
    summary.means.push_back(mean / 255);
    summary.deviations.push_back(std::sqrt(variance) / 255);
  }
}

void count_copies(DatasetSummary& summary, const WholeDataset& dataset) {
  std::unordered_set<std::string_view> seen;
  for (int i = 0; i < dataset.train.count; ++i) {
    if (!seen.insert(image_of(dataset.train, i)).second) ++summary.copies_in_train;
  }
  for (int i = 0; i < dataset.test.count; ++i) {
    if (seen.contains(image_of(dataset.test, i))) ++summary.test_in_train;
  }
}

nlohmann::ordered_json class_json(const ClassCount& one) {
  return {{"label", one.label}, {"name", one.name}, {"training", one.train}, {"test", one.test}};
}

nlohmann::ordered_json stacked_json(const DatasetSummary& summary) {
  if (!summary.stacked) return nullptr;
  return {{"of_channel", summary.stacked->of_channel},
          {"combinations", summary.stacked->combinations},
          {"found", summary.stacked->found}};
}

std::vector<nlohmann::ordered_json> class_rows(const std::vector<ClassCount>& classes) {
  std::vector<nlohmann::ordered_json> rows;
  for (const ClassCount& one : classes) rows.push_back(class_json(one));
  return rows;
}

}  // namespace

DatasetSummary summarise(const WholeDataset& dataset) {
  const DataIdentity identity = identity_of(dataset.train);
  DatasetSummary summary{.folder = dataset.folder,
                         .name = identity.name,
                         .height = identity.height,
                         .width = identity.width,
                         .channels = identity.channels,
                         .train = dataset.train.count,
                         .test = dataset.test.count,
                         .classes = {},
                         .means = {},
                         .deviations = {},
                         .checksum = identity.checksum};
  if (!dataset.train.labels.empty() || !dataset.test.labels.empty()) count_classes(summary, dataset);
  if (is_stack(dataset.train)) summary.stacked = stacked_classes(dataset.train);
  measure_pixels(summary, dataset.train);
  count_copies(summary, dataset);
  return summary;
}

std::string classes_csv(const std::vector<ClassCount>& classes) {
  return rows_csv(class_json({}), class_rows(classes));
}

std::string summary_json(const DatasetSummary& summary, const std::string& format) {
  const nlohmann::ordered_json json = {{"format", format},
                                       {"folder", path_text(std::filesystem::absolute(summary.folder))},
                                       {"name", summary.name},
                                       {"training_images", summary.train},
                                       {"test_images", summary.test},
                                       {"height", summary.height},
                                       {"width", summary.width},
                                       {"channels", summary.channels},
                                       {"pixel_means", summary.means},
                                       {"pixel_deviations", summary.deviations},
                                       {"copies_in_training_images", summary.copies_in_train},
                                       {"test_images_in_training_images", summary.test_in_train},
                                       {"checksum", "xxh3:" + summary.checksum},
                                       {"classes", class_rows(summary.classes)},
                                       {"stacked_classes", stacked_json(summary)}};
  return json_text(json) + "\n";
}

}  // namespace duel::app
