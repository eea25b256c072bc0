#include "tools/kernel_lab/check.h"

#include <sstream>
#include <stdexcept>

#include "kernels/ops/flat_update/launchers.h"
#include "kernels/ops/linear_forward/linear_forward.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace duel::lab {
namespace {

using duel::test::contains;

CheckOptions small_check(const std::string& op, const std::string& variant) {
  CheckOptions options;
  options.op = op;
  options.second = variant;
  options.iterations = 6;
  options.training.batch_size = 8;
  options.training.networks.generator_widths = {16, 32};
  options.training.networks.discriminator_widths = {32, 16};
  options.training.networks.image_size = 8;
  return options;
}

// Right, but for the one value of its fourth launch.
void fourth_launch_is_wrong(const FlatUpdate<float, Adam>& a, StreamView stream) {
  static int launches = 0;
  flat_update_four_values_per_thread(a, stream);
  if (++launches != 4) return;
  const float wrong = 7.f;
  check(cudaMemcpyAsync(a.parameter.data + 5, &wrong, sizeof wrong, cudaMemcpyHostToDevice, stream.get()));
  stream.synchronize();
}

TEST_CASE("check: two right variants do not diverge, however many calls") {
  for (const std::string op :
       {"adam", "batch_inputs", "linear_forward", "input_gradient", "weight_gradient", "discriminator_head",
        "class_rows", "penalty_terms", "linear_tangent", "maxout_backward", "maxout_tangent", "dropout",
        "spectral_norm", "spectral_norm_gradient", "label_embedding", "label_embedding_gradient"}) {
    const Lab lab = open_lab({});
    std::string last;
    for (const auto& candidate : lab.ops) {
      if (candidate->name() == op) last = candidate->variants(lab.kernels).back().name;
    }
    std::ostringstream out;
    INFO(op << ", " << last);
    CHECK(run_check(small_check(op, last), lab, out) == kAllWell);
    CHECK(contains(out.str(), "no divergence in 6 iterations"));
  }
}

TEST_CASE("check: stops at the first wrong call and says where") {
  Lab lab = open_lab({});
  lab.kernels.add(flat_update_op<Adam>(), {"wrong_once", "", supports_any_device, fourth_launch_is_wrong});
  std::ostringstream out;
  CHECK(run_check(small_check("adam", "wrong_once"), lab, out) == kFoundWrong);
  INFO(out.str());
  CHECK(contains(out.str(), "iteration 1: adam, variant wrong_once, call 4"));  // two networks an iteration
  CHECK(contains(out.str(), "parameter[5, 0] is 7"));
}

TEST_CASE("check: a variant that leaves its output alone, and unknown names") {
  Lab lab = open_lab({});
  lab.kernels.add(linear_forward_op(),
                  {"nothing", "writes nothing", supports_any_device, [](const LinearForward<float>&, StreamView) {}});
  std::ostringstream out;
  CHECK(run_check(small_check("linear_forward", "nothing"), lab, out) == kFoundWrong);
  CHECK(contains(out.str(), "variant nothing, call 1"));
  CHECK_THROWS_AS(run_check(small_check("linear_forward", "no_such"), lab, out), std::invalid_argument);
  CHECK_THROWS_AS(run_check(small_check("no_such", "nothing"), lab, out), std::invalid_argument);
}

}  // namespace
}  // namespace duel::lab
