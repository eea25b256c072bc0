// Host memory of a case's tensors, and seeded values for them. All values are ones that a float holds exactly, so that
// the reference and the kernel start from the same numbers.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <random>
#include <vector>

#include "kernels/runtime/view.h"

namespace duel::verify {

class HostTensors {
 public:
  explicit HostTensors(std::uint64_t seed) : random_(seed) {}

  // ---- outputs: NaN until written ----

  Matrix<double> matrix(int rows, int columns) {
    return {fill<double>(rows, columns, [] { return std::numeric_limits<double>::quiet_NaN(); }), rows, columns};
  }
  Vector<double> vector(int rows) { return {matrix(rows, 1).data, rows}; }

  // ---- inputs ----

  Matrix<double> uniform(int rows, int columns, double low, double high) {
    return {fill<double>(rows, columns, [&] { return uniform_value(low, high); }), rows, columns};
  }
  Vector<double> uniform(int rows, double low, double high) { return {uniform(rows, 1, low, high).data, rows}; }

  /// Whole numbers from low to high. Never -0, so that equal values have equal bits.
  Matrix<double> integers(int rows, int columns, int low, int high) {
    const auto span = static_cast<std::uint64_t>(high - low + 1);
    return {fill<double>(rows, columns, [&] { return low + static_cast<double>(random_() % span); }), rows, columns};
  }
  Vector<double> integers(int rows, int low, int high) { return {integers(rows, 1, low, high).data, rows}; }

  template <class T>
  Vector<T> vector(const std::vector<T>& values) {
    std::size_t next = 0;
    const int rows = static_cast<int>(values.size());
    return {fill<T>(rows, 1, [&] { return values[next++]; }), rows};
  }
  Matrix<std::uint8_t> bytes(int rows, int columns) {
    return {fill<std::uint8_t>(rows, columns, [&] { return static_cast<std::uint8_t>(random_() >> 56); }), rows,
            columns};
  }

 private:
  template <class T, class Next>
  T* fill(int rows, int columns, Next next) {
    const std::size_t size = static_cast<std::size_t>(rows) * columns;
    auto values = std::shared_ptr<T[]>(new T[size]);
    for (std::size_t i = 0; i < size; ++i) values[i] = next();
    memory_.push_back(values);
    return values.get();
  }
  double uniform_value(double low, double high) {
    const double unit = static_cast<double>(random_() >> 40) * 0x1p-24;
    return static_cast<float>(low + (high - low) * unit);
  }

  std::mt19937_64 random_;
  std::vector<std::shared_ptr<void>> memory_;
};

}  // namespace duel::verify
