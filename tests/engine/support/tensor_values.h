// Reads and changes tensors of a TensorFile.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/io/safetensors.h"

namespace duel::test {

/// The one tensor of that name. Throws std::out_of_range where there is none.
inline Tensor& tensor_of(TensorFile& file, const std::string& name) {
  for (Tensor& tensor : file.tensors) {
    if (tensor.name == name) return tensor;
  }
  throw std::out_of_range("no tensor '" + name + "'");
}

template <class T>
std::vector<T> values_of(const TensorFile& file, const std::string& name) {
  const Tensor* tensor = file.find(name);
  if (!tensor) throw std::out_of_range("no tensor '" + name + "'");
  if (size_of(tensor->type) != sizeof(T)) throw std::invalid_argument("tensor '" + name + "' has another type");
  std::vector<T> values(tensor->bytes.size() / sizeof(T));
  std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
  return values;
}

inline std::vector<float> floats_of(const TensorFile& file, const std::string& name) {
  return values_of<float>(file, name);
}
inline std::int64_t integer_of(const TensorFile& file, const std::string& name) {
  return values_of<std::int64_t>(file, name).at(0);
}

template <class T>
void set_values(TensorFile& file, const std::string& name, const std::vector<T>& values) {
  Tensor& tensor = tensor_of(file, name);
  if (tensor.bytes.size() != values.size() * sizeof(T)) throw std::invalid_argument("wrong size for '" + name + "'");
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
}

/// Where two files first differ in a bit; empty where they do not.
inline std::string first_difference(const TensorFile& a, const TensorFile& b) {
  if (a.metadata != b.metadata) return "metadata";
  if (a.tensors.size() != b.tensors.size()) return "number of tensors";
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    const Tensor &x = a.tensors[i], &y = b.tensors[i];
    if (x.name != y.name || x.type != y.type || x.shape != y.shape) return "tensor " + std::to_string(i);
    if (x.bytes != y.bytes) return x.name;
  }
  return "";
}

}  // namespace duel::test
