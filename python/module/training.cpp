#include "python/module/training.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cmath>
#include <filesystem>

#include "app/drawing/generator_file.h"
#include "app/errors/exit_code.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/checkpoint_path.h"
#include "engine/networks/latents.h"
#include "engine/training/trainer.h"
#include "python/module/arrays.h"
#include "python/module/call.h"
#include "python/module/device.h"
#include "python/module/kernel_files.h"
#include "python/module/settings.h"

namespace duel::python {
namespace {

namespace fs = std::filesystem;

BatchStatistics statistics_of(const std::string& name) {
  if (name == "running") return BatchStatistics::running;
  if (name == "batch") return BatchStatistics::batch;
  throw app::UsageError("statistics are '" + name + "'; expected running or batch");
}

py::tuple range_of(const NetworkConfig& networks) {
  return networks.image_range() == ImageRange::zero_to_one ? py::make_tuple(0, 1) : py::make_tuple(-1, 1);
}

/// Draws from a Trainer or a Generator.
template <class Source>
py::object generate(Source& self, const py::object& latents, const std::string& statistics) {
  const Busy busy(self.busy);
  const Floats values(latents, "latents");
  const BatchStatistics from = statistics_of(statistics);
  return to_numpy(without_lock([&] { return self.network().generate(values.values(), from); }));
}

template <class Source>
py::object sample(Source& self, int count, std::uint64_t seed, const std::string& statistics) {
  if (count < 1) throw app::UsageError("count is " + std::to_string(count) + "; expected 1 or more");
  const Busy busy(self.busy);
  const BatchStatistics from = statistics_of(statistics);
  return to_numpy(
      without_lock([&] { return self.network().generate(draw_latents(count, self.networks, seed), from); }));
}

template <class Source, class Class>
void bind_drawing(Class& bound) {
  bound
      .def("sample", &sample<Source>, py::arg("count") = 64, py::arg("seed") = 0, py::arg("statistics") = "running",
           "Images of latents that the seed alone decides: float32 [count, channels, height, width] in image_range. "
           "statistics: of batch norm, "
           "running or batch.")
      .def("generate", &generate<Source>, py::arg("latents"), py::arg("statistics") = "running",
           "Images of latents [count, latent_dim]: float32 [count, channels, height, width] in image_range.")
      .def("__call__", &generate<Source>, py::arg("latents"), py::arg("statistics") = "running", "As generate().")
      .def(
          "latents",
          [](const Source& self, int count, std::uint64_t seed) {
            return to_numpy(draw_latents(count, self.networks, seed), {count, self.networks.latent_dim});
          },
          py::arg("count"), py::arg("seed") = 0,
          "Latents as the network was trained with: float32 [count, latent_dim].")
      .def_property_readonly(
          "latent_dim", [](const Source& self) { return self.networks.latent_dim; }, "Values of a latent.")
      .def_property_readonly(
          "image_range", [](const Source& self) { return range_of(self.networks); },
          "Least and largest value of a pixel: (-1, 1) or (0, 1).")
      .def_property_readonly(
          "image_shape",
          [](const Source& self) {
            return py::make_tuple(self.networks.channels, self.networks.image_size, self.networks.image_size);
          },
          "Channels, height, width.");
}

struct PyTrainer {
  PyTrainer(const TrainingConfig& config, const ImageSet& images, const KernelSelection& kernels)
      : trainer(config, images, kernels), networks(config.networks) {}

  const Trainer& network() const { return trainer; }

  Trainer trainer;
  NetworkConfig networks;
  std::atomic<bool> busy = false;
};

struct PyGenerator {
  PyGenerator(const app::GeneratorFile& file, GeneratorWeights weights, const KernelSelection& kernels)
      : generator(file.networks, file.tensors, weights, kernels), networks(file.networks) {}

  const Generator& network() const { return generator; }

