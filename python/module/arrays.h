// NumPy arrays in and out, by Python's buffer protocol: NumPy of any version, and whatever converts to it.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/io/idx.h"
#include "engine/io/safetensors.h"
#include "engine/networks/generator.h"

namespace duel::python {

namespace py = pybind11;

py::module_ numpy();

/// A NumPy array of these values, which it owns: of float, std::int64_t or std::uint8_t.
template <class Value>
py::object to_numpy(std::vector<Value> values, std::vector<std::int64_t> shape);
/// [count, channels, height, width].
py::object to_numpy(FloatImages images);
/// The tensors by name.
py::dict to_numpy(TensorFile file);

/// Values of any array or nested list as float32, contiguous. Keeps them alive.
class Floats {
 public:
  /// `what` is its name in messages. Throws ValueError where it is no array of numbers.
  Floats(const py::object& array, const std::string& what);
  std::span<const float> values() const;
  const std::vector<std::int64_t>& shape() const { return shape_; }

 private:
  py::buffer_info buffer_;
  std::vector<std::int64_t> shape_;
};

/// uint8 [count, height, width] or [count, channels, height, width], and labels uint8 [count] or None. Throws
/// ValueError.
ImageSet to_image_set(const py::object& pixels, const py::object& labels, const std::string& name);
/// float32, float64, int64 or uint8. Throws ValueError for others.
Tensor to_tensor(const std::string& name, const py::object& array);

}  // namespace duel::python
