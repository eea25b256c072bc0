#include "engine/quality/channel_classes.h"

#include <span>
#include <stdexcept>
#include <string>

namespace duel {
namespace {

/// Of every pair of factors, those of `b` in turn for each of `a`.
template <class Value>
std::vector<Value> products(const std::vector<Value>& a, std::span<const Value> b) {
  std::vector<Value> all;
  all.reserve(a.size() * b.size());
  for (const Value x : a) {
    for (const Value y : b) all.push_back(x * y);
  }
  return all;
}

}  // namespace

ClassifierOutput combined_channels(const ClassifierOutput& of_channels, int channels) {
  if (of_channels.count % channels != 0) {
    throw std::invalid_argument("expected " + std::to_string(channels) + " channels of every image, found " +
                                std::to_string(of_channels.count) + " in all");
  }
  ClassifierOutput output{.count = of_channels.count / channels,
                          .feature_dim = of_channels.feature_dim * channels,
                          .classes = 1,
                          .features = of_channels.features,
                          .probabilities = {}};
  for (int c = 0; c < channels; ++c) output.classes *= of_channels.classes;
  const std::span<const float> all(of_channels.probabilities);
  const auto classes = static_cast<std::size_t>(of_channels.classes);
  output.probabilities.reserve(static_cast<std::size_t>(output.count) * static_cast<std::size_t>(output.classes));
  for (std::size_t at = 0; at < all.size();) {
    std::vector<float> combined = {1};
    for (int c = 0; c < channels; ++c, at += classes) combined = products(combined, all.subspan(at, classes));
    output.probabilities.insert(output.probabilities.end(), combined.begin(), combined.end());
  }
  return output;
}

std::vector<double> combined_shares(const std::vector<double>& shares, int channels) {
  std::vector<double> combined = {1};
  for (int c = 0; c < channels; ++c) combined = products(combined, std::span(shares));
  return combined;
}

}  // namespace duel
