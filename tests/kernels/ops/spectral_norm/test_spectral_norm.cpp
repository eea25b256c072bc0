// Spectral normalization and its gradient: by hand, on the way to the largest singular value, against central
// differences; then every variant on every case.
#include <cmath>
#include <vector>

#include "kernels/ops/spectral_norm/cases.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/levels/level_ops.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// One weight after 3 other values, u and v after one each.
SpectralWeights one_weight(int rows, int columns) {
  return {.count = 1, .list = {{.rows = rows, .columns = columns, .weight = 3, .u = 1, .v = rows + 2}}};
}

template <class Visitor>
void for_each_spectral_op(Visitor&& visitor) {
  visitor(spectral_norm_cases());
  visitor(spectral_norm_gradient_cases());
}

TEST_CASE("spectral norm: every case that is no shape of training") {
  for_each_spectral_op([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (one.of_training) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.misalignment = one.misalignment}) == "");
    }
  });
}

TEST_CASE("spectral norm: every schedule on every number of threads") {
  for_each_spectral_op([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (one.of_training || one.misalignment > 0 || one.arguments.workspace.rows > 300) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.executions = HowMany::all}) == "");
    }
  });
}

TEST_CASE("spectral norm: numbers by hand, by every variant and by the reference") {
  // W = (3 1; 4 2) and v = (1, 0): W v = (3, 4), so that u = (0.6, 0.8); W^T u = (5, 2.2).
  const double sigma = std::sqrt(5 * 5 + 2.2 * 2.2), sigma_as_it_is = 0.6 * 3 + 0.8 * 4;
  const std::vector<double> parameters = {7, 7, 7, 3, 1, 4, 2, 7}, given = {9, 0.6, 0.8, 9, 1, 0};
  const auto check_values = [&](const auto& vectors, const auto& sigmas, const auto& normalized, bool iterates) {
    const double divisor = iterates ? sigma : sigma_as_it_is;
    CHECK(sigmas[0] == Approx(divisor));
    for (const std::size_t i : {3, 4, 5, 6}) CHECK(normalized[i] == Approx(parameters[i] / divisor));
    for (const std::size_t i : {0, 1, 2, 7}) CHECK(normalized[i] == -1);
    CHECK(vectors[1] == Approx(0.6));
    CHECK(vectors[2] == Approx(0.8));
    CHECK(vectors[4] == Approx(iterates ? 5 / sigma : 1));
    CHECK(vectors[5] == Approx(iterates ? 2.2 / sigma : 0));
    for (const std::size_t i : {0, 3}) CHECK(vectors[i] == 9);
  };
  for (const bool iterates : {true, false}) {
    CAPTURE(iterates);
    std::vector<double> w = parameters, vectors = given, sigmas(1), normalized(8, -1);
    spectral_norm_reference({.weights = one_weight(2, 2),
                             .iterates = iterates,
                             .parameters = {w.data(), 8},
                             .vectors = {vectors.data(), 6},
                             .sigma = {sigmas.data(), 1},
                             .normalized = {normalized.data(), 8}});
    check_values(vectors, sigmas, normalized, iterates);
    for (const auto& variant : spectral_norm_op().variants) {
      if (!variant.supports({}, Device::current())) continue;
      INFO(variant.name);
      const Stream stream;
      const auto buffer = [&](const std::vector<double>& values) {
        return DeviceBuffer<float>(std::vector<float>(values.begin(), values.end()), stream);
      };
      const auto device_w = buffer(parameters), device_vectors = buffer(given), device_sigma = buffer({0}),
                 device_normalized = buffer(std::vector<double>(8, -1)), workspace = buffer(given);
      variant.launch({.weights = one_weight(2, 2),
                      .iterates = iterates,
                      .parameters = device_w.vector(),
                      .vectors = device_vectors.vector(),
                      .sigma = device_sigma.vector(),
                      .normalized = device_normalized.vector(),
                      .workspace = workspace.vector()},
                     stream);
      check_values(device_vectors.download(stream), device_sigma.download(stream), device_normalized.download(stream),
                   iterates);
    }
  }
}

// A weight of the case's host tensors, in double precision.
struct Host {
  HostTensors tensors{3};
  SpectralNorm<double> norm;

  explicit Host(int rows, int columns) {
    SpectralNorm<float> shapes{.weights = one_weight(rows, columns)};
    const int parameters = 3 + rows * columns, vectors = 2 + rows + columns;
    shapes.parameters = shape<const float>(parameters), shapes.normalized = shape<float>(parameters);
    shapes.vectors = shapes.workspace = shape<float>(vectors);
    shapes.sigma = shape<float>(1);
    norm = spectral_norm_cases().make(tensors, shapes);
  }
};

