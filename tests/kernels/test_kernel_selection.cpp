#include "kernels/kernel_selection.h"

#include <array>
#include <functional>
#include <set>

#include "kernels/catalog.h"
#include "kernels/runtime/buffer.h"
#include "kernels/verify/op_cases.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace duel::test {
namespace {

using verify::shape;
using Forward = LinearForward<float>;

// Which of the variants below was launched last.
std::string launched;

bool supports_even_batches(const Forward& a, const Device&) {
  return a.input.columns % 2 == 0;
}
void launch_even(const Forward&, StreamView) {
  launched = "even";
}
void launch_any(const Forward&, StreamView) {
  launched = "any";
}

Forward arguments(int batch) {
  Forward a{};
  a.input = shape<const float>(3, batch);
  a.weight = shape<const float>(5, 3);
  a.bias = shape<const float>(5);
  a.output = shape<float>(5, batch);
  return a;
}

constexpr Variant<Forward> kEven{"even", "even batches only", supports_even_batches, launch_even};
constexpr Variant<Forward> kAny{"any", "any batch", supports_any_device, launch_any};

std::string refusal(const std::function<void()>& action) {
  return thrown_message<std::invalid_argument>(action);
}

TEST_CASE("catalog: every op once, each with a variant") {
  std::set<std::string> names;
  for_each_op([&](const auto& op) {
    CHECK(names.insert(op.name).second);
    CHECK(!op.variants.empty());
  });
  CHECK(names.size() == 38);
}

TEST_CASE("selection: without a choice the first row that supports the case runs, and is remembered once") {
  const KernelSelection kernels;
  const auto& op = linear_forward_op();
  CHECK(std::string(kernels.select(op, arguments(4)).name) == op.variants[0].name);
  kernels.select(op, arguments(4));
  kernels.select(op, arguments(6));
  REQUIRE(kernels.uses().size() == 2);
  CHECK(kernels.uses()[0] ==
        KernelUse{op.name, "3x4 5x3 5 - - - - - - 5x4 - -", op.variants[0].name, SelectedBecause::preferred});
  CHECK(kernels.uses()[1].shapes == "3x6 5x3 5 - - - - - - 5x6 - -");
  CHECK(std::any_cast<Forward>(kernels.used_arguments()[1]).input.columns == 6);
  CHECK(kernels.notes().empty());
}

TEST_CASE("selection: a row that does not support the case is passed over, and says so once") {
  static constexpr std::array rows{kEven, kAny};
  const Op<Forward> op{"linear_forward", rows, {}, [](const Forward&) {}};
  const KernelSelection kernels;
  kernels.run(op, arguments(4), Stream());
  CHECK(launched == "even");
  for (const int batch : {3, 5}) kernels.run(op, arguments(batch), Stream());
  CHECK(launched == "any");
  REQUIRE(kernels.notes().size() == 1);
  CHECK(contains(kernels.notes()[0], "'even'"));
  CHECK(contains(kernels.notes()[0], "'any'"));
}

TEST_CASE("selection: a chosen variant runs, or refuses and lists those that would") {
  KernelSelection kernels;
  kernels.add(linear_forward_op(), kEven);
  kernels.choose("linear_forward=even");
  kernels.run(linear_forward_op(), arguments(4), Stream());
  CHECK(launched == "even");
  CHECK(kernels.uses().back().because == SelectedBecause::chosen);
  const std::string text = refusal([&] { kernels.select(linear_forward_op(), arguments(3)); });
  CHECK(contains(text, "linear_forward=even"));
  CHECK(contains(text, "3x3 5x3 5 - - - - - - 5x3 - -"));
  CHECK(contains(text, linear_forward_op().variants.back().name));
}

TEST_CASE("selection: unknown names are refused with what there is") {
  KernelSelection kernels;
  const std::string no_op = refusal([&] { kernels.choose("linear_forwrd=even"); });
  CHECK(contains(no_op, "'linear_forwrd'"));
  CHECK(contains(no_op, "linear_forward"));
  const std::string no_variant = refusal([&] { kernels.choose("linear_forward", "even"); });
  CHECK(contains(no_variant, "'even'"));
  CHECK(contains(no_variant, linear_forward_op().variants[0].name));
  CHECK(contains(refusal([&] { kernels.choose("linear_forward"); }), "op=variant"));
  kernels.add(linear_forward_op(), kEven);
  CHECK(contains(refusal([&] { kernels.add(linear_forward_op(), kEven); }), "already"));
}

TEST_CASE("selection: what tuning found runs for its shapes, but never against a choice or without support") {
  const auto& op = linear_forward_op();
  KernelSelection kernels;
  kernels.add(op, kEven);
  kernels.add(op, kAny);
  kernels.prefer(op.name, shapes_text(arguments(4)), "any");
  kernels.prefer(op.name, shapes_text(arguments(3)), "even");
  CHECK(std::string(kernels.select(op, arguments(4)).name) == "any");
  CHECK(kernels.uses().back().because == SelectedBecause::tuned);
  CHECK(std::string(kernels.select(op, arguments(6)).name) == op.variants[0].name);
  CHECK(kernels.notes().empty());
  CHECK(std::string(kernels.select(op, arguments(3)).name) == op.variants[0].name);
  REQUIRE(kernels.notes().size() == 1);
  CHECK(contains(kernels.notes()[0], "'even'"));
  kernels.choose(op.name, "even");
  CHECK(std::string(kernels.select(op, arguments(4)).name) == "even");
}

void launch_narrow(const Forward&, StreamView) {
  launched = "narrow";
}

TEST_CASE("selection: a precision is that of all ops that have variants of it") {
  constexpr std::array kRows{
      Variant<Forward>{"wide", "", supports_any_device, launch_any},
      Variant<Forward>{"narrow", "", [](const auto& a, const Device&) { return a.input.columns != 3; }, launch_narrow,
                       Precision::tf32}};
  Op<Forward> op = linear_forward_op();
  op.variants = kRows;
  KernelSelection kernels;
  CHECK(std::string(kernels.select(op, arguments(4)).name) == "wide");
  kernels.set_precision(Precision::bf16);  // no variant has it
  CHECK(std::string(kernels.select(op, arguments(4)).name) == "wide");
  kernels.set_precision(Precision::tf32);
  kernels.prefer(op.name, shapes_text(arguments(4)), "wide");  // tuned in full precision
  CHECK(std::string(kernels.select(op, arguments(4)).name) == "narrow");
  CHECK(kernels.uses().back().because == SelectedBecause::preferred);
  CHECK(kernels.notes().empty());
  const std::string text = refusal([&] { kernels.select(op, arguments(3)); });
  CHECK(contains(text, "no variant of precision tf32"));
}

TEST_CASE("selection: added variants are listed after the table's rows") {
  KernelSelection kernels;
  kernels.add(linear_forward_op(), kEven);
  const auto all = kernels.variants(linear_forward_op());
  CHECK(all.size() == linear_forward_op().variants.size() + 1);
  CHECK(std::string(all.back().name) == "even");
}

}  // namespace
}  // namespace duel::test
