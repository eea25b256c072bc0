// The matrix instruction in all formats against a double reference, and that a lane with wrong values is noticed.
#include "kernels/device/mma.cuh"

#include <cmath>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "kernels/runtime/buffer.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/launch.h"
#include "kernels/verify/bounds.h"
#include "kernels/verify/executions.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;

/// Which values a lane takes, wrong in one way.
enum class Wrong { nothing, row, depth, column, b_depth, register_order };

template <class Format, Wrong kWrong>
struct Map : Format {
  static constexpr __host__ __device__ int a_row(int lane, int i) {
    if (kWrong == Wrong::row) return lane / 4 + 8 * (Format::a_row(0, i) == 0);  // the halves swapped
    return Format::a_row(lane, i);
  }
  static constexpr __host__ __device__ int a_depth(int lane, int i) {
    if (kWrong == Wrong::depth) return Format::a_depth(lane ^ 1, i);
    if (kWrong == Wrong::register_order) return Format::a_depth(lane, i ^ (Format::kPerRegister == 2 ? 1 : 2));
    return Format::a_depth(lane, i);
  }
  static constexpr __host__ __device__ int b_column(int lane, int i) {
    return kWrong == Wrong::column ? lane % 8 : Format::b_column(lane, i);
  }
  static constexpr __host__ __device__ int b_depth(int lane, int i) {
    return kWrong == Wrong::b_depth ? Format::b_depth(lane, i ^ 1) : Format::b_depth(lane, i);
  }
};

// c[16, 8] += a[16, depth] b[depth, 8], twice.
template <class Format, Wrong kWrong>
__global__ void mma_kernel(float* c, const float* a, const float* b) {
  using Lanes = Map<Format, kWrong>;
  const int lane = threadIdx.x % 32;
  float values_a[Format::kOfA], values_b[Format::kOfB], sum[4];
  for (int i = 0; i < Format::kOfA; ++i) {
    values_a[i] = a[Lanes::a_row(lane, i) * Format::kDepth + Lanes::a_depth(lane, i)];
  }
  for (int i = 0; i < Format::kOfB; ++i) values_b[i] = b[Lanes::b_depth(lane, i) * 8 + Lanes::b_column(lane, i)];
  for (int i = 0; i < 4; ++i) sum[i] = c[MmaSums::row(lane, i) * 8 + MmaSums::column(lane, i)];
  for (int turn = 0; turn < 2; ++turn) {
    multiply_add(sum, FragmentA<Format>(values_a), FragmentB<Format>(values_b));
  }
  for (int i = 0; i < 4; ++i) c[MmaSums::row(lane, i) * 8 + MmaSums::column(lane, i)] = sum[i];
}

namespace {

template <class Format>
constexpr Precision precision_of() {
  if (Format::kDepth == 16) return Precision::bf16;
  return Format::kPerRegister == 1 ? Precision::tf32 : Precision::fp16;
}
template <class Format>
bool is_supported() {
  const Device& device = Device::current();
  return precision_of<Format>() == Precision::fp16 ? has_fp16_products(device) : has_tf32_and_bf16_products(device);
}

template <class Next>
std::vector<float> values(std::size_t count, Next next) {
  std::vector<float> result(count);
  for (float& x : result) x = static_cast<float>(next());
  return result;
}

struct Product {
  std::vector<float> a, b, c;

  template <class Next>
  Product(int depth, Next next) : a(values(16 * depth, next)), b(values(8 * depth, next)), c(values(16 * 8, next)) {}
};

template <class Format, Wrong kWrong = Wrong::nothing>
std::vector<float> computed(const Product& p) {
  Stream stream;
  const DeviceBuffer<float> a(p.a, stream), b(p.b, stream);
  DeviceBuffer<float> c(p.c, stream);
  launch(stream, {1, 32}, mma_kernel<Format, kWrong>, c.data(), a.data(), b.data());
  return c.download(stream);
}

// How many of the sums are off by more than `relative` of the sum of absolute products.
template <class Format>
int wrong_sums(const Product& p, const std::vector<float>& found, double relative) {
  int wrong = 0;
  for (int row = 0; row < 16; ++row) {
    for (int column = 0; column < 8; ++column) {
      double sum = p.c[row * 8 + column], magnitude = 0;
      for (int k = 0; k < Format::kDepth; ++k) {
        const double x = p.a[row * Format::kDepth + k], y = p.b[k * 8 + column];
        sum += 2 * x * y;
        magnitude += 2 * operand_magnitude(precision_of<Format>(), x) * operand_magnitude(precision_of<Format>(), y);
      }
      const double bound = relative * magnitude + (relative > 0 ? 4 * kRounding * std::abs(p.c[row * 8 + column]) : 0);
      wrong += !(std::abs(found[row * 8 + column] - sum) <= bound);
    }
  }
  return wrong;
}

template <class Function>
void for_each_format(Function f) {
  f(Tf32());
  f(Bf16());
  f(Fp16());
}

}  // namespace

TEST_CASE("mma: lanes hold every value of A, B and C once") {
  for_each_format([](auto format) {
    using Format = decltype(format);
    std::set<std::pair<int, int>> a, b, c;
    for (int lane = 0; lane < 32; ++lane) {
      for (int i = 0; i < Format::kOfA; ++i) a.insert({Format::a_row(lane, i), Format::a_depth(lane, i)});
      for (int i = 0; i < Format::kOfB; ++i) b.insert({Format::b_depth(lane, i), Format::b_column(lane, i)});
      for (int i = 0; i < 4; ++i) c.insert({MmaSums::row(lane, i), MmaSums::column(lane, i)});
    }
    CHECK((a.size() == 16 * Format::kDepth && a.rbegin()->first == 15 && a.rbegin()->second == Format::kDepth - 1));
    CHECK((b.size() == 8 * Format::kDepth && b.rbegin()->first == Format::kDepth - 1 && b.rbegin()->second == 7));
    CHECK((c.size() == 16 * 8 && c.rbegin()->first == 15 && c.rbegin()->second == 7));
  });
}

