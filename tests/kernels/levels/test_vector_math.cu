// Functions of rows of registers against the C library in double precision.
#include "kernels/device/vector_math.cuh"

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "kernels/runtime/buffer.h"
#include "kernels/runtime/launch.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

constexpr int kCount = 64;

__global__ void tanh_kernel(const float* x, float* y) {
  const int i = blockIdx.x * kCount;
  tanh_of(RegisterRow<kCount>::load(x + i)).store(y + i);
}
__global__ void exp_kernel(const float* x, float* y) {
  const int i = blockIdx.x * kCount;
  exp_of_negative(RegisterRow<kCount>::load(x + i)).store(y + i);
}
__global__ void inverse_kernel(const float* x, float* y, float eps) {
  const int i = blockIdx.x * kCount;
  inverse_of_root_plus(RegisterRow<kCount>::load(x + i), eps).store(y + i);
}

/// Floats of every exponent and of both signs, and the special ones; as many as fill whole rows.
std::vector<float> floats() {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> result = {0.f, -0.f, kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN(), 1e-45f};
  for (std::uint32_t bits = 1; bits < 0x7f800000u; bits += 9973) {
    float x = 0.f;
    std::memcpy(&x, &bits, sizeof x);
    result.push_back(x);
    result.push_back(-x);
  }
  for (int i = -100000; i <= 100000; ++i) result.push_back(1e-4f * static_cast<float>(i));
  while (result.size() % kCount != 0) result.push_back(1.f);
  return result;
}

template <class Kernel, class... Extra>
std::vector<float> results(Kernel kernel, const std::vector<float>& x, Extra... extra) {
  const Stream stream;
  const DeviceBuffer<float> from(x, stream), to(x.size());
  launch(stream, {static_cast<unsigned>(x.size() / kCount), 1}, kernel, from.data(), to.data(), extra...);
  return to.download(stream);
}

/// Distance in units in the last place of the float nearest to `expected`.
double units(float actual, double expected) {
  if (std::isnan(expected)) return std::isnan(actual) ? 0 : 1e9;
  if (!std::isfinite(actual)) return 1e9;
  const double least = 0x1p-149, size = std::abs(expected);
  const double unit = size < 0x1p-126 ? least : std::ldexp(1.0, std::ilogb(size) - 23);
  return std::abs(actual - expected) / unit;
}

TEST_CASE("vector math: tanh to 3 units in the last place") {
  const std::vector<float> x = floats(), y = results(tanh_kernel, x);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = units(y[i], std::tanh(static_cast<double>(x[i])));
    if (distance > 3) FAIL_CHECK("tanh(" << x[i] << ") is " << y[i]);
    worst = std::max(worst, distance);
  }
  CHECK(worst > 0.4);  // a comparison that sees nothing would say 0
}

TEST_CASE("vector math: exp of negative numbers to 3 units in the last place, down to exp(-87)") {
  std::vector<float> x;
  for (const float value : floats()) x.push_back(value > 0 ? -value : value);
  const std::vector<float> y = results(exp_kernel, x);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) continue;
    const double expected = std::exp(static_cast<double>(x[i]));
    const bool may_vanish = x[i] < -87;
    if (may_vanish && y[i] >= 0 && y[i] <= std::exp(-87.0)) continue;
    const double distance = units(y[i], expected);
    if (distance > 3) FAIL_CHECK("exp(" << x[i] << ") is " << y[i]);
    worst = std::max(worst, distance);
  }
  CHECK(worst > 0.4);
}

TEST_CASE("vector math: 1 / (sqrt(x) + eps) to 4 units in the last place") {
  const std::vector<float> all = floats();
  std::vector<float> x;
  for (const float value : all) x.push_back(value == value && !std::isinf(value) ? std::abs(value) : value * 0.f);
  for (const float eps : {1e-20f, 1e-8f, 1e-3f, 1.f}) {
    const std::vector<float> y = results(inverse_kernel, x, eps);
    for (std::size_t i = 0; i < x.size(); ++i) {
      // The root of a number below the smallest normal one may be lost beside eps, and so may eps beside 1e-20.
      const double expected = 1 / (std::sqrt(static_cast<double>(x[i])) + eps);
      if (x[i] > 0 && x[i] < 0x1p-126f && eps < 1e-10f) continue;
      if (units(y[i], expected) > 4) FAIL_CHECK("1 / (sqrt(" << x[i] << ") + " << eps << ") is " << y[i]);
    }
  }
}

}  // namespace
}  // namespace duel::test
