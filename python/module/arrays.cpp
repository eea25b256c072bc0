#include "python/module/arrays.h"

#include <map>
#include <memory>
#include <utility>

#include "python/module/bindings.h"

namespace duel::python {
namespace {

/// Memory that a NumPy array looks at.
struct Memory {
  std::shared_ptr<void> owner;
  void* values;
  std::string format;
  std::int64_t item_size;
  std::vector<std::int64_t> shape;

  py::buffer_info view() {
    std::vector<std::int64_t> strides = row_major_strides(shape);
    for (std::int64_t& stride : strides) stride *= item_size;
    return {values, item_size, format, static_cast<py::ssize_t>(shape.size()), shape, strides};
  }
};

template <class Value>
py::object array_over(std::vector<Value> values, const std::string& format, std::size_t item_size,
                      std::vector<std::int64_t> shape) {
  const auto owner = std::make_shared<std::vector<Value>>(std::move(values));
  return numpy().attr("asarray")(
      py::cast(Memory{owner, owner->data(), format, static_cast<std::int64_t>(item_size), std::move(shape)}));
}

/// A contiguous array of that type, which must be able to hold all values of `array`.
py::buffer contiguous(const py::object& array, const char* type, const std::string& what) {
  try {
    const py::object as_given = numpy().attr("asarray")(array);
    if (std::string(type) == "uint8" && !py::str(as_given.attr("dtype")).equal(py::str("uint8"))) {
      throw py::value_error(what + " are " + py::str(as_given.attr("dtype")).cast<std::string>() +
                            "; expected bytes from 0 to 255: uint8");
    }
    return numpy().attr("ascontiguousarray")(as_given, type).cast<py::buffer>();
  } catch (const py::error_already_set& error) {
    if (!error.matches(PyExc_TypeError) && !error.matches(PyExc_ValueError)) throw;
    throw py::value_error(what + ": expected an array of numbers in the host's memory: " + error.what());
  }
}

}  // namespace

py::module_ numpy() {
  return py::module_::import("numpy");
}

template <class Value>
py::object to_numpy(std::vector<Value> values, std::vector<std::int64_t> shape) {
  return array_over(std::move(values), py::format_descriptor<Value>::format(), sizeof(Value), std::move(shape));
}
template py::object to_numpy(std::vector<float>, std::vector<std::int64_t>);
template py::object to_numpy(std::vector<std::int64_t>, std::vector<std::int64_t>);
template py::object to_numpy(std::vector<std::uint8_t>, std::vector<std::int64_t>);

py::dict to_numpy(TensorFile file) {
  static const std::map<DType, std::string> kFormats = {
      {DType::u8, "B"}, {DType::i64, "q"}, {DType::f32, "f"}, {DType::f64, "d"}};
  py::dict arrays;
  for (Tensor& tensor : file.tensors) {
    arrays[py::str(tensor.name)] =
        array_over(std::move(tensor.bytes), kFormats.at(tensor.type), size_of(tensor.type), std::move(tensor.shape));
  }
  return arrays;
}

py::object to_numpy(FloatImages images) {
  return to_numpy(std::move(images.values), {images.count, images.channels, images.height, images.width});
}

Floats::Floats(const py::object& array, const std::string& what)
    : buffer_(contiguous(array, "float32", what).request()), shape_(buffer_.shape.begin(), buffer_.shape.end()) {}

std::span<const float> Floats::values() const {
  return {static_cast<const float*>(buffer_.ptr), static_cast<std::size_t>(buffer_.size)};
}

ImageSet to_image_set(const py::object& pixels, const py::object& labels, const std::string& name) {
  const py::buffer_info buffer = contiguous(pixels, "uint8", "pixels").request();
  const bool has_channels = buffer.ndim == 4;
  if ((buffer.ndim != 3 && !has_channels) || buffer.size == 0) {
    throw py::value_error("pixels are " + shape_text(buffer.shape) +
                          "; expected [count, height, width] or [count, channels, height, width], with at least one");
  }
  if (has_channels && buffer.shape[1] != 1 && buffer.shape[1] != 3) {
    throw py::value_error("pixels are " + shape_text(buffer.shape) +
                          "; expected 1 or 3 channels in [count, channels, height, width]; where the channels stand "
                          "last, pass pixels.transpose(0, 3, 1, 2)");
  }
  ImageSet images;
  images.count = static_cast<int>(buffer.shape[0]);
  images.channels = has_channels ? static_cast<int>(buffer.shape[1]) : 1;
  images.height = static_cast<int>(buffer.shape[has_channels ? 2 : 1]);
  images.width = static_cast<int>(buffer.shape[has_channels ? 3 : 2]);
  const auto* const bytes = static_cast<const std::uint8_t*>(buffer.ptr);
  images.pixels.assign(bytes, bytes + buffer.size);
  images.name = name;
  if (labels.is_none()) return images;
  const py::buffer_info classes = contiguous(labels, "uint8", "labels").request();
  if (classes.ndim != 1 || classes.size != images.count) {
    throw py::value_error("labels are " + shape_text(classes.shape) + "; expected [" + std::to_string(images.count) +
                          "]");
  }
  const auto* const values = static_cast<const std::uint8_t*>(classes.ptr);
  images.labels.assign(values, values + classes.size);
  return images;
}

Tensor to_tensor(const std::string& name, const py::object& array) {
  static const std::map<std::string, DType> kTypes = {
      {"uint8", DType::u8}, {"int64", DType::i64}, {"float32", DType::f32}, {"float64", DType::f64}};
  const py::object contiguous_array = numpy().attr("asarray")(array, py::arg("order") = "C");
  const auto type = py::str(contiguous_array.attr("dtype")).cast<std::string>();
  const auto found = kTypes.find(type);
  if (found == kTypes.end()) {
    throw py::value_error("tensor " + name + " is " + type + "; expected float32, float64, int64 or uint8");
  }
  const py::buffer_info buffer = contiguous_array.cast<py::buffer>().request();
  Tensor tensor{name, found->second, {buffer.shape.begin(), buffer.shape.end()}, {}};
  const auto* const bytes = static_cast<const std::byte*>(buffer.ptr);
  tensor.bytes.assign(bytes, bytes + buffer.size * buffer.itemsize);
  return tensor;
}

void bind_arrays(py::module_& module) {
  py::class_<Memory>(module, "_Memory", py::buffer_protocol()).def_buffer(&Memory::view);
}

}  // namespace duel::python
