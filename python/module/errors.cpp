#include <cerrno>
#include <system_error>

#include "app/errors/exit_code.h"
#include "engine/configuration/config.h"
#include "engine/io/data_error.h"
#include "kernels/runtime/error.h"
#include "python/module/bindings.h"

namespace duel::python {
namespace {

/// They live as long as the process.
PyObject *error_type = nullptr, *data_error_type = nullptr, *config_error_type = nullptr, *device_error_type = nullptr,
         *non_finite_error_type = nullptr;

PyObject* add(py::module_& module, const char* name, const char* doc, const py::tuple& bases) {
  PyObject* const type = PyErr_NewExceptionWithDoc((std::string("duel.") + name).c_str(), doc, bases.ptr(), nullptr);
  if (type == nullptr) throw py::error_already_set();
  module.add_object(name, py::reinterpret_borrow<py::object>(type));
  return type;
}

void set_os_error(const std::system_error& thrown) {
  const py::object arguments = py::make_tuple(thrown.code().value(), thrown.what());
  PyErr_SetObject(PyExc_OSError, arguments.ptr());
}

}  // namespace

void bind_errors(py::module_& module) {
  const py::object value = py::reinterpret_borrow<py::object>(PyExc_ValueError);
  const py::object runtime = py::reinterpret_borrow<py::object>(PyExc_RuntimeError);
  const py::object arithmetic = py::reinterpret_borrow<py::object>(PyExc_ArithmeticError);
  error_type = add(
      module, "Error",
      "What all errors of Duel have in common. The message says what was expected, what was found and how to mend it.",
      py::make_tuple(py::reinterpret_borrow<py::object>(PyExc_Exception)));
  const py::object base = py::reinterpret_borrow<py::object>(error_type);
  data_error_type =
      add(module, "DataError", "Images or a checkpoint that cannot be used.", py::make_tuple(base, value));
  config_error_type = add(module, "ConfigError", "A setting that cannot be obeyed.", py::make_tuple(base, value));
  device_error_type = add(module, "DeviceError", "The device or its driver failed, or has too little memory.",
                          py::make_tuple(base, runtime));
  non_finite_error_type = add(module, "NonFiniteError", "A loss or a weight is not finite: the training has diverged.",
                              py::make_tuple(base, arithmetic));

  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const DataError& e) {
      PyErr_SetString(data_error_type, e.what());
    } catch (const ConfigError& e) {
      PyErr_SetString(config_error_type, e.what());
    } catch (const app::UsageError& e) {
      PyErr_SetString(config_error_type, e.what());
    } catch (const app::NonFiniteError& e) {
      PyErr_SetString(non_finite_error_type, e.what());
    } catch (const CudaError& e) {
      PyErr_SetString(device_error_type, e.what());
    } catch (const std::system_error& e) {
      set_os_error(e);
    }
  });
}

}  // namespace duel::python
