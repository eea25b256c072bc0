#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <filesystem>

#include "app/advice/divergence.h"
#include "app/drawing/generator_file.h"
#include "app/errors/exit_code.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/data_identity.h"
#include "engine/networks/by_pieces.h"
#include "engine/training/trainer.h"
#include "python/module/arrays.h"
#include "python/module/bindings.h"
#include "python/module/call.h"
#include "python/module/classes.h"
#include "python/module/device.h"
#include "python/module/device_arrays.h"
#include "python/module/drawing.h"
#include "python/module/kernel_files.h"
#include "python/module/settings.h"

namespace duel::python {
namespace {

namespace fs = std::filesystem;

struct PyTrainer {
  PyTrainer(const TrainingConfig& config, const ImageSet& images, const KernelSelection& kernels)
      : trainer(config, images, kernels), networks(config.networks) {
    if (networks.classes > 0) {
      classes = class_names_from_json(trainer.metadata().at(kClassesKey), networks.classes);
    }
  }

  const Trainer& network() const { return trainer; }

  Trainer trainer;
  NetworkConfig networks;
  std::vector<std::string> classes;
  std::atomic<bool> busy = false;
};

std::unique_ptr<PyTrainer> make_trainer(const ImageSet& images, const py::object& config,
                                        const std::vector<std::string>& kernels,
                                        const std::vector<fs::path>& kernel_files, const py::kwargs& settings) {
  TrainingConfig wanted = to_config(config, settings);
  const bool has_size = py::isinstance<py::dict>(config) && config.contains("image_size");
  if (!has_size && !settings.contains("image_size")) wanted.networks.image_size = images.height;
  const bool has_channels = py::isinstance<py::dict>(config) && config.contains("channels");
  if (!has_channels && !settings.contains("channels")) wanted.networks.channels = images.channels;
  device();
  const KernelSelection selection = kernels_of(kernel_files, kernels);
  return without_lock([&] { return std::make_unique<PyTrainer>(wanted, images, selection); });
}

void require_finite(std::span<const IterationStats> all) {
  const auto bad = std::find_if_not(all.begin(), all.end(), app::is_finite);
  if (bad == all.end()) return;
  throw app::NonFiniteError("a loss of iteration " + std::to_string(bad->iteration) +
                            " is not finite; try a smaller learning_rate");
}

py::dict columns_of(const std::vector<IterationStats>& stats) {
  const auto count = static_cast<std::int64_t>(stats.size());
  py::dict columns;
  std::vector<std::int64_t> iterations;
  for (const IterationStats& one : stats) iterations.push_back(one.iteration);
  columns["iteration"] = to_numpy(std::move(iterations), {count});
  for (const auto& [name, member] : {std::pair{"discriminator_loss", &IterationStats::discriminator_loss},
                                     {"generator_loss", &IterationStats::generator_loss},
                                     {"d_real", &IterationStats::d_real},
                                     {"d_fake", &IterationStats::d_fake},
                                     {"penalty", &IterationStats::penalty}}) {
    std::vector<float> values;
    for (const IterationStats& one : stats) values.push_back(one.*member);
    columns[name] = to_numpy(std::move(values), {count});
  }
  return columns;
}

py::dict train(PyTrainer& self, std::int64_t iterations, const py::object& on_stats) {
  if (iterations < 0) throw app::UsageError("iterations are " + std::to_string(iterations) + "; expected 0 or more");
  const Busy busy(self.busy);
  std::vector<IterationStats> all;
  std::exception_ptr raised;
  bool wants_to_stop = false;
  Interrupts interrupts;
  const auto take = [&](std::span<const IterationStats> stats) {
    if (raised) return;
    all.insert(all.end(), stats.begin(), stats.end());
    try {
      require_finite(stats);
      if (on_stats.is_none()) return;
      const py::gil_scoped_acquire lock;
      const py::object answer = on_stats(std::vector(stats.begin(), stats.end()));
      wants_to_stop |= answer.ptr() == Py_False;
    } catch (...) {
      raised = std::current_exception();
    }
  };
  const auto should_stop = [&] {
    try {
      if (!raised) interrupts.check();
    } catch (...) {
      raised = std::current_exception();
    }
    return raised || wants_to_stop;
  };
  without_lock([&] { self.trainer.run(iterations, take, should_stop); });
  if (raised) std::rethrow_exception(raised);
  return columns_of(all);
}

IterationStats step(PyTrainer& self) {
  const Busy busy(self.busy);
  IterationStats last{};
  without_lock([&] { self.trainer.run(1, [&](std::span<const IterationStats> stats) { last = stats.back(); }); });
  require_finite({&last, 1});
  return last;
}

py::object judge(PyTrainer& self, const py::object& images, const py::object& classes) {
  const Floats values(images, "images");
  const int images_given = samples_in(values.values(), self.networks.pixels(), "the images");
  const auto numbers = to_classes(classes, images_given, self.classes).value_or(std::vector<std::uint8_t>());
  const Busy busy(self.busy);
  auto scores = without_lock([&] { return self.trainer.judge(values.values(), numbers); });
  const auto count = static_cast<std::int64_t>(scores.size());
  return to_numpy(std::move(scores), {count});
}

py::dict state(PyTrainer& self) {
  const Busy busy(self.busy);
  return to_numpy(without_lock([&] { return self.trainer.state(); }));
}

py::dict on_device(const py::object& self) {
  auto& trainer = self.cast<PyTrainer&>();
  const Busy busy(trainer.busy);
  return device_arrays(trainer.trainer.device_tensors(), self, trainer.busy);
}

void save(PyTrainer& self, const fs::path& file) {
  const Busy busy(self.busy);
  without_lock([&] { write_safetensors(file, self.trainer.state()); });
}

void load(PyTrainer& self, const fs::path& file) {
  const Busy busy(self.busy);
  without_lock([&] { self.trainer.load_state(read_safetensors(find_checkpoint(file.string(), "runs"))); });
}

void load_weights(PyTrainer& self, const fs::path& file) {
  const Busy busy(self.busy);
  // Any preset: its eps is not used.
  without_lock(
      [&] { self.trainer.load_weights(app::read_generator_file(app::mnist_gan(), file.string(), "blog").tensors); });
}

std::vector<std::string> kernels_used(const PyTrainer& self) {
  std::vector<std::string> names;
  for (const KernelUse& use : self.trainer.kernels().uses()) {
    const std::string name = use.op + "=" + use.variant;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

void bind_stats(py::module_& module) {
  py::class_<IterationStats>(module, "Stats", "What one iteration reports: means over the batch.")
      .def_readonly("iteration", &IterationStats::iteration, "Counted from 0.")
      .def_readonly("discriminator_loss", &IterationStats::discriminator_loss,
                    "Over real and generated images, halved each.")
      .def_readonly("generator_loss", &IterationStats::generator_loss, "G's loss.")
      .def_readonly("d_real", &IterationStats::d_real, "Mean D(x).")
      .def_readonly("d_fake", &IterationStats::d_fake, "Mean D(G(z)).")
      .def_readonly("penalty", &IterationStats::penalty, "Of D's gradients, in discriminator_loss; 0: there is none.")
      .def("__repr__", [](const IterationStats& self) {
        return py::str("<duel.Stats {}: D {:.4f}, G {:.4f}, D(x) {:.3f}, D(G(z)) {:.3f}>")
            .format(self.iteration, self.discriminator_loss, self.generator_loss, self.d_real, self.d_fake);
      });
}

void bind_trainer(py::module_& module) {
  py::class_<PyTrainer> trainer(module, "Trainer",
                                "Trains a generator and a discriminator against each other, on the device. Other "
                                "Python threads go on meanwhile.");
  trainer
      .def(py::init(&make_trainer), py::arg("images"), py::arg("config") = py::none(), py::kw_only(),
           py::arg("kernels") = std::vector<std::string>{}, py::arg("kernel_files") = std::vector<fs::path>{},
           "config: a preset's name or a dict (duel.config), then single settings by name; the images decide their "
           "size. classes=N: a conditional GAN of images with labels of N classes. kernels: \"op=variant\". "
           "kernel_files: .cu files whose variants may be chosen. Raises ConfigError, DeviceError, ValueError.")
      .def("train", &train, py::arg("iterations"), py::arg("on_stats") = py::none(),
           "Runs so many iterations. on_stats gets lists of Stats, each iteration once, in order, while later ones are "
           "running; False stops soon. "
           "Returns the columns of all of them as arrays: iteration, discriminator_loss, generator_loss, d_real, "
           "d_fake, penalty. Raises NonFiniteError, "
           "what on_stats raises, KeyboardInterrupt; the trainer can go on then.")
      .def("step", &step, "One iteration, and its Stats. train() is faster: it enqueues many at once.")
      .def(
          "judge", &judge, py::arg("images"), py::arg("classes") = py::none(),
          "D's scores of images [count, ...] in image_range: float32 [count]. classes: of a conditional GAN, what D is "
          "told that they are, a number or a name for all, or one for each. Raises ConfigError, ValueError.")
      .def("save", &save, py::arg("file"),
           "Writes the whole state as safetensors, which train --resume and --init-from take too.")
      .def("load", &load, py::arg("file"),
           "Continues from such a state exactly. Raises DataError, and changes nothing then.")
      .def("load_weights", &load_weights, py::arg("file"),
           "Begins with the weights of such a file, or of PyTorch's. Before the first iteration.")
      .def("state", &state, "All tensors by name, as PyTorch calls them after generator. and discriminator.")
      .def("device_arrays", &on_device,
           "What lies on the device, a DeviceArray each: all weights under their names in state(), images, those that "
           "it trains on, and generated, those of the last iteration, which lie elsewhere after a smaller batch.")
      .def_property_readonly(
          "config", [](const PyTrainer& self) { return to_dict(self.trainer.config()); }, "All settings.")
      .def_property_readonly(
          "iteration", [](const PyTrainer& self) { return self.trainer.iteration(); }, "Iterations done.")
      .def_property_readonly(
          "iterations_per_epoch", [](const PyTrainer& self) { return self.trainer.iterations_per_epoch(); },
          "The last batch of an epoch may be smaller.")
      .def_property_readonly(
          "device_bytes", [](const PyTrainer& self) { return self.trainer.device_bytes(); },
          "Device memory of this trainer, the images included.")
      .def_property_readonly("kernels", &kernels_used, "\"op=variant\" of all kernels that it has used.");
  bind_drawing<PyTrainer>(trainer);
}

}  // namespace

void bind_training(py::module_& module) {
  bind_stats(module);
  bind_trainer(module);
}

}  // namespace duel::python