TEST_CASE("mma: whole numbers are multiplied and added exactly, in every execution") {
  for_each_format([](auto format) {
    using Format = decltype(format);
    if (!is_supported<Format>()) return;
    CAPTURE(Format::kDepth, Format::kPerRegister);
    std::mt19937 random(7);
    for (const Execution& execution : executions(HowMany::all, 1)) {
      const UseExecution use(execution);
      const Product p(Format::kDepth, [&] { return static_cast<int>(random() % 255) - 127; });
      CHECK(wrong_sums<Format>(p, computed<Format>(p), 0) == 0);
    }
  });
}

TEST_CASE("mma: any numbers within the rounding of the format, and not within that of a better one") {
  for_each_format([](auto format) {
    using Format = decltype(format);
    if (!is_supported<Format>()) return;
    CAPTURE(Format::kDepth, Format::kPerRegister);
    std::mt19937 random(8);
    std::uniform_real_distribution<double> uniform(-1, 1);
    const Product p(Format::kDepth, [&] { return uniform(random); });
    const auto found = computed<Format>(p);
    const double error = operand_error(precision_of<Format>(), Format::kDepth);
    CHECK(wrong_sums<Format>(p, found, error) == 0);
    CHECK(wrong_sums<Format>(p, found, error / 64) > 0);
  });
}

TEST_CASE("mma: a lane that takes another's values gives other sums") {
  for_each_format([](auto format) {
    using Format = decltype(format);
    if (!is_supported<Format>()) return;
    CAPTURE(Format::kDepth, Format::kPerRegister);
    std::mt19937 random(9);
    const Product p(Format::kDepth, [&] { return static_cast<int>(random() % 255) - 127; });
    CHECK(wrong_sums<Format>(p, computed<Format, Wrong::row>(p), 0) > 0);
    CHECK(wrong_sums<Format>(p, computed<Format, Wrong::depth>(p), 0) > 0);
    CHECK(wrong_sums<Format>(p, computed<Format, Wrong::column>(p), 0) > 0);
    CHECK(wrong_sums<Format>(p, computed<Format, Wrong::b_depth>(p), 0) > 0);
    CHECK(wrong_sums<Format>(p, computed<Format, Wrong::register_order>(p), 0) > 0);
  });
}

#ifdef DUEL_CPU_DEVICE

__global__ void missing_lanes_kernel(float* c, const float* a, const float* b, int lanes) {
  if (static_cast<int>(threadIdx.x) >= lanes) return;
  const float values_a[4] = {a[0], a[1], a[2], a[3]}, values_b[2] = {b[0], b[1]};
  float sum[4] = {};
  multiply_add(sum, FragmentA<Tf32>(values_a), FragmentB<Tf32>(values_b));
  c[threadIdx.x] = sum[0];
}

TEST_CASE("mma, CPU device: a warp that lacks a lane is an error") {
  Stream stream;
  const DeviceBuffer<float> values(std::vector<float>(8, 1.f), stream);
  DeviceBuffer<float> c(32);
  const auto run = [&](int lanes) {
    launch(stream, {1, 32}, missing_lanes_kernel, c.data(), values.data(), values.data(), lanes);
    stream.synchronize();
  };
  run(32);
  std::string report;
  try {
    run(31);
  } catch (const CudaError& error) {
    report = error.what();
  }
  forget_device_fault();
  CHECK(report.find("lanes of warp 0 are missing") != std::string::npos);
}

TEST_CASE("narrow formats: halves, ends of the range, and the nearest number everywhere") {
  CHECK(rounded_to_tf32(1 + 0x1p-11f) == 1 + 0x1p-10f);  // away from 0
  CHECK(rounded_to_tf32(-1 - 0x1p-11f) == -1 - 0x1p-10f);
  CHECK(rounded_to_tf32(1 + 0x1.f8p-12f) == 1);
  CHECK(rounded_to_bf16(1 + 0x1p-8f) == 1);  // to even
  CHECK(rounded_to_bf16(1 + 3 * 0x1p-8f) == 1 + 0x1p-6f);
  CHECK(rounded_to_fp16(1 + 0x1p-11f) == 1);
  CHECK(rounded_to_fp16(1 + 3 * 0x1p-11f) == 1 + 0x1p-9f);
  CHECK(rounded_to_fp16(65519.f) == 65504);
  CHECK(std::isinf(rounded_to_fp16(-65520.f)));
  CHECK(rounded_to_fp16(0x1p-25f) == 0);
  CHECK(rounded_to_fp16(0x1.8p-24f) == 0x1p-23f);
  std::mt19937 random(10);
  std::uniform_real_distribution<float> exponent(-20, 20), mantissa(1, 2);
  for (int i = 0; i < 10000; ++i) {
    const float x = std::ldexp(mantissa(random), static_cast<int>(exponent(random))) * (i % 2 ? 1.f : -1.f);
    const double size = std::abs(static_cast<double>(x));
    CHECK(std::abs(rounded_to_tf32(x) - static_cast<double>(x)) <= 0x1p-11 * size);
    CHECK(std::abs(rounded_to_bf16(x) - static_cast<double>(x)) <= 0x1p-8 * size);
    if (size < 65504) {
      CHECK(std::abs(rounded_to_fp16(x) - static_cast<double>(x)) <= 0x1p-11 * std::max(size, 0x1p-14));
    }
  }
}

#endif

}  // namespace duel::test
