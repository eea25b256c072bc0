#include "python/module/settings.h"

#include <string_view>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/settings/training_program.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/configuration/config_json.h"
#include "engine/configuration/config_names.h"
#include "files/suggest.h"
#include "python/module/bindings.h"

namespace duel::python {
namespace {

py::dict preset_dict(const std::string& name) {
  return to_dict(app::preset(app::mnist_gan(), name).training);
}

TrainingConfig from_dict(const py::dict& dict) {
  const auto text = py::module_::import("json").attr("dumps")(dict).cast<std::string>();
  try {
    TrainingConfig config = config_from_json(text);
    validate(config);
    return config;
  } catch (const DataError& error) {
    constexpr std::string_view kPrefix = "configuration in JSON: ";
    const std::string_view what = error.what();
    throw app::UsageError(std::string(what.starts_with(kPrefix) ? what.substr(kPrefix.size()) : what));
  }
}

/// The settings of such networks, whose widths and norms come with them.
py::dict with_networks_of(const py::dict& dict, const py::handle& name) {
  TrainingConfig config = from_dict(dict);
  try {
    config.networks = with_networks(parse_name<NetworkKind>(name.cast<std::string>()), config.networks);
  } catch (const std::invalid_argument& error) {
    throw app::UsageError("networks: " + std::string(error.what()));
  }
  return to_dict(config);
}

void update(py::dict& dict, const py::dict& settings) {
  if (settings.contains("networks")) dict = with_networks_of(dict, settings["networks"]);
  for (const auto& [key, value] : settings) {
    if (!dict.contains(key)) {
      std::vector<std::string> names;
      for (const auto& [name, ignored] : dict) names.push_back(name.cast<std::string>());
      const auto text = key.cast<std::string>();
      throw app::UsageError("there is no setting '" + text + "'" + did_you_mean(text, names));
    }
    dict[key] = py::isinstance<py::tuple>(value) ? py::list(py::reinterpret_borrow<py::object>(value))
                                                 : py::reinterpret_borrow<py::object>(value);
  }
}

}  // namespace

py::dict to_dict(const TrainingConfig& config) {
  return py::module_::import("json").attr("loads")(to_json(config));
}

TrainingConfig to_config(const py::object& config, const py::dict& settings) {
  py::dict dict;
  if (py::isinstance<py::dict>(config)) {
    dict = preset_dict("");
    update(dict, config.cast<py::dict>());
  } else {
    dict = preset_dict(config.is_none() ? "" : config.cast<std::string>());
  }
  update(dict, settings);
  return from_dict(dict);
}

void bind_settings(py::module_& module) {
  module.def(
      "config",
      [](const py::object& preset, const py::kwargs& settings) { return to_dict(to_config(preset, settings)); },
      py::arg("preset") = "default",
      "The settings of a training: those of a preset (default, blog, paper), or a dict of some, then the others that "
      "are named. "
      "Raises ConfigError.");
  module.def(
      "presets",
      [] {
        py::list names;
        for (const std::string& name : app::preset_names(app::mnist_gan())) names.append(name);
        return names;
      },
      "The names of the presets.");
}

}  // namespace duel::python
