// A training's configuration as a dict of Python, under the names that checkpoints have.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "engine/configuration/config.h"

namespace duel::python {

namespace py = pybind11;

/// `config`: None (the default preset), the name of a preset, or a dict as duel.config() returns it; then `settings`.
/// Throws ConfigError that names the setting.
TrainingConfig to_config(const py::object& config, const py::dict& settings);
py::dict to_dict(const TrainingConfig& config);

}  // namespace duel::python
