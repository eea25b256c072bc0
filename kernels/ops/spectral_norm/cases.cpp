#include "kernels/ops/spectral_norm/cases.h"

#include <string>
#include <utility>

#include "kernels/convolution/bounds.h"

namespace duel::verify {
namespace {

using Norm = SpectralNorm<float>;
using Gradient = SpectralNormGradient<float>;
using Shape = std::pair<int, int>;  // rows, columns

struct Network {
  SpectralWeights weights;
  int parameters = 0, vectors = 0;
  std::string text;
};

// Weights one after another, each with a bias after it. `alignment`: values between two tensors' begins.
Network network_of(const std::vector<Shape>& shapes, int alignment = 1) {
  Network network;
  const auto place = [alignment](int& end, int size) {
    const int begin = end;
    end = (end + size + alignment - 1) / alignment * alignment;
    return begin;
  };
  for (const auto& [rows, columns] : shapes) {
    const int weight = place(network.parameters, rows * columns);
    place(network.parameters, rows);
    const int u = place(network.vectors, rows), v = place(network.vectors, columns);
    network.weights.list[network.weights.count++] = {
        .rows = rows, .columns = columns, .weight = weight, .u = u, .v = v};
    network.text += (network.text.empty() ? "" : ", ") + std::to_string(rows) + " x " + std::to_string(columns);
  }
  return network;
}

Norm norm_shapes(const Network& network, bool iterates = true) {
  return {.weights = network.weights,
          .iterates = iterates,
          .parameters = shape<const float>(network.parameters),
          .vectors = shape<float>(network.vectors),
          .sigma = shape<float>(network.weights.count),
          .normalized = shape<float>(network.parameters),
          .workspace = shape<float>(network.vectors)};
}

Gradient gradient_shapes(const Network& network) {
  return {.weights = network.weights,
          .normalized = shape<const float>(network.parameters),
          .vectors = shape<const float>(network.vectors),
          .sigma = shape<const float>(network.weights.count),
          .gradient = shape<float>(network.parameters),
          .workspace = shape<float>(network.weights.parts())};
}

// Directions as training has them: v any, u that of W v, so that sigma is far from 0. As floats.
void set_vectors(const SpectralWeights& weights, const double* parameters, double* vectors) {
  const auto normalize = [](double* values, int count) {
    double squares = 0;
    for (int i = 0; i < count; ++i) squares += values[i] * values[i];
    for (int i = 0; i < count; ++i) values[i] = static_cast<float>(values[i] / std::sqrt(squares));
  };
  for (const SpectralWeight& weight : weights) {
    double *const u = vectors + weight.u, *const v = vectors + weight.v;
    normalize(v, weight.columns);
    for (int r = 0; r < weight.rows; ++r) {
      u[r] = 0;
      for (int c = 0; c < weight.columns; ++c) u[r] += parameters[weight.row(r) + c] * v[c];
    }
    normalize(u, weight.rows);
  }
}

SpectralNorm<double> make_norm(HostTensors& host, const Norm& shapes) {
  const Vector<double> parameters = host.uniform(shapes.parameters.rows, -1, 1);
  for (const SpectralWeight& weight : shapes.weights) {
    const double limit = 1 / std::sqrt(static_cast<double>(weight.columns));
    for (std::size_t k = weight.row(0); k < weight.row(weight.rows); ++k) {
      parameters.data[k] = static_cast<float>(parameters.data[k] * limit);
    }
  }
  SpectralNorm<double> a{.weights = shapes.weights,
                         .iterates = shapes.iterates,
                         .parameters = parameters,
                         .vectors = host.uniform(shapes.vectors.rows, -1, 1),
                         .sigma = host.vector(shapes.sigma.rows),
                         .normalized = host.uniform(shapes.normalized.rows, -1, 1),
                         .workspace = workspace_case(host, shapes.workspace)};
  set_vectors(a.weights, a.parameters.data, a.vectors.data);
  return a;
}

SpectralNormGradient<double> make_gradient(HostTensors& host, const Gradient& shapes) {
  const Vector<double> normalized = host.uniform(shapes.normalized.rows, -0.1, 0.1);
  const Vector<double> vectors = host.uniform(shapes.vectors.rows, -1, 1);
  set_vectors(shapes.weights, normalized.data, vectors.data);
  return {.weights = shapes.weights,
          .normalized = normalized,
          .vectors = vectors,
          .sigma = host.uniform(shapes.sigma.rows, 0.5, 2),
          .gradient = host.uniform(shapes.gradient.rows, -1, 1),
          .workspace = workspace_case(host, shapes.workspace)};
}

// How far a weight's results may be off.
struct NormErrors {
  std::vector<double> u, v;
  double sigma;
};

// Errors of different rows and columns are independent of each other, but for those of the lengths.
NormErrors errors_of(const SpectralNorm<double>& before, const SpectralNorm<double>& a, int index) {
  const SpectralWeight& weight = a.weights.list[index];
  const int rows = weight.rows, columns = weight.columns;
  const auto at = [&](int r, int c) { return a.parameters.data[weight.row(r) + c]; };
  const double *const old_v = before.vectors.data + weight.v, *const u = a.vectors.data + weight.u,
                      *const v = a.vectors.data + weight.v;
  std::vector<double> product_error(rows);  // of s = W v
  double squares = 0, product_of_errors = 0, magnitude_of_products = 0;
  for (int r = 0; r < rows; ++r) {
    double product = 0, magnitude = 0;
    for (int c = 0; c < columns; ++c) {
      product += at(r, c) * old_v[c];
      magnitude += std::abs(at(r, c) * old_v[c]);
    }
    product_error[r] = sum_error(columns) * magnitude;
    squares += product * product;
    product_of_errors += std::pow(u[r] * product_error[r], 2);
    magnitude_of_products += std::abs(u[r] * product);
  }
  if (!a.iterates) {  // sigma = u . s
    return {{}, {}, std::sqrt(product_of_errors) + sum_error(rows) * magnitude_of_products};
  }
  const double length = std::sqrt(squares), of_length = std::sqrt(product_of_errors) / length + sum_error(rows);
  NormErrors errors{std::vector<double>(rows), std::vector<double>(columns), 0};
  std::vector<double> alone(rows);  // errors of u but for that of the length
  double of_alone = 0;              // what they make of sigma = u . (W v)
  for (int r = 0; r < rows; ++r) {
    alone[r] = product_error[r] / length + 4 * kRounding * std::abs(u[r]);
    errors.u[r] = alone[r] + of_length * std::abs(u[r]);
    double product = 0;
    for (int c = 0; c < columns; ++c) product += at(r, c) * v[c];
    of_alone += std::pow(product * alone[r], 2);
  }
  const double sigma = a.sigma.data[index];
  double of_sums = 0;
  for (int c = 0; c < columns; ++c) {  // t = Wᵀ u
    double magnitude = 0, of_u = 0;
    for (int r = 0; r < rows; ++r) {
      magnitude += std::abs(at(r, c) * u[r]);
      of_u += std::pow(at(r, c) * alone[r], 2);
    }
    const double of_sum = sum_error(rows) * magnitude;
    errors.v[c] = (std::sqrt(of_u) + of_sum + of_length * std::abs(v[c]) * sigma) / sigma;
    of_sums += std::pow(v[c] * of_sum, 2);
  }
  errors.sigma = std::sqrt(of_alone) + std::sqrt(of_sums) + (of_length + sum_error(columns)) * sigma;
  for (int c = 0; c < columns; ++c) errors.v[c] += (errors.sigma / sigma + 4 * kRounding) * std::abs(v[c]);
  return errors;
}

Bounds norm_bounds(const SpectralNorm<double>& before, const SpectralNorm<double>& a) {
  std::vector<double> vectors(a.vectors.size()), sigma(a.sigma.size()), normalized(a.normalized.size());
  for (int i = 0; i < a.weights.count; ++i) {
    const SpectralWeight& weight = a.weights.list[i];
    const NormErrors errors = errors_of(before, a, i);
    std::ranges::copy(errors.u, vectors.begin() + weight.u);
    std::ranges::copy(errors.v, vectors.begin() + weight.v);
    sigma[static_cast<std::size_t>(i)] = errors.sigma;
    const double relative = errors.sigma / std::abs(a.sigma.data[i]) + 4 * kRounding;
    for (std::size_t k = weight.row(0); k < weight.row(weight.rows); ++k) {
      normalized[k] = relative * std::abs(a.normalized.data[k]);
    }
  }
  Bounds bounds;
  if (a.iterates) bounds.set("vectors", std::move(vectors));
  bounds.set("sigma", std::move(sigma));
  bounds.set("normalized", std::move(normalized));
  set_workspace_bounds(bounds, a.workspace);
  return bounds;
}

Bounds gradient_bounds(const SpectralNormGradient<double>& before, const SpectralNormGradient<double>& a) {
  std::vector<double> gradient(a.gradient.size());
  for (int i = 0; i < a.weights.count; ++i) {
    const SpectralWeight& weight = a.weights.list[i];
    double inner = 0, magnitude = 0;
    for (std::size_t k = weight.row(0); k < weight.row(weight.rows); ++k) {
      inner += before.gradient.data[k] * a.normalized.data[k];
      magnitude += std::abs(before.gradient.data[k] * a.normalized.data[k]);
    }
    const double of_inner = sum_error(static_cast<int>(weight.size())) * magnitude;
    for (int r = 0; r < weight.rows; ++r) {
      for (int c = 0; c < weight.columns; ++c) {
        const std::size_t k = weight.row(r) + static_cast<std::size_t>(c);
        const double uv = std::abs(a.vectors.data[weight.u + r] * a.vectors.data[weight.v + c]);
        const double terms = std::abs(before.gradient.data[k]) + std::abs(inner) * uv;
        gradient[k] = (of_inner * uv + 6 * kRounding * terms) / a.sigma.data[i];
      }
    }
  }
  Bounds bounds;
  bounds.set("gradient", std::move(gradient));
  set_workspace_bounds(bounds, a.workspace);
  return bounds;
}

// Of the published discriminators: the script's, and that of convolutions.
const std::vector<std::vector<Shape>> kTrained = {{{512, 784}, {256, 512}, {1, 256}},
                                                  {{16, 9}, {32, 144}, {64, 288}, {128, 576}, {1, 512}}};

// Around a block's rows, a warp's lanes, a block's columns; one value; a head; as many weights as there may be.
std::vector<std::vector<Shape>> edges() {
  std::vector<std::vector<Shape>> edges = {
      {{1, 1}},   {{1, 300}}, {{300, 1}},          {{5000, 1}, {3, 2}},
      {{600, 9}}, {{9, 600}}, {{2, 5000}, {1, 2}}, {{7, 513}, {8, 512}, {9, 511}, {17, 600}},
  };
  for (const int columns : {31, 32, 33, 63, 64, 65, 127, 128, 129}) edges.push_back({{40, columns}, {1, 40}});
  edges.emplace_back();
  for (int i = 0; i < SpectralWeights::kMost; ++i) edges.back().emplace_back(3 + i, 20 - i);
  return edges;
}

std::vector<Case<Norm>> norm_cases() {
  std::vector<Case<Norm>> result;
  const auto add = [&](const Network& network, const std::string& note, bool iterates, int misalignment = 0,
                       bool of_training = false) {
    result.push_back({network.text + note, norm_shapes(network, iterates), misalignment, of_training});
  };
  for (const auto& shapes : kTrained) {
    add(network_of(shapes, 16), "", true, 0, true);
    add(network_of(shapes, 16), ", to judge", false);
  }
  for (const auto& shapes : edges()) add(network_of(shapes), "", true);
  for (const auto& shapes : {edges().front(), edges().back()}) add(network_of(shapes), ", to judge", false);
  for (const int misalignment : {1, 2, 3}) {
    const std::string note = ", " + std::to_string(misalignment) + " elements off";
    add(network_of({{20, 100}, {1, 20}}, 16), note, true, misalignment);
    add(network_of({{20, 100}, {1, 20}}, 16), note + ", to judge", false, misalignment);
  }
  return result;
}

std::vector<Case<Gradient>> gradient_cases() {
  std::vector<Case<Gradient>> result;
  for (const auto& shapes : kTrained) {
    const Network network = network_of(shapes, 16);
    result.push_back({network.text, gradient_shapes(network), 0, true});
  }
  for (const auto& shapes : edges()) {
    const Network network = network_of(shapes);
    result.push_back({network.text, gradient_shapes(network)});
  }
  for (const int misalignment : {1, 2, 3}) {
    const Network network = network_of({{20, 100}, {1, 20}}, 16);
    const std::string note = ", " + std::to_string(misalignment) + " elements off";
    result.push_back({network.text + note, gradient_shapes(network), misalignment});
  }
  return result;
}

const std::vector<Axis> kAxes = {{"rows", 512}, {"columns", 784}};

}  // namespace

OpCases<SpectralNorm<double>, Norm> spectral_norm_cases() {
  return {spectral_norm_op(),
          spectral_norm_reference,
          make_norm,
          norm_bounds,
          norm_cases,
          nullptr,
          {kAxes, [](const std::vector<int>& n) {
             return norm_shapes(network_of({{n[0], n[1]}}));
           }}};
}

OpCases<SpectralNormGradient<double>, Gradient> spectral_norm_gradient_cases() {
  return {spectral_norm_gradient_op(),
          spectral_norm_gradient_reference,
          make_gradient,
          gradient_bounds,
          gradient_cases,
          nullptr,
          {kAxes, [](const std::vector<int>& n) {
             return gradient_shapes(network_of({{n[0], n[1]}}));
           }}};
}

}  // namespace duel::verify
