// Public. Safetensors files: an 8-byte little-endian header length, a JSON header, the tensors' bytes.
// Format: the safetensors project's README
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/io/data_error.h"
#include "engine/io/tensor.h"

namespace duel {

struct TensorFile {
  std::map<std::string, std::string> metadata;
  std::vector<Tensor> tensors;  ///< in file order

  const Tensor* find(const std::string& name) const;  ///< nullptr where there is none
  std::string names_text() const;                     ///< for messages: the first names, and how many more there are
};

/// Reads a whole file, strictly: anything the format does not allow is a DataError that names the file, the
/// byte offset or tensor, what was expected and what was found; so is any bit that differs from what
/// write_safetensors() wrote. Files of other programs have no seal and are read as they are. Memory stays bounded by
/// the file's size.
TensorFile read_safetensors(const std::filesystem::path& file);

/// The bytes of a file without a seal, as other programs write it. Throws std::invalid_argument as write_safetensors().
std::string plain_safetensors(const TensorFile& content);

/// Writes to a temporary name beside `file`, flushes it to disk and renames it: readers see the old or the new
/// file, never half of one. The metadata get a seal (safetensors_seal.h), which reading takes out again. Throws
/// std::system_error where the disk refuses, std::invalid_argument for a name used twice, a shape that disagrees with
/// its bytes, or text that is not UTF-8.
void write_safetensors(const std::filesystem::path& file, const TensorFile& content);

}  // namespace duel
