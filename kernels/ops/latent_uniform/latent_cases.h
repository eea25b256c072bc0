// Cases of ops that fill a matrix with latents: latent_uniform and latent_normal.
#pragma once

#include <string>
#include <vector>

#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// `a`: what its fields are beside the tensors.
template <class Double, class Float>
Double make_latents(HostTensors& host, const Float& shapes, Double a) {
  a.seed = shapes.seed;
  a.draw = shapes.draw;
  a.output = host.matrix(shapes.output.rows, shapes.output.columns);
  a.clock = host.vector<TrainingClock>({{(std::uint64_t{1} << 32) + 5, 7, 8}});  // an iteration of both halves
  return a;
}

/// `latents`: the same; a training's have `of_training` rows of 100.
template <class Latents>
std::vector<Case<Latents>> latent_cases(Latents latents, int of_training) {
  std::vector<Case<Latents>> result;
  const auto add = [&](int rows, int columns, int misalignment, bool is_of_training) {
    Latents a = latents;
    a.seed = 0x123456789abcdef0;
    a.draw = 3;
    a.output = shape<float>(rows, columns);
    a.clock = shape<const TrainingClock>(1);
    std::string name = std::to_string(rows) + " x " + std::to_string(columns);
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, a, misalignment, is_of_training});
  };
  add(of_training, 100, 0, true);
  for (const int rows : {1, 2, 33}) {
    for (const int columns : {1, 2, 3, 4, 5, 31, 32, 33, 129}) add(rows, columns, 0, false);
  }
  add(1025, 100, 0, false);
  for (const int misalignment : {1, 2, 3}) add(33, 100, misalignment, false);
  return result;
}

}  // namespace duel::verify