TEST_CASE("spectral norm: many steps find the largest singular value and its vectors") {
  constexpr int kHeight = 5, kWidth = 7;
  Host host(kHeight, kWidth);
  for (int step = 0; step < 3000; ++step) spectral_norm_reference(host.norm);
  const SpectralNorm<double>& a = host.norm;
  const SpectralWeight& weight = a.weights.list[0];
  const auto w = [&](int r, int c) { return a.parameters.data[weight.row(r) + c]; };
  const double sigma = a.sigma.data[0], *const u = a.vectors.data + weight.u, *const v = a.vectors.data + weight.v;
  double largest = 0;  // of |W x| over many directions x
  for (int r = 0; r < kHeight; ++r) {
    double product = 0;
    for (int c = 0; c < kWidth; ++c) product += w(r, c) * v[c];
    CHECK(product == Approx(sigma * u[r]).margin(1e-9));
  }
  for (int c = 0; c < kWidth; ++c) {
    double product = 0;
    for (int r = 0; r < kHeight; ++r) product += w(r, c) * u[r];
    CHECK(product == Approx(sigma * v[c]).margin(1e-9));
  }
  for (int trial = 0; trial < 1000; ++trial) {
    const Vector<double> x = host.tensors.uniform(kWidth, -1, 1);
    double squares = 0, of_x = 0;
    for (int r = 0; r < kHeight; ++r) {
      double product = 0;
      for (int c = 0; c < kWidth; ++c) product += w(r, c) * x.data[c];
      squares += product * product;
    }
    for (int c = 0; c < kWidth; ++c) of_x += x.data[c] * x.data[c];
    largest = std::max(largest, std::sqrt(squares / of_x));
  }
  CHECK(largest <= sigma * (1 + 1e-12));
  CHECK(largest > 0.8 * sigma);
}

TEST_CASE("spectral norm: the gradient's reference is the slope of the forward reference, u and v held fixed") {
  Host host(4, 6);
  SpectralNorm<double>& a = host.norm;
  a.iterates = false;
  const Vector<double> upstream = host.tensors.uniform(a.parameters.rows, -1, 1);
  const Vector<double> w{const_cast<double*>(a.parameters.data), a.parameters.rows};
  const auto loss = [&] {
    spectral_norm_reference(a);
    double sum = 0;
    for (int i = 3; i < upstream.rows; ++i) sum += upstream.data[i] * a.normalized.data[i];
    return sum;
  };
  loss();
  std::vector<double> gradient(upstream.data, upstream.data + upstream.rows);
  spectral_norm_gradient_reference({.weights = a.weights,
                                    .normalized = a.normalized,
                                    .vectors = a.vectors,
                                    .sigma = a.sigma,
                                    .gradient = {gradient.data(), upstream.rows}});
  for (int i = 0; i < 3; ++i) CHECK(gradient[i] == upstream.data[i]);
  const int values = upstream.rows - 3;
  CHECK(check_gradient("parameters", w.row_range(3, values), Vector<double>{gradient.data() + 3, values}, loss) == "");
}

TEST_CASE("spectral norm: wrong arguments are refused by name") {
  SpectralNorm<float> a{.weights = one_weight(4, 5)};
  a.parameters = shape<const float>(23), a.normalized = shape<float>(23);
  a.vectors = a.workspace = shape<float>(11);
  a.sigma = shape<float>(1);
  CHECK(check_shapes(spectral_norm_op(), a,
                     {.defining = {"parameters", "vectors"}, .roomy = {"parameters", "vectors", "workspace"}}) == "");
  const auto refuses = [&](const char* named, auto change) {
    auto wrong = a;
    change(wrong);
    CHECK(check_refusal(spectral_norm_op(), wrong, named) == "");
  };
  refuses("1 to 17 weights, not 0", [](auto& one) { one.weights.count = 0; });
  refuses("1 to 17 weights, not 18", [](auto& one) { one.weights.count = 18; });
  refuses("rows and columns", [](auto& one) { one.weights.list[0].columns = 0; });
  refuses("among the 23 parameters", [](auto& one) { one.weights.list[0].weight = 4; });
  refuses("among the 23 parameters", [](auto& one) { one.weights.list[0].weight = -1; });
  refuses("u and v", [](auto& one) { one.weights.list[0].u = 8; });
  refuses("u and v", [](auto& one) { one.weights.list[0].v = 7; });
  SpectralNormGradient<float> d{.weights = a.weights};
  d.normalized = a.parameters, d.gradient = a.normalized;
  d.vectors = shape<const float>(11), d.sigma = shape<const float>(1), d.workspace = shape<float>(1);
  CHECK(check_shapes(spectral_norm_gradient_op(), d,
                     {.defining = {"normalized", "vectors"}, .roomy = {"vectors", "workspace"}}) == "");
  d.weights.count = 0;
  CHECK(check_refusal(spectral_norm_gradient_op(), d, "weights") == "");
}

}  // namespace
}  // namespace duel::test
