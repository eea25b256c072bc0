#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <optional>

#include "app/errors/exit_code.h"
#include "engine/data/class_labels.h"
#include "engine/quality/quality_meter.h"
#include "files/suggest.h"
#include "python/module/arrays.h"
#include "python/module/bindings.h"
#include "python/module/call.h"
#include "python/module/classes.h"
#include "python/module/device.h"

namespace duel::python {
namespace {

namespace fs = std::filesystem;

std::set<Metric> metrics_of(const std::vector<std::string>& wanted, bool has_labels, bool has_classes) {
  std::set<Metric> metrics;
  std::vector<std::string> names;
  for (const Metric metric : all_metrics()) {
    names.push_back(name_of(metric));
    const bool is_possible = (has_labels || !needs_classifier(metric)) && (has_classes || !needs_classes(metric));
    if (wanted.empty() && is_possible) metrics.insert(metric);
  }
  for (const std::string& name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      throw app::UsageError("there is no metric '" + name + "'; expected " + alternatives(names) +
                            did_you_mean(name, names));
    }
    const Metric metric = all_metrics()[static_cast<std::size_t>(found - names.begin())];
    if (needs_classes(metric) && !has_classes) {
      throw app::UsageError("metric '" + name + "' is of samples whose classes somebody asked for; expected a " +
                            "generator of the classes of the images, or classes beside the samples");
    }
    metrics.insert(metric);
  }
  return metrics;
}

/// Told without the lock; what Python raises ends the measurement.
template <class... Arguments>
void tell(const py::object& listener, const Arguments&... arguments) {
  const py::gil_scoped_acquire lock;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  if (!listener.is_none()) listener(arguments...);
}

py::dict measure(const py::object& samples, const py::object& classes, const ImageSet& train, const ImageSet& test,
                 const std::vector<std::string>& wanted, const std::optional<fs::path>& cache,
                 const py::object& on_progress) {
  const Floats values(samples, "samples");
  const std::size_t pixels = static_cast<std::size_t>(train.height) * train.width * train.channels;
  const auto count = static_cast<int>(values.values().size() / pixels);
  std::vector<std::string> numbers;
  for (int i = 0; i < ClassLabels(train.labels).count(); ++i) numbers.push_back(std::to_string(i));
  const auto asked = to_classes(classes, count, numbers);
  const std::set<Metric> metrics = metrics_of(wanted, !train.labels.empty() && !test.labels.empty(), asked.has_value());
  device();
  std::optional<Classifier> classifier;
  const auto measured = without_lock([&] {
    require_measurable(train, test);
    if (std::any_of(metrics.begin(), metrics.end(), needs_classifier)) {
      classifier = Classifier::obtain(train, test, cache.value_or(default_classifier_cache()), {},
                                      [&](const std::string& line) { tell(on_progress, line); });
    }
    QualitySettings settings{.samples = count, .metrics = metrics, .kernels = {}, .progress = {}};
    if (classifier) settings.class_shares = classifier->info().shares;
    settings.progress.begin = [&](const std::string& what, double) { tell(on_progress, what); };
    settings.progress.advance = [&](double) { tell(py::none()); };
    const QualityMeter meter(
        train, test, [&](std::span<const float> images) { return classifier->classify(images); }, settings);
    return std::pair(meter.measure(values.values(), asked.value_or(std::vector<std::uint8_t>())), meter.measure_real());
  });
  py::dict result, info;
  result["figures"] = measured.first.figures;
  result["real"] = measured.second.figures;
  result["class_shares"] = measured.first.class_shares;
  if (classifier) {
    info["hash"] = classifier->info().hash;
    info["test_accuracy"] = classifier->info().test_accuracy;
    result["classifier"] = info;
  }
  return result;
}

}  // namespace

void bind_quality(py::module_& module) {
  module.def("_measure", &measure, py::arg("samples"), py::arg("classes"), py::arg("train"), py::arg("test"),
             py::arg("metrics"), py::arg("classifier_cache"), py::arg("on_progress"));
  module.def(
      "metrics",
      [] {
        py::dict names;
        for (const FigureInfo& info : figure_infos()) names[py::str(info.key)] = info.name;
        return names;
      },
      "The figures that evaluate() returns: key, and name for people.");
}

}  // namespace duel::python
