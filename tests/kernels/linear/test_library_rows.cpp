// The rows of the tables that a library computes: there as far as the build found the library, last, never preferred.
#include <link.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "kernel_libraries.h"
#include "kernels/kernel_selection.h"
#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"
#include "kernels/ops/linear_lrelu/linear_lrelu.h"
#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"
#include "kernels/ops/linear_tanh/linear_tanh.h"
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

template <class Visitor>
void for_each_linear_op(Visitor&& visitor) {
  visitor(linear_lrelu_forward_op());
  visitor(linear_lrelu_backward_op());
  visitor(linear_bn_lrelu_forward_op());
  visitor(linear_bn_lrelu_backward_op());
  visitor(linear_tanh_forward_op());
  visitor(linear_tanh_backward_op());
  visitor(linear_sigmoid_bce_forward_op());
  visitor(linear_sigmoid_bce_backward_op());
}

TEST_CASE("library variants: every linear op has the rows of the libraries that the build found, and no others") {
#ifdef DUEL_CPU_DEVICE
  CHECK((kProducts.empty() || kProducts == "openblas"));
#else
  CHECK((kProducts.empty() || kProducts == "cublaslt"));
#endif
  for_each_linear_op([](const auto& op) {
    INFO(op.name);
    CHECK(has_row(op, kProducts) == kHasProducts);
    for (const std::string other : {"openblas", "cublaslt"}) {
      if (other != kProducts) CHECK_FALSE(has_row(op, other));
    }
  });
  CHECK(has_row(linear_bn_lrelu_forward_op(), "cudnn") == kHasCudnn);
  CHECK(has_row(linear_tanh_forward_op(), "cudnn") == kHasCudnn);
  CHECK(has_row(linear_sigmoid_bce_forward_op(), "cudnn") == kHasCudnn);
  CHECK(has_row(linear_sigmoid_bce_forward_op(), "cub") == kHasCub);
  CHECK(has_row(linear_sigmoid_bce_backward_op(), "cub") == kHasCub);
}

TEST_CASE("library variants: last in their tables") {
  for_each_linear_op([](const auto& op) {
    INFO(op.name);
    REQUIRE_FALSE(op.variants.empty());
    CHECK_FALSE(is_library(op.variants.front().name));
    CHECK(std::is_partitioned(op.variants.begin(), op.variants.end(),
                              [](const auto& row) { return !is_library(row.name); }));
  });
}

// Our own rows take every case, so a library's row runs only where somebody asks for it.
TEST_CASE("library variants: never preferred, for any arguments") {
  for_each_linear_op([]<class Arguments>(const Op<Arguments>& op) {
    INFO(op.name);
    for (const Device& device : {Device::current(), Device{.is_cpu = true}, Device{.compute_capability = 75}}) {
      const Arguments none{};
      const auto first = std::find_if(op.variants.begin(), op.variants.end(),
                                      [&](const auto& row) { return row.supports(none, device); });
      REQUIRE(first != op.variants.end());
      CHECK_FALSE(is_library(first->name));
    }
  });
}

TEST_CASE("library variants: offered on the device that they are for") {
  if (!kHasProducts) return;
  for_each_linear_op([]<class Arguments>(const Op<Arguments>& op) {
    INFO(op.name);
    const auto row = std::find_if(op.variants.begin(), op.variants.end(),
                                  [](const auto& candidate) { return candidate.name == kProducts; });
    REQUIRE(row != op.variants.end());
    CHECK(row->supports(Arguments{}, Device{.is_cpu = true}) == (kProducts == "openblas"));
    CHECK(row->supports(Arguments{}, Device{.compute_capability = 90}) == (kProducts == "cublaslt"));
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
  LinearTanhForward<float> a{};
  const Stream stream;
  DeviceBuffer<float> input(std::vector<float>(4, 1.f), stream), weight(std::vector<float>(4, 1.f), stream),
      bias(std::vector<float>(2, 0.f), stream), output(std::vector<float>(4), stream);
  a.input = input.matrix(2, 2);
  a.weight = weight.matrix(2, 2);
  a.bias = bias.vector();
  a.output = output.matrix(2, 2);
  KernelSelection kernels;
  kernels.choose("linear_tanh_forward", "openblas");
  kernels.run(linear_tanh_forward_op(), a, stream);
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
