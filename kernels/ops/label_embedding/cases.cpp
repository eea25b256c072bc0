#include "kernels/ops/label_embedding/cases.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "kernels/convolution/bounds.h"
#include "kernels/reference.h"

namespace duel::verify {
namespace {

using Embedding = LabelEmbedding<float>;
using Gradient = LabelEmbeddingGradient<float>;

struct Size {
  int rows, others, classes, taps = 1;  // others: columns that are of no class
};

std::string text_of(const Size& size) {
  return std::to_string(size.rows) + " rows, " + std::to_string(size.classes) + " classes behind " +
         std::to_string(size.others) + " columns" +
         (size.taps > 1 ? ", " + std::to_string(size.taps) + " taps" : std::string());
}

Embedding embedding_shapes(const Size& size) {
  const int columns = size.others + size.classes * size.taps;
  return {.embedding = shape<const float>(size.classes, size.classes),
          .weight = shape<const float>(size.rows, columns),
          .taps = size.taps,
          .embedded = shape<float>(size.rows, columns)};
}

Gradient gradient_shapes(const Size& size) {
  const Embedding forward = embedding_shapes(size);
  return {.embedding = forward.embedding,
          .weight = forward.weight,
          .taps = size.taps,
          .weight_gradient = forward.embedded,
          .embedding_gradient = shape<float>(size.classes, size.classes),
          .workspace = shape<float>(static_cast<int>(label_embedding_workspace(size.rows, size.classes, size.taps)))};
}

// As at the begin of a training, about: vectors of about length 1 in each value, weights of a linear layer.
Matrix<double> weight_case(HostTensors& host, const Matrix<const float>& weight) {
  const double limit = 1 / std::sqrt(static_cast<double>(weight.columns));
  return host.uniform(weight.rows, weight.columns, -limit, limit);
}

LabelEmbedding<double> make_embedding(HostTensors& host, const Embedding& shapes) {
  return {.embedding = host.uniform(shapes.embedding.rows, shapes.embedding.columns, -2, 2),
          .weight = weight_case(host, shapes.weight),
          .taps = shapes.taps,
          .embedded = host.matrix(shapes.weight.rows, shapes.weight.columns)};
}

LabelEmbeddingGradient<double> make_gradient(HostTensors& host, const Gradient& shapes) {
  return {.embedding = host.uniform(shapes.embedding.rows, shapes.embedding.columns, -2, 2),
          .weight = weight_case(host, shapes.weight),
          .taps = shapes.taps,
          .weight_gradient = host.uniform(shapes.weight.rows, shapes.weight.columns, -1, 1),
          .embedding_gradient = host.matrix(shapes.embedding.rows, shapes.embedding.columns),
          .workspace = workspace_case(host, shapes.workspace)};
}

/// The same sums, of the absolute values of what they are made of.
LabelEmbedding<double> absolute(HostTensors& host, const LabelEmbedding<double>& a) {
  const auto sizes = [&](const Matrix<const double>& matrix) {
    const Matrix<double> result = host.matrix(matrix.rows, matrix.columns);
    for (std::size_t i = 0; i < matrix.size(); ++i) result.data[i] = std::abs(matrix.data[i]);
    return result;
  };
  return {sizes(a.embedding), sizes(a.weight), a.taps, host.matrix(a.weight.rows, a.weight.columns)};
}

std::vector<double> scaled(const Matrix<double>& values, double factor) {
  std::vector<double> result(values.data, values.data + values.size());
  for (double& value : result) value *= factor;
  return result;
}

// Columns that are of no class are copies, exact; the bounds of all others are above 0.
void forget_others(std::vector<double>& bounds, const auto& a) {
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (static_cast<int>(i % static_cast<std::size_t>(a.weight.columns)) < a.first()) bounds[i] = 0;
  }
}

Bounds embedding_bounds(const LabelEmbedding<double>&, const LabelEmbedding<double>& a) {
  HostTensors host(0);
  const LabelEmbedding<double> magnitudes = absolute(host, a);
  label_embedding_reference(magnitudes);
  std::vector<double> embedded = scaled(magnitudes.embedded, sum_error(a.embedding.rows));
  forget_others(embedded, a);
  Bounds bounds;
  bounds.set("embedded", std::move(embedded));
  return bounds;
}

Bounds gradient_bounds(const LabelEmbeddingGradient<double>& before, const LabelEmbeddingGradient<double>& a) {
  HostTensors host(0);
  const auto forward = [&](const Matrix<const double>& weight) {
    return absolute(host, {.embedding = a.embedding, .weight = weight, .taps = a.taps});
  };
  const LabelEmbedding<double> of_weight = forward(a.weight), of_gradient = forward(before.weight_gradient);
  const Matrix<double> gradient{const_cast<double*>(of_gradient.weight.data), a.weight.rows, a.weight.columns};
  const LabelEmbeddingGradient<double> magnitudes{
      .embedding = of_weight.embedding,
      .weight = of_weight.weight,
      .taps = a.taps,
      .weight_gradient = gradient,
      .embedding_gradient = host.matrix(a.embedding.rows, a.embedding.rows)};
  label_embedding_gradient_reference(magnitudes);
  std::vector<double> weight_gradient = scaled(magnitudes.weight_gradient, sum_error(a.embedding.rows));
  forget_others(weight_gradient, a);
  Bounds bounds;
  bounds.set("weight_gradient", std::move(weight_gradient));
  bounds.set("embedding_gradient", scaled(magnitudes.embedding_gradient, sum_error(a.weight.rows * a.taps)));
  set_workspace_bounds(bounds, a.workspace);
  return bounds;
}

template <class Arguments>
std::vector<Case<Arguments>> cases_of(Arguments (*shapes)(const Size&)) {
  std::vector<Case<Arguments>> result;
  const auto add = [&](const Size& size, int misalignment = 0, bool of_training = false) {
    const std::string note = misalignment > 0 ? ", " + std::to_string(misalignment) + " elements off" : "";
    result.push_back({text_of(size) + note, shapes(size), misalignment, of_training});
  };
  // The script's generator and discriminator, and that of convolutions.
  for (const Size& size : {Size{128, 100, 10}, {512, 784, 10}, {16, 9, 10, 9}}) add(size, 0, true);
  // Around a block's rows and a warp's lanes; no other column; one of each.
  for (const int rows : {1, 7, 8, 9, 31, 33, 65}) add({rows, 5, 3});
  for (const int classes : {1, 2, 31, 32, 33, 64, 65, 256}) add({12, 33, classes});
  for (const int others : {0, 1, 63, 64, 65}) add({9, others, 4});
  for (const int taps : {2, 9, 16}) add({11, 2 * taps, 5, taps});
  add({40, 27, 34, 9});
  for (const int misalignment : {1, 2, 3}) add({20, 36, 7}, misalignment);
  return result;
}

template <class Arguments, Arguments (*shapes)(const Size&)>
Shapes<Arguments> any_shape() {
  return {{{"rows", 512}, {"others", 784}, {"classes", 10}}, [](const std::vector<int>& n) {
            return shapes({n[0], n[1], n[2]});
          }};
}

}  // namespace

OpCases<LabelEmbedding<double>, Embedding> label_embedding_cases() {
  return {label_embedding_op(),
          label_embedding_reference,
          make_embedding,
          embedding_bounds,
          [] { return cases_of(embedding_shapes); },
          nullptr,
          any_shape<Embedding, embedding_shapes>()};
}

OpCases<LabelEmbeddingGradient<double>, Gradient> label_embedding_gradient_cases() {
  return {label_embedding_gradient_op(),
          label_embedding_gradient_reference,
          make_gradient,
          gradient_bounds,
          [] { return cases_of(gradient_shapes); },
          nullptr,
          any_shape<Gradient, gradient_shapes>()};
}

}  // namespace duel::verify
