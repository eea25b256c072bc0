// The Python module duel._duel. python/duel/ is the package around it.
#include <pybind11/pybind11.h>

#include "python/module/bindings.h"

PYBIND11_MODULE(_duel, module) {
  using namespace duel::python;
  module.attr("__version__") = DUEL_VERSION;
  bind_errors(module);
  bind_arrays(module);
  bind_device(module);
  bind_device_arrays(module);
  bind_settings(module);
  bind_files(module);
  bind_training(module);
  bind_generator(module);
  bind_quality(module);
  bind_kernels(module);
}
