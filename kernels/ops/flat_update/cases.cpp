#include "kernels/ops/flat_update/cases.h"

#include <string>
#include <tuple>

namespace duel::verify {
namespace {

template <class Unit>
FlatUpdate<float, Unit> shapes_of(int count) {
  FlatUpdate<float, Unit> a{};
  a.parameter = shape<float>(count);
  for (auto& state : a.state) state = shape<float>(count);
  a.gradient = shape<const float>(count);
  a.progress = shape<const OptimizerProgress>(1);
  return a;
}

template <class Unit>
std::vector<Case<FlatUpdate<float, Unit>>> cases() {
  std::vector<Case<FlatUpdate<float, Unit>>> result;
  const auto add = [&](int count, const std::string& note, int misalignment, bool of_training) {
    result.push_back({std::to_string(count) + note, shapes_of<Unit>(count), misalignment, of_training});
  };
  add(1510032, " (the published generator)", 0, true);
  add(533505, " (the published discriminator)", 0, true);
  for (const int count : {1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129, 1023, 1024, 1025, 16383, 16385, 100001}) {
    add(count, "", 0, false);
  }
  for (const int misalignment : {1, 2, 3}) {
    add(4099, ", " + std::to_string(misalignment) + " elements off", misalignment, false);
  }
  add(4099, ", limited", 0, false);
  result.back().arguments.limit = 0.5f;
  return result;
}

// Compiles the cases of every optimizer.
template <class... Units>
auto cases_of(std::tuple<Units...>) {
  return std::tuple{&flat_update_cases<Units>...};
}

}  // namespace

template <class Unit>
OpCases<FlatUpdate<double, Unit>, FlatUpdate<float, Unit>> flat_update_cases() {
  return {flat_update_op<Unit>(),
          flat_update_reference<Unit>,
          [](HostTensors& host, const FlatUpdate<float, Unit>& a) {
            return flat_update_case(host, a.parameter.rows, 3, a.optimizer, a.limit);
          },
          flat_update_bounds<Unit>,
          cases<Unit>,
          nullptr,
          {{{"count", 1 << 20}}, [](const std::vector<int>& n) { return shapes_of<Unit>(n[0]); }}};
}

[[maybe_unused]] extern const auto kFlatUpdateCases = cases_of(Optimizers());

}  // namespace duel::verify
