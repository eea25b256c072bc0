#include "python/module/classes.h"

#include <algorithm>

#include "app/errors/exit_code.h"
#include "files/suggest.h"
#include "files/text.h"

namespace duel::python {
namespace {

/// Of a number that NumPy or Python has; nothing of what is none.
std::optional<std::int64_t> whole_number(const py::handle& value) {
  if (PyIndex_Check(value.ptr()) == 0) return std::nullopt;
  const std::int64_t number = PyNumber_AsSsize_t(value.ptr(), nullptr);
  if (PyErr_Occurred() != nullptr) throw py::error_already_set();
  return number;
}

std::uint8_t to_class(const py::handle& value, const std::vector<std::string>& names) {
  const std::string text = py::str(value).cast<std::string>();
  const bool is_name = py::isinstance<py::str>(value);
  if (const auto named = std::find(names.begin(), names.end(), text); is_name && named != names.end()) {
    return static_cast<std::uint8_t>(named - names.begin());
  }
  const auto number = is_name ? std::nullopt : whole_number(value);
  if (number && *number >= 0 && *number < static_cast<std::int64_t>(names.size())) {
    return static_cast<std::uint8_t>(*number);
  }
  throw app::UsageError("there is no class " + (is_name ? in_quotes(text) : excerpt(text)) + "; expected 0 to " +
                        std::to_string(names.size() - 1) + " or a name" + (is_name ? did_you_mean(text, names) : ""));
}

}  // namespace

std::optional<std::vector<std::uint8_t>> to_classes(const py::object& classes, std::int64_t count,
                                                    const std::vector<std::string>& names) {
  if (classes.is_none()) return std::nullopt;
  if (names.empty()) throw app::UsageError("classes are given; expected none, as these networks read no classes");
  const bool is_one = py::isinstance<py::str>(classes) || !py::isinstance<py::iterable>(classes);
  if (is_one) return std::vector(static_cast<std::size_t>(count), to_class(classes, names));
  std::vector<std::uint8_t> numbers;
  for (const py::handle value : py::iter(classes)) numbers.push_back(to_class(value, names));
  if (static_cast<std::int64_t>(numbers.size()) == count) return numbers;
  throw app::UsageError("classes are " + std::to_string(numbers.size()) + "; expected one, or one for each of " +
                        std::to_string(count) + " images");
}

}  // namespace duel::python
