// What the gradient penalties of kernels/penalties/penalties.h have in common. A penalty adds to D's loss its weight
// times the mean, over the samples of a batch, of a function of |g|: g is the gradient of D's score with respect to the
// image, at a point of the image space. A penalty is a struct of two functions:
//
//   point(real, generated, share)   where a sample is penalised, of a real image, a generated one and a random share in
//                                   (0, 1): values of a pixel, or rows of them
//   of(square)                      what follows from |g|²
//
// kName is its name everywhere, kText what people read. Kernels call them with floats, references with doubles.
#pragma once

#include <cmath>

#include "kernels/runtime/view.h"

namespace duel {

/// A sample's penalty, and what g is to be multiplied by to be the penalty's derivative with respect to g.
template <class T>
struct PenaltyTerm {
  T value, factor;
};

/// How a penalty is explained.
struct PenaltyText {
  const char* symbol;  ///< of the weight, "LAMBDA"
  const char* help;    ///< "weight of ..."
};

}  // namespace duel
