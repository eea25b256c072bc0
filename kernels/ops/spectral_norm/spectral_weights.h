// Weights of a network as matrices, by where they and their singular vectors lie in the network's flat arrays, and how
// blocks share out their rows.
#pragma once

#include <cstddef>

#include "kernels/runtime/view.h"

namespace duel {

/// W [rows, columns], whose first value is parameter number `weight`; u [rows] and v [columns], its left and its right
/// singular vector, begin at those numbers of the vectors.
struct SpectralWeight {
  int rows, columns;
  int weight, u, v;

  /// The first value of a row.
  DUEL_HOST_DEVICE std::size_t row(int number) const {
    return static_cast<std::size_t>(weight) + static_cast<std::size_t>(number) * columns;
  }
  std::size_t size() const { return static_cast<std::size_t>(rows) * columns; }

  /// Rows that a block owns: enough to be worth it. Which they are follows from the shape alone, and so do the bits.
  DUEL_HOST_DEVICE int rows_of_part() const {
    constexpr int kEnoughValues = 4096, kLeastRows = 8;
    const int rows_of_enough = (kEnoughValues + columns - 1) / columns;
    return rows_of_enough > kLeastRows ? rows_of_enough : kLeastRows;
  }
  DUEL_HOST_DEVICE int parts() const { return (rows + rows_of_part() - 1) / rows_of_part(); }
};

struct SpectralWeights {
  static constexpr int kMost = 17;  ///< as many layers as a network may have
  int count = 0;
  SpectralWeight list[kMost] = {};

  const SpectralWeight* begin() const { return list; }
  const SpectralWeight* end() const { return list + count; }

  /// Blocks, where each weight has pieces_of(weight) of them.
  template <class PiecesOf>
  DUEL_HOST_DEVICE int pieces(PiecesOf pieces_of) const {
    int total = 0;
    for (int i = 0; i < count; ++i) total += pieces_of(list[i]);
    return total;
  }
  DUEL_HOST_DEVICE int parts() const {
    return pieces([](const SpectralWeight& weight) { return weight.parts(); });
  }
};

}  // namespace duel
