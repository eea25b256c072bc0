// The rows of the tables that a library computes: there as far as the build found the library, the last ones of full
// precision, never preferred.
#include <link.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "kernel_libraries.h"
#include "kernels/kernel_selection.h"
#include "kernels/ops/convolution/cases.h"
#include "kernels/ops/convolution_input_gradient/cases.h"
#include "kernels/ops/convolution_weight_gradient/cases.h"
#include "kernels/ops/discriminator_head/cases.h"
#include "kernels/ops/input_gradient/cases.h"
#include "kernels/ops/linear_forward/cases.h"
#include "kernels/ops/mean_losses/mean_losses.h"
#include "kernels/ops/weight_gradient/cases.h"
#include "kernels/runtime/buffer.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

#ifdef DUEL_CPU_DEVICE
#include "tests/kernels/simt/child.h"
#endif

namespace duel::test {
namespace {

#ifdef DUEL_PRODUCT_LIBRARY
constexpr bool kHasProducts = true;
const std::string kProducts = DUEL_PRODUCT_LIBRARY;
#else
constexpr bool kHasProducts = false;
const std::string kProducts;
#endif
#ifdef DUEL_CUDNN
constexpr bool kHasCudnn = true;
#else
constexpr bool kHasCudnn = false;
#endif
#ifdef DUEL_CUB
constexpr bool kHasCub = true;
#else
constexpr bool kHasCub = false;
#endif

bool is_library(const std::string& name) {
  const std::vector<std::string> libraries{"openblas", "cublaslt", "cudnn", "cub"};
  return std::find(libraries.begin(), libraries.end(), name) != libraries.end();
}

template <class Arguments>
bool has_row(const Op<Arguments>& op, const std::string& name) {
  return std::any_of(op.variants.begin(), op.variants.end(), [&](const auto& row) { return row.name == name; });
}

/// Calls visitor(op cases) for each op that has a product.
template <class Visitor>
void for_each_product_op(Visitor&& visitor) {
  visitor(verify::linear_forward_cases());
  visitor(verify::input_gradient_cases());
  visitor(verify::weight_gradient_cases());
  visitor(verify::discriminator_head_cases());
}

template <class Visitor>
void for_each_convolution_op(Visitor&& visitor) {
  visitor(verify::convolution_cases());
  visitor(verify::convolution_input_gradient_cases());
  visitor(verify::convolution_weight_gradient_cases());
}
template <class Visitor>
void for_each_op(const Visitor& visitor) {
  for_each_product_op(visitor);
  for_each_convolution_op(visitor);
}

TEST_CASE("library variants: every op with a product has the rows of the libraries that the build found, no others") {
#ifdef DUEL_CPU_DEVICE
  CHECK((kProducts.empty() || kProducts == "openblas"));
#else
  CHECK((kProducts.empty() || kProducts == "cublaslt"));
#endif
  for_each_product_op([](const auto& cases) {
    INFO(cases.op.name);
    CHECK(has_row(cases.op, kProducts) == kHasProducts);
    for (const std::string other : {"openblas", "cublaslt"}) {
      if (other != kProducts) CHECK_FALSE(has_row(cases.op, other));
    }
  });
  CHECK(has_row(linear_forward_op(), "cudnn") == kHasCudnn);
  CHECK(has_row(mean_losses_op(), "cub") == kHasCub);
}

TEST_CASE("library variants: convolutions have OpenBLAS's rows on the CPU device, cuDNN's on a GPU") {
  for_each_convolution_op([](const auto& cases) {
    INFO(cases.op.name);
    CHECK(has_row(cases.op, "openblas") == (kProducts == "openblas"));
    CHECK_FALSE(has_row(cases.op, "cublaslt"));
    CHECK(has_row(cases.op, "cudnn") == kHasCudnn);
  });
#ifdef DUEL_CPU_DEVICE
  CHECK_FALSE(kHasCudnn);
#endif
}

TEST_CASE("library variants: the last of full precision in their tables") {
  for_each_op([](const auto& cases) {
    const auto& rows = cases.op.variants;
    INFO(cases.op.name);
    const auto lower =
        std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.precision != Precision::fp32; });
    REQUIRE(lower != rows.begin());
    CHECK_FALSE(is_library(rows.front().name));
    CHECK(std::is_partitioned(rows.begin(), lower, [](const auto& row) { return !is_library(row.name); }));
    CHECK(std::none_of(lower, rows.end(), [](const auto& row) { return is_library(row.name); }));
  });
}

// Our own rows take every case, so a library's row runs only where somebody asks for it.
TEST_CASE("library variants: never preferred, for any arguments") {
  for_each_op([](const auto& cases) {
    INFO(cases.op.name);
    for (const Device& device : {Device::current(), Device{.is_cpu = true}, Device{.compute_capability = 75}}) {
      for (const auto& one : cases.cases()) {
        const auto first = std::find_if(cases.op.variants.begin(), cases.op.variants.end(),
                                        [&](const auto& row) { return row.supports(one.arguments, device); });
        REQUIRE(first != cases.op.variants.end());
        CHECK_FALSE(is_library(first->name));
      }
    }
  });
}

TEST_CASE("library variants: offered on the device that they are for, an update where its gradient is kept") {
  if (!kHasProducts) return;
  for_each_product_op([](const auto& cases) {
    INFO(cases.op.name);
    const auto row = std::find_if(cases.op.variants.begin(), cases.op.variants.end(),
                                  [](const auto& candidate) { return candidate.name == kProducts; });
    REQUIRE(row != cases.op.variants.end());
    std::size_t supported = 0;
    for (const auto& one : cases.cases()) {
      bool has_place = true;
      if constexpr (requires { one.arguments.input, one.arguments.weight.gradient; }) {
        has_place = static_cast<bool>(one.arguments.weight.gradient);
      }
      supported += has_place;
      CHECK(row->supports(one.arguments, Device{.is_cpu = true}) == (kProducts == "openblas" && has_place));
      CHECK(row->supports(one.arguments, Device{.compute_capability = 90}) == (kProducts == "cublaslt" && has_place));
    }
    CHECK(supported > 0);
  });
}

#ifdef DUEL_CPU_DEVICE

bool is_openblas_loaded() {
  bool is = false;
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* found) {
        *static_cast<bool*>(found) |= std::string_view(module->dlpi_name).find("openblas") != std::string_view::npos;
        return 0;
      },
      &is);
  return is;
}

TEST_CASE("child: OpenBLAS before and after a product", "[.]") {
  std::printf("before: %d\n", is_openblas_loaded());
  LinearForward<float> a{};
  const Stream stream;
  DeviceBuffer<float> input(std::vector<float>(4, 1.f), stream), weight(std::vector<float>(4, 1.f), stream),
      bias(std::vector<float>(2, 0.f), stream), output(std::vector<float>(4), stream);
  a.input = input.matrix(2, 2);
  a.weight = weight.matrix(2, 2);
  a.bias = bias.vector();
  a.output = output.matrix(2, 2);
  KernelSelection kernels;
  kernels.choose("linear_forward", "openblas");
  kernels.run(linear_forward_op(), a, stream);
  stream.synchronize();
  std::printf("after: %d\n", is_openblas_loaded());
}
// It starts threads of its own where it is loaded, which programs that are short of memory do not survive.
TEST_CASE("OpenBLAS is loaded by the first product, not by the program") {
  if (kProducts != "openblas") return;
  const std::string output = simt_test::output_of_child("child: OpenBLAS before and after a product");
  INFO(output);
  CHECK(contains(output, "before: 0\nafter: 1\n"));
}

#endif

}  // namespace
}  // namespace duel::test
