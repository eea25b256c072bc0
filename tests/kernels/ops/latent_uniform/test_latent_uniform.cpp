#include "kernels/ops/latent_uniform/cases.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernel_selection.h"
#include "kernels/runtime/buffer.h"
#include "kernels/verify/check_op.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

template <class T>
LatentUniform<T> scalars() {
  LatentUniform<T> a{};
  a.limit = 1.75f;
  a.seed = 0x123456789abcdef0;
  a.draw = 3;
  return a;
}

std::string check_latents(int rows, int columns, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  auto a = scalars<double>();
  a.output = host.matrix(rows, columns);
  a.clock = host.vector<TrainingClock>({{(std::uint64_t{1} << 32) + 5, 7, 8}});
  return check_op<LatentUniform<double>>(latent_uniform_op(), latent_uniform_reference, a, scalars<float>(),
                                         latent_uniform_bounds, options);
}

std::vector<float> latents(int rows, int columns, LatentUniform<float> a, std::uint64_t iteration = 5) {
  const Stream stream;
  const std::vector<TrainingClock> clock{{iteration, 0, 0}};
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  const DeviceBuffer<float> output(static_cast<std::size_t>(rows) * columns);
  a.output = output.matrix(rows, columns);
  a.clock = device_clock.vector();
  KernelSelection().run(latent_uniform_op(), a, stream);
  return output.download(stream);
}

TEST_CASE("uniform latents: any number of rows and columns") {
  for (const int rows : {1, 2, 33}) {
    for (const int columns : {1, 2, 3, 4, 5, 31, 32, 33, 100, 129}) {
      INFO(rows << " x " << columns);
      CHECK(check_latents(rows, columns) == "");
    }
  }
  CHECK(check_latents(65, 130, {.executions = HowMany::all}) == "");
  for (const int misalignment : {1, 2, 3}) CHECK(check_latents(33, 100, {.misalignment = misalignment}) == "");
}

// The moments of U(-1, 1) are 0, 1/3, 0 and 1/5, with variances 1/3, 4/45, 1/7 and 16/225 over the count. Kolmogorov
// and Smirnov: the distance between distribution functions exceeds 2.5 / sqrt(n) once in 130,000 times.
TEST_CASE("uniform latents: a million are distributed uniformly") {
  auto a = scalars<float>();
  a.limit = 1;
  std::vector<float> z = latents(10000, 100, a);
  const auto mean = [&](int power) {
    double sum = 0;
    for (const float value : z) sum += std::pow(static_cast<double>(value), power);
    return sum / 1e6;
  };
  CHECK(std::abs(mean(1)) < 5e-3 * std::sqrt(1.0 / 3));
  CHECK(std::abs(mean(2) - 1.0 / 3) < 5e-3 * std::sqrt(4.0 / 45));
  CHECK(std::abs(mean(3)) < 5e-3 * std::sqrt(1.0 / 7));
  CHECK(std::abs(mean(4) - 0.2) < 5e-3 * std::sqrt(16.0 / 225));
  for (const std::size_t distance : {1, 2, 3, 4, 100}) {
    double sum = 0;
    for (std::size_t i = distance; i < z.size(); ++i) sum += static_cast<double>(z[i]) * z[i - distance];
    CHECK(std::abs(sum / 1e6) < 5e-3 / 3);
  }
  std::sort(z.begin(), z.end());
  double distance = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    distance = std::max(distance, std::abs((z[i] + 1.0) / 2 - (static_cast<double>(i) + 0.5) / 1e6));
  }
  CHECK(distance < 2.5e-3);
  CHECK((z.front() > -1 && z.back() < 1));
}

TEST_CASE("uniform latents: the limit scales, seeds, draws and iterations give other values") {
  auto a = scalars<float>();
  a.limit = 1;
  const std::vector<float> base = latents(4, 100, a);
  auto wide = a;
  wide.limit = 4;
  const std::vector<float> four_times = latents(4, 100, wide);
  for (std::size_t i = 0; i < base.size(); ++i) CHECK(four_times[i] == 4 * base[i]);
  auto seed = a, draw = a;
  seed.seed += 1;
  draw.draw += 1;
  for (const auto& other : {latents(4, 100, seed), latents(4, 100, draw), latents(4, 100, a, 6),
                            latents(4, 100, a, 5 + (std::uint64_t{1} << 32))}) {
    for (std::size_t i = 0; i < base.size(); ++i) CHECK(base[i] != other[i]);
  }
  for (std::size_t i = 0; i < 100; ++i) CHECK(base[i] != base[100 + i]);
}

TEST_CASE("uniform latents: wrong arguments are refused by name") {
  auto valid = scalars<float>();
  valid.output = shape<float>(4, 3);
  valid.clock = shape<const TrainingClock>(1);
  CHECK_NOTHROW(latent_uniform_op().validate(valid));
  for (const float limit : {0.f, -1.f, std::numeric_limits<float>::quiet_NaN()}) {
    auto wrong = valid;
    wrong.limit = limit;
    CHECK(check_refusal(latent_uniform_op(), wrong, "limit") == "");
  }
  auto wrong = valid;
  wrong.output.data = nullptr;
  CHECK(check_refusal(latent_uniform_op(), wrong, "output") == "");
  wrong = valid;
  wrong.clock.rows = 2;
  CHECK(check_refusal(latent_uniform_op(), wrong, "clock") == "");
}

}  // namespace
}  // namespace duel::test
