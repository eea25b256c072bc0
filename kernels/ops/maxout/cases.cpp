#include "kernels/ops/maxout/cases.h"

#include <string>

#include "kernels/ops/dropout/cases.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Forward = MaxoutForward<float>;
using Backward = MaxoutBackward<float>;
using Tangent = MaxoutTangent<float>;

struct Settings {
  int units, samples, pieces;
  float keep = 1;  ///< 1: no dropout
  bool with_head = false;

  std::string text() const {
    std::string name = std::to_string(units) + " x " + std::to_string(samples) + ", pieces " + std::to_string(pieces);
    if (keep < 1) name += ", dropout";
    return with_head ? name + ", under a head" : name;
  }
};

Forward forward_shapes(const Settings& s) {
  Forward a{};
  a.linear = shape<const float>(s.units * s.pieces, s.samples);
  a.pieces = s.pieces;
  if (s.keep < 1) a.mask = dropout_mask_shapes(s.keep, s.samples);
  a.output = shape<float>(s.units, s.samples);
  a.winner = shape<std::uint8_t>(s.units, s.samples);
  if (!s.with_head) return a;
  a.head_weight = shape<const float>(s.units);
  a.unit_gradient = shape<float>(s.units * s.pieces, s.samples);
  return a;
}

Backward backward_shapes(const Settings& s) {
  Backward a{};
  a.d_output = shape<const float>(s.units, s.samples);
  a.pieces = s.pieces;
  if (s.keep < 1) a.mask = dropout_mask_shapes(s.keep, s.samples);
  a.winner = shape<const std::uint8_t>(s.units, s.samples);
  a.d_linear = shape<float>(s.units * s.pieces, s.samples);
  return a;
}

// Of a third of the samples, as the points of a penalty are.
Tangent tangent_shapes(const Settings& s) {
  Tangent a{};
  a.linear = shape<const float>(s.units * s.pieces, s.samples);
  a.pieces = s.pieces;
  if (s.keep < 1) a.mask = dropout_mask_shapes(s.keep, s.samples);
  a.winner = shape<const std::uint8_t>(s.units, s.samples);
  a.first_column = 2 * s.samples / 3;
  a.output = shape<float>(s.units, s.samples);
  return a;
}

// Any piece may have won.
Matrix<const std::uint8_t> any_winner(HostTensors& host, int units, int samples, int pieces) {
  const Matrix<std::uint8_t> winner = host.bytes(units, samples);
  for (std::size_t i = 0; i < winner.size(); ++i) winner.data[i] %= static_cast<unsigned>(pieces);
  return winner;
}

// Whole numbers, so that equal pieces are common.
MaxoutForward<double> make_forward(HostTensors& host, const Forward& shapes) {
  const int units = shapes.output.rows, samples = shapes.output.columns;
  MaxoutForward<double> a{};
  a.linear = host.integers(units * shapes.pieces, samples, -4, 4);
  a.pieces = shapes.pieces;
  if (shapes.mask.clock) a.mask = dropout_mask_case(host, shapes.mask);
  a.output = host.matrix(units, samples);
  a.winner = host.bytes(units, samples);
  if (!shapes.head_weight) return a;
  a.head_weight = host.uniform(units, -1, 1);
  a.unit_gradient = host.matrix(units * shapes.pieces, samples);
  return a;
}

MaxoutBackward<double> make_backward(HostTensors& host, const Backward& shapes) {
  const int units = shapes.d_output.rows, samples = shapes.d_output.columns;
  MaxoutBackward<double> a{};
  a.d_output = host.uniform(units, samples, -1, 1);
  a.pieces = shapes.pieces;
  if (shapes.mask.clock) a.mask = dropout_mask_case(host, shapes.mask);
  a.winner = any_winner(host, units, samples, shapes.pieces);
  a.d_linear = host.matrix(units * shapes.pieces, samples);
  return a;
}

