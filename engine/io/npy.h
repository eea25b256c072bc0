// NumPy's .npy files: one array of numbers.
// Format: numpy.lib.format (NEP 1), versions 1.0 to 3.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "engine/io/data_error.h"
#include "engine/io/tensor.h"

namespace duel {

/// Reads the array of a file, plain or gzip-compressed: uint8, int64, float32 or float64, little-endian, row-major, of
/// any shape, sizes of 0 included. The tensor has no name. Strict: anything else, pickled objects above all, is a
/// DataError that names the file, the place, what was expected, what was found and what to do in NumPy. Memory stays
/// bounded by the file's size.
Tensor read_npy(const std::filesystem::path& file);

/// The bytes of a .npy file (version 1.0, as numpy.save writes it). Throws std::invalid_argument where the shape
/// disagrees with the bytes.
std::vector<std::byte> encode_npy(const Tensor& tensor);

}  // namespace duel
