// Classes of a conditional GAN's images, as Python names them.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace duel::python {

namespace py = pybind11;

/// Those of `count` images: all of one, or a sequence of one for each, by number or by one of the `names`; nothing
/// where Python gives none. Throws ConfigError for another number of them, for one that is none of these, and for any
/// where there are no names: no network reads classes then.
std::optional<std::vector<std::uint8_t>> to_classes(const py::object& classes, std::int64_t count,
                                                    const std::vector<std::string>& names);

}  // namespace duel::python