MaxoutTangent<double> make_tangent(HostTensors& host, const Tangent& shapes) {
  const int units = shapes.output.rows, samples = shapes.output.columns;
  MaxoutTangent<double> a{};
  a.linear = host.uniform(units * shapes.pieces, samples, -1, 1);
  a.pieces = shapes.pieces;
  if (shapes.mask.clock) a.mask = dropout_mask_case(host, shapes.mask);
  a.winner = any_winner(host, units, samples, shapes.pieces);
  a.first_column = shapes.first_column;
  a.output = host.uniform(units, samples, -1, 1);
  return a;
}

// 1 / keep and the product are rounded; without dropout, and where nothing stays, all is exact.
Bounds forward_bounds(const MaxoutForward<double>&, const MaxoutForward<double>& after) {
  Bounds bounds;
  if (!after.mask.clock) return bounds;
  bounds.set("output", scaled_magnitude(3 * kRounding, after.output));
  bounds.set("unit_gradient", scaled_magnitude(3 * kRounding, after.unit_gradient));
  return bounds;
}
Bounds backward_bounds(const MaxoutBackward<double>&, const MaxoutBackward<double>& after) {
  Bounds bounds;
  if (after.mask.clock) bounds.set("d_linear", scaled_magnitude(3 * kRounding, after.d_linear));
  return bounds;
}

Bounds tangent_bounds(const MaxoutTangent<double>&, const MaxoutTangent<double>& after) {
  Bounds bounds;
  if (after.mask.clock) bounds.set("output", scaled_magnitude(3 * kRounding, after.output));
  return bounds;
}

template <class Arguments>
std::vector<Case<Arguments>> cases_of(Arguments (*arguments)(const Settings&), bool has_heads) {
  std::vector<Case<Arguments>> result;
  const auto add = [&](const Settings& s, bool of_training = false, int misalignment = 0) {
    std::string name = s.text();
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, arguments(s), misalignment, of_training});
  };
  add({240, 200, 5, 0.5f}, true);
  if (has_heads) add({240, 200, 5, 0.5f, true}, true);
  for (const LayerSize& size : edge_layers()) {
    add({size.out, size.batch, 3, size.batch % 2 == 0 ? 1.f : 0.5f, has_heads});
  }
  for (const int units : {3, 4, 5}) add({units, 65, 2, 0.3f, has_heads});
  for (const int pieces : {1, 2, 4, 7, 31, 33, 64, 255, kMostPieces}) add({3, 33, pieces, 0.8f});
  for (const int misalignment : {1, 2, 3}) add({33, 65, 5, 0.5f, has_heads}, false, misalignment);
  return result;
}

const std::vector<Axis> kAxes = {{"units", 240}, {"samples", 200}, {"pieces", 5}};

}  // namespace

OpCases<MaxoutForward<double>, Forward> maxout_forward_cases() {
  return {maxout_forward_op(),
          maxout_forward_reference,
          make_forward,
          forward_bounds,
          [] { return cases_of<Forward>(forward_shapes, true); },
          nullptr,
          {kAxes, [](const std::vector<int>& n) {
             return forward_shapes({n[0], n[1], n[2], 0.5f});
           }}};
}

OpCases<MaxoutBackward<double>, Backward> maxout_backward_cases() {
  return {maxout_backward_op(),
          maxout_backward_reference,
          make_backward,
          backward_bounds,
          [] { return cases_of<Backward>(backward_shapes, false); },
          nullptr,
          {kAxes, [](const std::vector<int>& n) {
             return backward_shapes({n[0], n[1], n[2], 0.5f});
           }}};
}

OpCases<MaxoutTangent<double>, Tangent> maxout_tangent_cases() {
  return {maxout_tangent_op(),
          maxout_tangent_reference,
          make_tangent,
          tangent_bounds,
          [] { return cases_of<Tangent>(tangent_shapes, false); },
          nullptr,
          {kAxes, [](const std::vector<int>& n) {
             return tangent_shapes({n[0], n[1], n[2], 0.5f});
           }}};
}

}  // namespace duel::verify
