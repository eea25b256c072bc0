// What a Trainer and a Generator share in Python: they draw.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>

#include "app/errors/exit_code.h"
#include "engine/networks/by_pieces.h"
#include "engine/networks/latents.h"
#include "python/module/arrays.h"
#include "python/module/call.h"
#include "python/module/classes.h"

namespace duel::python {

namespace py = pybind11;

namespace drawing {

inline BatchStatistics statistics_of(const std::string& name) {
  if (name == "running") return BatchStatistics::running;
  if (name == "batch") return BatchStatistics::batch;
  throw app::UsageError("statistics are '" + name + "'; expected running or batch");
}

inline py::tuple range_of(const NetworkConfig& networks) {
  return networks.image_range() == ImageRange::zero_to_one ? py::make_tuple(0, 1) : py::make_tuple(-1, 1);
}

/// Draws from a Trainer or a Generator.
template <class Source>
py::object generate(Source& self, const py::object& latents, const std::string& statistics, const py::object& classes) {
  const Floats given(latents, "latents");
  std::span<const float> rows = given.values();
  std::vector<float> completed;
  if (!classes.is_none()) {
    const int count = samples_in(rows, self.networks.latent_dim, "latents");
    rows = completed = with_classes(rows, self.networks, *to_classes(classes, count, self.classes));
  } else if (!self.classes.empty() && !given.shape().empty() && given.shape().back() == self.networks.latent_dim) {
    throw app::UsageError("latents have no classes; expected them beside these (classes=...), or rows of " +
                          std::to_string(self.networks.generator_inputs()) + " values as latents() has them");
  }
  const Busy busy(self.busy);
  const BatchStatistics from = statistics_of(statistics);
  return to_numpy(without_lock([&] { return self.network().generate(rows, from); }));
}

/// What generate() reads, drawn.
template <class Source>
std::vector<float> draw(const Source& self, int count, std::uint64_t seed, const py::object& classes) {
  if (count < 1) throw app::UsageError("count is " + std::to_string(count) + "; expected 1 or more");
  const std::vector<std::uint8_t> chosen =
      to_classes(classes, count, self.classes).value_or(classes_in_turn(count, self.networks.classes));
  return without_lock([&] { return draw_latents(count, self.networks, seed, chosen); });
}

template <class Source>
py::object sample(Source& self, int count, std::uint64_t seed, const std::string& statistics,
                  const py::object& classes) {
  const Busy busy(self.busy);
  const BatchStatistics from = statistics_of(statistics);
  const std::vector<float> latents = draw(self, count, seed, classes);
  return to_numpy(without_lock([&] { return self.network().generate(latents, from); }));
}

}  // namespace drawing

/// Binds sample(), generate(), latents() and what images are. `Source` has network(), `networks`, `classes`, their
/// names, and `busy`.
template <class Source, class Class>
void bind_drawing(Class& bound) {
  bound
      .def("sample", &drawing::sample<Source>, py::arg("count") = 64, py::arg("seed") = 0,
           py::arg("statistics") = "running", py::arg("classes") = py::none(),
           "Images of latents that the seed alone decides: float32 [count, channels, height, width] in image_range. "
           "statistics: of batch norm, "
           "running or batch. classes: of a conditional generator, a number or a name for all images, or one for each; "
           "None: each in turn. Raises ConfigError.")
      .def("generate", &drawing::generate<Source>, py::arg("latents"), py::arg("statistics") = "running",
           py::arg("classes") = py::none(),
           "Images of latents [count, latent_dim]: float32 [count, channels, height, width] in image_range. A "
           "conditional generator needs their classes, as sample() takes them; or rows as latents() has them. Raises "
           "ValueError.")
      .def("__call__", &drawing::generate<Source>, py::arg("latents"), py::arg("statistics") = "running",
           py::arg("classes") = py::none(), "As generate().")
      .def(
          "latents",
          [](const Source& self, int count, std::uint64_t seed, const py::object& classes) {
            return to_numpy(drawing::draw(self, count, seed, classes), {count, self.networks.generator_inputs()});
          },
          py::arg("count"), py::arg("seed") = 0, py::arg("classes") = py::none(),
          "Latents as the network was trained with: float32 [count, latent_dim]; of a conditional generator [count, "
          "latent_dim + len(classes)], each with its class, one-hot. classes: as sample() takes them.")
      .def_property_readonly(
          "classes", [](const Source& self) { return self.classes; },
          "Names of the classes that a conditional GAN reads, by their numbers; none of others.")
      .def_property_readonly(
          "latent_dim", [](const Source& self) { return self.networks.latent_dim; }, "Values of a latent.")
      .def_property_readonly(
          "image_range", [](const Source& self) { return drawing::range_of(self.networks); },
          "Least and largest value of a pixel: (-1, 1) or (0, 1).")
      .def_property_readonly(
          "image_shape",
          [](const Source& self) {
            return py::make_tuple(self.networks.channels, self.networks.image_size, self.networks.image_size);
          },
          "Channels, height, width.");
}

}  // namespace duel::python
