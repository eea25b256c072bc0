#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>

#include "engine/measure/statistics.h"
#include "python/module/bindings.h"
#include "python/module/call.h"
#include "python/module/device.h"
#include "python/module/kernel_files.h"
#include "tools/kernel_lab/lab.h"
#include "tools/kernel_lab/timing.h"

namespace duel::python {
namespace {

using namespace pybind11::literals;
using lab::Choice;
using lab::Lab;
using lab::LabOp;

struct PyLab {
  explicit PyLab(const std::vector<std::filesystem::path>& files) : lab{{}, device(), kernels_of(files)} {}

  Lab lab;
  std::atomic<bool> busy = false;
};

std::vector<std::string> listed(const py::object& names) {
  if (names.is_none()) return {};
  if (py::isinstance<py::str>(names)) return {names.cast<std::string>()};
  return names.cast<std::vector<std::string>>();
}

std::vector<Choice> choose(const PyLab& self, const py::object& op, const py::object& variants,
                           const std::string& shape) {
  std::vector<Choice> choices = lab::choose(self.lab, {listed(op), listed(variants), shape});
  if (choices.empty()) throw py::value_error("no case is called '" + shape + "'; Lab.cases() lists them");
  return choices;
}

py::list ops(const PyLab& self) {
  py::list names;
  for (const auto& op : self.lab.ops) names.append(op->name());
  return names;
}

py::list variants(const PyLab& self, const std::string& op) {
  py::list rows;
  for (const Choice& choice : lab::choose(self.lab, {{op}, {}, ""})) {
    for (const lab::VariantInfo& one : choice.op->variants(self.lab.kernels)) {
      rows.append(py::dict("variant"_a = one.name, "idea"_a = one.idea, "from_outside"_a = one.from_outside,
                           "precision"_a = std::string(name_of(one.precision))));
    }
  }
  return rows;
}

py::list cases(const PyLab& self, const std::string& op) {
  py::list rows;
  for (const Choice& choice : lab::choose(self.lab, {{op}, {}, ""})) {
    for (const lab::CaseInfo& one : choice.op->cases()) {
      rows.append(py::dict("case"_a = one.name, "shapes"_a = one.shapes, "of_training"_a = one.of_training));
    }
  }
  return rows;
}

/// Calls visit(op, case, names of the variants that support it) without the lock.
template <class Visit>
void for_each_case(const PyLab& self, const std::vector<Choice>& choices, const Visit& visit) {
  Interrupts interrupts;
  for (const Choice& choice : choices) {
    const auto cases = choice.op->cases();
    for (const std::size_t number : choice.cases) {
      const std::vector<std::string> names = lab::supporting_variants(choice, self.lab.kernels, number);
      interrupts.check();
      if (!names.empty()) visit(*choice.op, number, cases[number], names);
    }
  }
}

struct Verified {
  std::string op, case_name, shapes, variant, wrong;
};

py::list verify(PyLab& self, const py::object& op, const py::object& wanted, const std::string& case_name,
                std::uint64_t seed) {
  const std::vector<Choice> choices = choose(self, op, wanted, case_name);
  const Busy busy(self.busy);
  std::vector<Verified> rows;
  without_lock([&] {
    for_each_case(self, choices,
                  [&](const LabOp& one, std::size_t number, const lab::CaseInfo& info, const auto& names) {
                    const auto expected = one.expect(number, seed);
                    for (const std::string& name : names) {
                      rows.push_back({one.name(), info.name, info.shapes, name,
                                      expected->verify(self.lab.kernels, name, verify::HowMany::some)});
                    }
                  });
  });
  py::list result;
  for (const Verified& row : rows) {
    result.append(py::dict("op"_a = row.op, "case"_a = row.case_name, "shapes"_a = row.shapes,
                           "variant"_a = row.variant, "ok"_a = row.wrong.empty(), "wrong"_a = row.wrong));
  }
  return result;
}

struct Timed {
  std::string op, case_name, shapes, variant;
  Summary time;
  Work work;
};

py::list time(PyLab& self, const py::object& op, const py::object& wanted, const std::string& case_name,
              double seconds) {
  const std::vector<Choice> choices = choose(self, op, wanted, case_name);
  const Busy busy(self.busy);
  std::vector<Timed> rows;
  without_lock([&] {
    for_each_case(
        self, choices, [&](const LabOp& one, std::size_t number, const lab::CaseInfo& info, const auto& names) {
          const auto times = lab::time_variants(one, self.lab.kernels, number, names, nullptr, {.seconds = seconds});
          for (std::size_t i = 0; i < names.size(); ++i) {
            rows.push_back({one.name(), info.name, info.shapes, names[i], summarize(times[i]), one.work(number)});
          }
        });
  });
  py::list result;
  for (const Timed& row : rows) {
    const double us = row.time.median;
    result.append(py::dict("op"_a = row.op, "case"_a = row.case_name, "shapes"_a = row.shapes,
                           "variant"_a = row.variant, "microseconds"_a = us,
                           "quartiles"_a = py::make_tuple(row.time.first_quartile, row.time.third_quartile),
                           "launches"_a = row.time.count, "gflops"_a = row.work.flops.all() / us / 1e3,
                           "gigabytes_per_second"_a = row.work.bytes.all() / us / 1e3));
  }
  return result;
}

}  // namespace

void bind_kernels(py::module_& module) {
  py::class_<PyLab>(
      module, "Lab",
      "The kernel lab: the variants of every op, verified against a double-precision reference, and timed.")
      .def(py::init<const std::vector<std::filesystem::path>&>(),
           py::arg("kernel_files") = std::vector<std::filesystem::path>{},
           "kernel_files: .cu files whose variants join those of the tables; compiled where they have not been. Raises "
           "ValueError with what "
           "the compiler said.")
      .def("ops", &ops, "The names of all ops.")
      .def("variants", &variants, py::arg("op"), "A dict for each: variant, idea, from_outside, precision.")
      .def("cases", &cases, py::arg("op"),
           "The shapes that an op is verified and timed with, a dict for each: case, shapes, of_training.")
      .def("verify", &verify, py::arg("op"), py::arg("variants") = py::none(), py::arg("case") = "",
           py::arg("seed") = 1,
           "Runs variants (all, one, or a list) on the cases whose name holds `case`, against the reference. A dict "
           "for each: op, case, shapes, "
           "variant, ok, wrong.")
      .def("time", &time, py::arg("op"), py::arg("variants") = py::none(), py::arg("case") = "",
           py::arg("seconds") = 0.2,
           "Times variants in turn, at most so many seconds a variant and case. A dict for each: op, case, shapes, "
           "variant, microseconds (median), "
           "quartiles, launches, gflops, gigabytes_per_second.");
}

}  // namespace duel::python
