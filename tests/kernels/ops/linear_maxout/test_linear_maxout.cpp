#include <limits>

#include "kernels/ops/linear_maxout/cases.h"
#include "kernels/verify/check_op.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

LinearMaxoutForward<float> forward_scalars(int pieces) {
  LinearMaxoutForward<float> a{};
  a.pieces = pieces;
  return a;
}
LinearMaxoutBackward<float> backward_scalars(int pieces) {
  LinearMaxoutBackward<float> a{};
  a.pieces = pieces;
  return a;
}

std::string check_forward(const LinearMaxoutForward<double>& a, const CheckOptions& options = {}) {
  return check_op<LinearMaxoutForward<double>>(linear_maxout_forward_op(), linear_maxout_forward_reference, a,
                                               forward_scalars(a.pieces), linear_maxout_forward_bounds, options);
}

std::string check_forward(const LayerSize& size, int pieces, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  return check_forward(maxout_forward_case(host, size, pieces), options);
}

std::string check_backward(const LayerSize& size, int pieces, const CheckOptions& options = {},
                           WantedGradients wanted = {}) {
  HostTensors host(options.seed);
  const auto a = maxout_backward_case(host, size, pieces, wanted);
  return check_op<LinearMaxoutBackward<double>>(linear_maxout_backward_op(), linear_maxout_backward_reference, a,
                                                backward_scalars(pieces), linear_maxout_backward_bounds, options);
}

TEST_CASE("maxout: sizes around tiles and warps") {
  for (const LayerSize& size : few_edge_layers()) {
    for (const int pieces : {1, 2, 5}) {
      INFO(size.text() << ", pieces " << pieces);
      CHECK(check_forward(size, pieces) == "");
      CHECK(check_backward(size, pieces) == "");
    }
  }
}

TEST_CASE("maxout: the discriminator of the 2014 paper") {
  for (const LayerSize& size : {LayerSize{200, 784, 240}, LayerSize{100, 240, 240}}) {
    INFO(size.text());
    CHECK(check_forward(size, 5) == "");
    CHECK(check_backward(size, 5) == "");
  }
}

TEST_CASE("maxout: any number of pieces that a byte can tell") {
  for (const int pieces : {3, 4, 7, 31, 32, 33, 64, 255, kMostPieces}) {
    INFO("pieces " << pieces);
    CHECK(check_forward({33, 20, 3}, pieces) == "");
    CHECK(check_backward({33, 20, 3}, pieces) == "");
  }
}

TEST_CASE("maxout: every schedule on every number of threads") {
  const CheckOptions options{.executions = HowMany::all};
  CHECK(check_forward({65, 100, 33}, 5, options) == "");
  CHECK(check_backward({65, 100, 33}, 5, options) == "");
}

TEST_CASE("maxout: tensors that begin anywhere, gradients that nobody asks for") {
  const LayerSize size{33, 65, 31};
  for (const int misalignment : {1, 2, 3}) {
    CHECK(check_forward(size, 5, {.misalignment = misalignment}) == "");
    CHECK(check_backward(size, 5, {.misalignment = misalignment}) == "");
  }
  CHECK(check_backward(size, 5, {}, {.d_input = false}) == "");
  CHECK(check_backward(size, 5, {}, {.d_weight_and_bias = false}) == "");
  CHECK(check_backward(size, 5, {}, {.d_input = false, .d_weight_and_bias = false}) == "");
}

/// A layer without inputs that matter: the linear functions are the biases.
LinearMaxoutForward<double> of_biases(HostTensors& host, const std::vector<double>& biases, int pieces) {
  const int rows = static_cast<int>(biases.size());
  auto a = maxout_forward_case(host, {2, 1, rows / pieces}, pieces);
  a.input = host.uniform(2, 1, 0, 0);
  a.weight = host.uniform(rows, 1, 0, 0);
  a.bias = host.vector(biases);
  return a;
}

TEST_CASE("maxout: the first of equal pieces wins, a NaN wins against numbers") {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();
  HostTensors host(4);
  const auto a = of_biases(host, {1, 1, 0, 0, 2, 2, -3, -3, -3, kNan, 5, 6, 1, kNan, kInfinity, 1, kNan, kNan}, 3);
  CHECK(check_forward(a) == "");
  const int winners[] = {0, 1, 0, 0, 1, 1};
  for (int unit = 0; unit < 6; ++unit) {
    CHECK(at(a.winner, 0, unit) == winners[unit]);
    CHECK(at(a.winner, 1, unit) == winners[unit]);
  }
}

TEST_CASE("maxout: the reference's gradients are the slopes of its forward pass") {
  for (const LayerSize& size : {LayerSize{1, 1, 1}, LayerSize{2, 3, 4}, LayerSize{5, 33, 7}}) {
    INFO(size.text());
    constexpr int kPieces = 3;
    HostTensors host(5);
    auto forward = maxout_forward_case(host, size, kPieces);
    const auto input = host.uniform(size.batch, size.in, -1, 1);
    const auto weight = host.uniform(size.out * kPieces, size.in, -1, 1);
    const auto bias = host.uniform(size.out * kPieces, -1, 1);
    forward.input = input, forward.weight = weight, forward.bias = bias;
    const auto cotangent = host.uniform(size.batch, size.out, -1, 1);
    const auto loss = [&] {
      linear_maxout_forward_reference(forward);
      return weighted_sum(cotangent, forward.output);
    };
    loss();
    LinearMaxoutBackward<double> backward{};
    backward.pieces = kPieces;
    backward.input = input, backward.weight = weight, backward.winner = forward.winner, backward.d_output = cotangent;
    add_linear_gradients(backward, host, {size.batch, size.in, size.out * kPieces}, {});
    linear_maxout_backward_reference(backward);
    CHECK(check_gradient("input", input, backward.d_input, loss) == "");
    CHECK(check_gradient("weight", weight, backward.d_weight, loss) == "");
    CHECK(check_gradient("bias", bias, backward.d_bias, loss) == "");
  }
}

TEST_CASE("maxout: wrong arguments are refused by name") {
  auto forward = forward_scalars(2);
  forward.input = shape<const float>(4, 3), forward.weight = shape<const float>(10, 3);
  forward.bias = shape<const float>(10), forward.linear = shape<float>(4, 10), forward.output = shape<float>(4, 5);
  forward.winner = shape<std::uint8_t>(4, 5);
  CHECK(check_shapes(linear_maxout_forward_op(), forward, {.defining = {"input", "weight"}}) == "");

  auto backward = backward_scalars(2);
  backward.input = shape<const float>(4, 3), backward.weight = shape<const float>(10, 3);
  backward.winner = shape<const std::uint8_t>(4, 5), backward.d_output = shape<const float>(4, 5);
  backward.d_linear = shape<float>(4, 10), backward.d_input = shape<float>(4, 3);
  backward.d_weight = shape<float>(10, 3), backward.d_bias = shape<float>(10);
  CHECK(check_shapes(linear_maxout_backward_op(), backward,
                     {.defining = {"input", "weight"}, .optional = {"d_input"}}) == "");
  for (const int pieces : {0, -1, kMostPieces + 1, 3}) {
    forward.pieces = backward.pieces = pieces;
    CHECK(check_refusal(linear_maxout_forward_op(), forward, std::to_string(pieces)) == "");
    CHECK(check_refusal(linear_maxout_backward_op(), backward, std::to_string(pieces)) == "");
  }
}

}  // namespace
}  // namespace duel::test