  Generator generator;
  NetworkConfig networks;
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
  KernelSelection selection = kernels_of(kernel_files);
  for (const std::string& choice : kernels) selection.choose(choice);
  return without_lock([&] { return std::make_unique<PyTrainer>(wanted, images, selection); });
}

bool is_finite(const IterationStats& stats) {
  return std::isfinite(stats.discriminator_loss) && std::isfinite(stats.generator_loss);
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
                                     {"d_fake", &IterationStats::d_fake}}) {
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
    if (const auto bad = std::find_if_not(stats.begin(), stats.end(), is_finite); bad != stats.end()) {
      raised = std::make_exception_ptr(app::NonFiniteError("a loss of iteration " + std::to_string(bad->iteration) +
                                                           " is not finite; try a smaller learning_rate"));
    } else if (!on_stats.is_none()) {
      const py::gil_scoped_acquire lock;
      try {
        const py::object answer = on_stats(std::vector(stats.begin(), stats.end()));
        wants_to_stop |= answer.ptr() == Py_False;
      } catch (...) {
        raised = std::current_exception();
      }
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
  if (!is_finite(last)) {
    throw app::NonFiniteError("a loss of iteration " + std::to_string(last.iteration) +
                              " is not finite; try a smaller learning_rate");
  }
  return last;
}

py::object judge(PyTrainer& self, const py::object& images) {
  const Busy busy(self.busy);
  const Floats values(images, "images");
  auto scores = without_lock([&] { return self.trainer.judge(values.values()); });
  const auto count = static_cast<std::int64_t>(scores.size());
  return to_numpy(std::move(scores), {count});
}

template <TensorFile (Trainer::*tensors)() const>
py::dict tensors_of(PyTrainer& self) {
  const Busy busy(self.busy);
  const TensorFile file = without_lock([&] { return (self.trainer.*tensors)(); });
  py::dict arrays;
  for (const Tensor& tensor : file.tensors) arrays[py::str(tensor.name)] = to_numpy(tensor);
  return arrays;
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
           "size. kernels: \"op=variant\". "
           "kernel_files: .cu files whose variants may be chosen. Raises ConfigError, DeviceError, ValueError.")
      .def("train", &train, py::arg("iterations"), py::arg("on_stats") = py::none(),
           "Runs so many iterations. on_stats gets lists of Stats, each iteration once, in order, while later ones are "
           "running; False stops soon. "
           "Returns the columns of all of them as arrays: iteration, discriminator_loss, generator_loss, d_real, "
           "d_fake. Raises NonFiniteError, "
           "what on_stats raises, KeyboardInterrupt; the trainer can go on then.")
      .def("step", &step, "One iteration, and its Stats. train() is faster: it enqueues many at once.")
      .def("judge", &judge, py::arg("images"), "D's scores of images [count, ...] in image_range: float32 [count].")
      .def("save", &save, py::arg("file"),
           "Writes the whole state as safetensors, which train --resume and --init-from take too.")
      .def("load", &load, py::arg("file"),
           "Continues from such a state exactly. Raises DataError, and changes nothing then.")
      .def("load_weights", &load_weights, py::arg("file"),
           "Begins with the weights of such a file, or of PyTorch's. Before the first iteration.")
      .def("state", &tensors_of<&Trainer::state>,
           "All tensors by name, as PyTorch calls them after generator. and discriminator.")
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

std::unique_ptr<PyGenerator> make_generator(const fs::path& file, const std::string& preset, const std::string& weights,
                                            const std::vector<fs::path>& kernel_files,
                                            const std::vector<std::string>& kernels) {
  if (weights != "average" && weights != "last") {
    throw app::UsageError("weights are '" + weights + "'; expected average or last");
  }
  device();
  KernelSelection selection = kernels_of(kernel_files);
  for (const std::string& choice : kernels) selection.choose(choice);
  return without_lock([&] {
    return std::make_unique<PyGenerator>(app::read_generator_file(app::mnist_gan(), file.string(), preset),
                                         weights == "last" ? GeneratorWeights::last : GeneratorWeights::average,
                                         selection);
  });
}

void bind_generator(py::module_& module) {
  py::class_<PyGenerator> generator(module, "Generator", "A trained generator by itself.");
  generator.def(py::init(&make_generator), py::arg("file"), py::arg("preset") = "", py::kw_only(),
                py::arg("weights") = "average", py::arg("kernel_files") = std::vector<fs::path>{},
                py::arg("kernels") = std::vector<std::string>{},
                "file: a checkpoint, a run folder, or \"latest\"; or weights that PyTorch wrote, with the preset that "
                "tells what shapes do not. "
                "weights: average, where there is one, or last. Raises DataError.");
  bind_drawing<PyGenerator>(generator);
}

}  // namespace

void bind_training(py::module_& module) {
  bind_stats(module);
  bind_trainer(module);
  bind_generator(module);
}

}  // namespace duel::python
