#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <memory>

#include "app/drawing/generator_file.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "python/module/bindings.h"
#include "python/module/device.h"
#include "python/module/drawing.h"
#include "python/module/kernel_files.h"

namespace duel::python {
namespace {

namespace fs = std::filesystem;

struct PyGenerator {
  PyGenerator(const app::GeneratorFile& file, GeneratorWeights weights, const KernelSelection& kernels)
      : generator(file.networks, file.tensors, weights, kernels), networks(file.networks), classes(file.classes) {}

  const Generator& network() const { return generator; }

  Generator generator;
  NetworkConfig networks;
  std::vector<std::string> classes;
  std::atomic<bool> busy = false;
};

std::unique_ptr<PyGenerator> make_generator(const fs::path& file, const std::string& preset, const std::string& weights,
                                            const std::vector<fs::path>& kernel_files,
                                            const std::vector<std::string>& kernels) {
  if (weights != "average" && weights != "last") {
    throw app::UsageError("weights are '" + weights + "'; expected average or last");
  }
  device();
  const KernelSelection selection = kernels_of(kernel_files, kernels);
  return without_lock([&] {
    return std::make_unique<PyGenerator>(app::read_generator_file(app::mnist_gan(), file.string(), preset),
                                         weights == "last" ? GeneratorWeights::last : GeneratorWeights::average,
                                         selection);
  });
}

}  // namespace

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

}  // namespace duel::python
