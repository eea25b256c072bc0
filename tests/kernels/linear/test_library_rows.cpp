// The rows of the tables that a library computes: there as far as the build found the library, last, never preferred.
#include <algorithm>
#include <string>
#include <vector>

#include "kernels/linear_bn_lrelu/linear_bn_lrelu.h"
#include "kernels/linear_lrelu/linear_lrelu.h"
#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"
#include "kernels/linear_tanh/linear_tanh.h"
#include "tests/support/catch.h"

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

}  // namespace
}  // namespace duel::test
