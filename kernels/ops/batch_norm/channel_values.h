// Where the values of a channel lie, an image per column and a channel's pixels in neighbouring rows; and how blocks
// share them out. Columns may hold two batches side by side.
#pragma once

#include <cstddef>

#include "kernels/runtime/view.h"

namespace duel {

/// The values of a channel in some samples: runs of neighbouring ones.
struct ChannelValues {
  std::size_t begin;  ///< of the first one in a matrix
  int runs, length;   ///< and of each run
  int stride;         ///< from one run's begin to the next one's

  DUEL_HOST_DEVICE ChannelValues(int channel, int pixels, int columns, int first_column, int samples)
      : begin(static_cast<std::size_t>(channel) * pixels * columns + first_column),
        runs(samples == columns ? 1 : pixels),
        length(samples == columns ? pixels * columns : samples),
        stride(columns) {}

  DUEL_HOST_DEVICE int count() const { return runs * length; }
  /// Of `width` neighbouring values, or those that are left of a run.
  DUEL_HOST_DEVICE int pieces_of_run(int width) const { return (length + width - 1) / width; }
  DUEL_HOST_DEVICE int pieces(int width) const { return runs * pieces_of_run(width); }
  /// Values in front of a piece.
  DUEL_HOST_DEVICE int before(int piece, int width) const {
    const int of_run = pieces_of_run(width), place = piece % of_run * width;
    return piece / of_run * length + place;
  }
};

/// Of a batch, 0 or 1, of an op's arguments.
template <class Arguments>
DUEL_HOST_DEVICE ChannelValues values_of(const Arguments& a, int channel, int batch) {
  const int first = batch * a.split, end = a.split > 0 && batch == 0 ? a.split : a.samples();
  return {channel, a.pixels, a.samples(), first, end - first};
}

/// A channel's values of each batch in as many parts, one for a block. How many follows from the shapes alone, and so
/// do the bits.
struct ChannelParts {
  static constexpr int kWidth = 4;  ///< values of a piece
  int parts;

  template <class Arguments>
  DUEL_HOST_DEVICE explicit ChannelParts(const Arguments& a) {
    constexpr int kEnoughPieces = 2048, kMostParts = 64;
    int pieces = 0;
    for (int batch = 0; batch < a.batches(); ++batch) {
      const int of_batch = values_of(a, 0, batch).pieces(kWidth);
      if (of_batch > pieces) pieces = of_batch;
    }
    const int wanted = (pieces + kEnoughPieces - 1) / kEnoughPieces;
    parts = wanted < kMostParts ? wanted : kMostParts;
  }

  /// The pieces of a part: from first to before end.
  struct Range {
    int first, end;
  };
  DUEL_HOST_DEVICE Range range(const ChannelValues& values, int part) const {
    const int pieces = values.pieces(kWidth), of_part = (pieces + parts - 1) / parts, first = part * of_part;
    return {first < pieces ? first : pieces, first + of_part < pieces ? first + of_part : pieces};
  }
};

}  // namespace duel
