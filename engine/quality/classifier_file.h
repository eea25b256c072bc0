// The classifier's file in the cache: its weights as safetensors, with metadata that say what it is; the seal of
// such files (engine/io/safetensors.h) betrays damage.
#pragma once

#include <filesystem>
#include <string>

#include "engine/io/idx.h"
#include "engine/io/safetensors.h"

namespace duel {

/// What a classifier was made of: its recipe, and hashes of both sets with their labels.
struct ClassifierSource {
  std::string recipe, data;

  std::string file_name() const;  ///< 32 hexadecimal digits that both decide, and ".safetensors"
};

/// A hash of the images, labels and sizes of both sets, 32 hexadecimal digits.
std::string dataset_hash(const ImageSet& train, const ImageSet& test);

/// A hash of names, shapes and values of all tensors, 16 hexadecimal digits.
std::string weights_hash(const TensorFile& file);

/// Sets the metadata of a file that holds the weights: what they were made of, and the accuracy.
void describe_classifier(TensorFile& file, const ClassifierSource& source, double test_accuracy);

/// Reads such a file. Throws DataError where it is damaged, truncated, of another source, holds values that are not
/// finite, or is no such file at all.
TensorFile read_classifier(const std::filesystem::path& file, const ClassifierSource& source);

/// What describe_classifier() was told.
double test_accuracy_of(const TensorFile& file);

}  // namespace duel
