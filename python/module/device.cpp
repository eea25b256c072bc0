#include "python/module/device.h"

#include <optional>

#include "python/module/bindings.h"

namespace duel::python {
namespace {

std::optional<DeviceChoice> chosen;

const DeviceChoice& choose(const std::string& spec, int threads) {
  chosen = select_device(spec, threads);
  return *chosen;
}

}  // namespace

const DeviceChoice& device() {
  return chosen ? *chosen : choose("auto", 0);
}

void bind_device(py::module_& module) {
  py::class_<DeviceChoice>(module, "Device", "A device that kernels run on.")
      .def_readonly("name", &DeviceChoice::name, "cpu, or cuda:N.")
      .def_readonly("is_cpu", &DeviceChoice::is_cpu, "Whether it is the CPU device.")
      .def_readonly("description", &DeviceChoice::description, "Model, multiprocessors or threads, memory.")
      .def("__repr__",
           [](const DeviceChoice& self) { return "<duel.Device " + self.name + ": " + self.description + ">"; });
  module.def(
      "select_device", &choose, py::arg("spec") = "auto", py::arg("threads") = 0,
      "Chooses the device: auto, cpu, cuda or cuda:N; threads: of the CPU device, 0 for all cores. Call it before "
      "anything else, or leave it: auto is the default.");
  module.def("device", &device, "The device in use.");
}

}  // namespace duel::python
