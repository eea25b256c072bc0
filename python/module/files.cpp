#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>

#include "app/data/dataset_file.h"
#include "app/data/dataset_places.h"
#include "app/data/known_dataset.h"
#include "app/drawing/pictures.h"
#include "app/errors/exit_code.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/idx.h"
#include "python/module/arrays.h"
#include "python/module/bindings.h"
#include "python/module/call.h"

namespace duel::python {
namespace {

namespace fs = std::filesystem;

Split split_of(const std::string& name) {
  if (name == "train") return Split::train;
  if (name == "test") return Split::test;
  throw app::UsageError("split is '" + name + "'; expected train or test");
}

ImageSet load_images(const std::optional<fs::path>& folder, const std::string& split) {
  const Split which = split_of(split);
  return without_lock([&] {
    const fs::path place = app::find_dataset(app::mnist_gan(), folder);
    ImageSet images = read_idx_folder(place, which);
    if (images.labels.empty()) return images;
    const app::ClassNames names = app::class_names_if_any(app::mnist_gan(), place, images);
    for (const auto& [label, name] : app::names_of_labels(names, images.labels)) images.class_names.push_back(name);
    return images;
  });
}

py::object pixels_of(const ImageSet& images) {
  if (images.channels == 1) return to_numpy(images.pixels, {images.count, images.height, images.width});
  return to_numpy(images.pixels, {images.count, images.channels, images.height, images.width});
}

py::object labels_of(const ImageSet& images) {
  if (images.labels.empty()) return py::none();
  return to_numpy(images.labels, {images.count});
}

void bind_images(py::module_& module) {
  py::class_<ImageSet>(module, "Images", "8-bit images, and their classes where they have any.")
      .def(py::init(&to_image_set), py::arg("pixels"), py::arg("labels") = py::none(), py::arg("name") = "images",
           "pixels: uint8 [count, height, width] or [count, channels, height, width], 0 for the background; labels: "
           "uint8 [count].")
      .def_property_readonly("pixels", &pixels_of,
                             "uint8 [count, height, width], or [count, channels, height, width] of colour.")
      .def_property_readonly("labels", &labels_of, "uint8 [count], or None.")
      .def_readonly("name", &ImageSet::name, "For people.")
      .def("__len__", [](const ImageSet& self) { return self.count; })
      .def("__repr__", [](const ImageSet& self) {
        return "<duel.Images " + self.name + ": " + std::to_string(self.count) + " of " + std::to_string(self.height) +
               " x " + std::to_string(self.width) + " x " + std::to_string(self.channels) + ">";
      });
  module.def("load_images", &load_images, py::arg("folder") = py::none(), py::arg("split") = "train",
             "Reads the IDX files of a folder, plain or .gz; without a folder, those that `mnist_gan train` would "
             "take. split: train or test. "
             "Raises DataError.");
}

py::dict read_tensors(const fs::path& file) {
  return to_numpy(without_lock([&] { return read_safetensors(file); }));
}

void write_tensors(const fs::path& file, const py::dict& tensors, const std::map<std::string, std::string>& metadata) {
  TensorFile content{metadata, {}};
  for (const auto& [name, array] : tensors) {
    content.tensors.push_back(to_tensor(name.cast<std::string>(), py::reinterpret_borrow<py::object>(array)));
  }
  without_lock([&] { write_safetensors(file, content); });
}

void save_grid(const fs::path& file, const py::object& images, int columns, bool minmax) {
  const Floats floats(images, "images");
  const auto& shape = floats.shape();
  if (shape.size() != 4 || shape[2] == 0) {
    throw app::UsageError("images have " + std::to_string(shape.size()) +
                          " dimensions; expected [count, channels, height, width]");
  }
  const auto values = floats.values();
  const FloatImages drawn{static_cast<int>(shape[0]),
                          static_cast<int>(shape[1]),
                          static_cast<int>(shape[2]),
                          static_cast<int>(shape[3]),
                          {values.begin(), values.end()}};
  without_lock([&] { app::write_grid(file, drawn, columns, minmax ? PixelRange::minmax : PixelRange::fixed); });
}

}  // namespace

void bind_files(py::module_& module) {
  bind_images(module);
  module.def("read_safetensors", &read_tensors, py::arg("file"), "All tensors of a file, by name. Raises DataError.");
  module.def("write_safetensors", &write_tensors, py::arg("file"), py::arg("tensors"),
             py::arg("metadata") = std::map<std::string, std::string>{},
             "Writes arrays by name: float32, float64, int64 or uint8. The file is there whole or not at all.");
  module.def("save_grid", &save_grid, py::arg("file"), py::arg("images"), py::arg("columns") = 8,
             py::arg("minmax") = false,
             "Writes images, float32 [count, channels, height, width] in [-1, 1], as a PNG. minmax: the darkest value "
             "becomes black, "
             "the lightest white.");
}

}  // namespace duel::python
