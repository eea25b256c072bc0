#include "python/module/device_arrays.h"

#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "python/module/arrays.h"
#include "python/module/bindings.h"
#include "python/module/call.h"
#include "python/module/device.h"
#include "python/module/dlpack.h"

namespace duel::python {
namespace {

struct DeviceArray {
  DeviceTensor tensor;
  py::object owner;
  std::atomic<bool>* busy;  ///< the owner's
};

dlpack::Device place() {
  const std::string& name = device().name;
  if (device().is_cpu) return {dlpack::kCpu, 0};
  return {dlpack::kCuda, std::stoi(name.substr(name.find(':') + 1))};
}

py::tuple place_tuple(const DeviceArray&) {
  const dlpack::Device here = place();
  return py::make_tuple(static_cast<int>(here.type), here.id);
}

dlpack::DataType type_of(DType type) {
  const auto bits = static_cast<std::uint8_t>(8 * size_of(type));
  if (type == DType::u8) return {dlpack::kUInt, bits, 1};
  return {type == DType::i64 ? dlpack::kInt : dlpack::kFloat, bits, 1};
}

/// What a capsule holds: the struct that others read, and what keeps its memory.
template <class Managed>
struct Handed {
  DeviceTensor tensor;
  py::object owner;
  Managed managed{};

  explicit Handed(const DeviceArray& array) : tensor(array.tensor), owner(array.owner) {
    managed.context = this;
    managed.release = [](Managed* taken) {
      if (Py_IsInitialized() == 0) return;  // the process ends, its memory with it
      const py::gil_scoped_acquire lock;
      delete static_cast<Handed*>(taken->context);
    };
    managed.tensor = {const_cast<void*>(tensor.data),
                      place(),
                      static_cast<std::int32_t>(tensor.shape.size()),
                      type_of(tensor.type),
                      tensor.shape.data(),
                      tensor.strides.data(),
                      0};
  }
};

template <class Managed>
py::capsule hand(const DeviceArray& array) {
  auto handed = std::make_unique<Handed<Managed>>(array);
  const py::capsule capsule(&handed->managed, Managed::kName, [](PyObject* object) {
    if (PyCapsule_IsValid(object, Managed::kName) == 0) return;  // taken, and renamed: the reader releases it
    auto* const left = static_cast<Managed*>(PyCapsule_GetPointer(object, Managed::kName));
    left->release(left);
  });
  handed.release();
  return capsule;
}

[[noreturn]] void refuse(const char* why) {
  throw py::buffer_error(why);
}

/// A trainer's calls end when the device has done all that they enqueued, so that work on any stream may read at once.
void check_stream(const py::object& stream) {
  if (stream.is_none()) return;
  if (device().is_cpu) throw py::value_error("stream: expected None for memory of the host");
  const auto number = stream.cast<std::int64_t>();
  if (number == 0 || number < -1) throw py::value_error("stream: expected None, -1, 1, 2 or the address of a stream");
}

py::capsule to_dlpack(const DeviceArray& self, const py::object& stream,
                      const std::optional<std::pair<int, int>>& max_version,
                      const std::optional<std::pair<int, int>>& wanted, std::optional<bool> copy) {
  check_stream(stream);
  const dlpack::Device here = place();
  if (wanted && *wanted != std::pair<int, int>(here.type, here.id)) {
    refuse("the array stays on its device; Trainer.state() copies weights to the host");
  }
  if (copy.value_or(false)) refuse("the array is shared, not copied; copy what comes of it");
  const Busy busy(*self.busy);
  return max_version && max_version->first >= 1 ? hand<dlpack::VersionedManaged>(self) : hand<dlpack::Managed>(self);
}

py::object to_array(const py::object& self, const py::object& dtype, const py::object& copy) {
  const py::object shared = numpy().attr("from_dlpack")(self);
  return copy.is_none() || !copy.cast<bool>() ? numpy().attr("asarray")(shared, dtype)
                                              : numpy().attr("array")(shared, dtype);
}

py::object dtype_of(const DeviceArray& self) {
  return numpy().attr("dtype")(std::string(info_of(self.tensor.type).numpy));
}

}  // namespace

py::dict device_arrays(std::vector<DeviceTensor> tensors, const py::object& owner, std::atomic<bool>& busy) {
  py::dict arrays;
  for (DeviceTensor& tensor : tensors) {
    const py::str name(tensor.name);
    arrays[name] = DeviceArray{std::move(tensor), owner, &busy};
  }
  return arrays;
}

void bind_device_arrays(py::module_& module) {
  py::class_<DeviceArray>(
      module, "DeviceArray",
      "An array in the device's memory, to be read only: numpy.from_dlpack(), torch.from_dlpack() and others share it "
      "without a copy, which keeps the trainer alive. Its values are those of the last call; calls change them.")
      .def_property_readonly(
          "shape", [](const DeviceArray& self) { return py::tuple(py::cast(self.tensor.shape)); },
          "Extents of the dimensions.")
      .def_property_readonly("dtype", &dtype_of, "As NumPy's.")
      .def("__dlpack__", &to_dlpack, py::kw_only(), py::arg("stream") = py::none(), py::arg("max_version") = py::none(),
           py::arg("dl_device") = py::none(), py::arg("copy") = py::none(),
           "A capsule of the DLPack protocol. Raises BufferError for a copy or another device; RuntimeError while "
           "another call of the trainer is running.")
      .def("__dlpack_device__", &place_tuple, "(1, 0): the host's memory; (2, N): that of GPU N.")
      .def("__array__", &to_array, py::arg("dtype") = py::none(), py::arg("copy") = py::none(),
           "For numpy.asarray() and all that takes arrays: the host's memory, as numpy.from_dlpack() shows it.")
      .def("__repr__", [](const DeviceArray& self) {
        return "<duel.DeviceArray " + self.tensor.name + ": " + std::string(name_of(self.tensor.type)) + " " +
               shape_text(self.tensor.shape) + " on " + device().name + ">";
      });
}

}  // namespace duel::python
