// What a Trainer and a Generator share in Python: they draw.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>

#include "app/errors/exit_code.h"
#include "engine/networks/latents.h"
#include "python/module/arrays.h"
#include "python/module/call.h"

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
py::object generate(Source& self, const py::object& latents, const std::string& statistics) {
  const Floats values(latents, "latents");
  const Busy busy(self.busy);
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

}  // namespace drawing

/// Binds sample(), generate(), latents() and what images are. `Source` has network(), `networks` and `busy`.
template <class Source, class Class>
void bind_drawing(Class& bound) {
  bound
      .def("sample", &drawing::sample<Source>, py::arg("count") = 64, py::arg("seed") = 0,
           py::arg("statistics") = "running",
           "Images of latents that the seed alone decides: float32 [count, channels, height, width] in image_range. "
           "statistics: of batch norm, "
           "running or batch.")
      .def("generate", &drawing::generate<Source>, py::arg("latents"), py::arg("statistics") = "running",
           "Images of latents [count, latent_dim]: float32 [count, channels, height, width] in image_range.")
      .def("__call__", &drawing::generate<Source>, py::arg("latents"), py::arg("statistics") = "running",
           "As generate().")
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
