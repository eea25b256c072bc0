// What a network reads of a batch, one sample per column.
#pragma once

#include <cstdint>

#include "kernels/runtime/view.h"

namespace duel {

/// Images or latents and, under a sample's values, its class, one-hot.
struct NetworkInput {
  Matrix<float> all;  ///< [values + classes, batch]
  int classes = 0;

  /// From an Arena or an ArenaPlan.
  template <class Source>
  static NetworkInput take(Source& source, int values, int classes, int batch) {
    return {source.template take<float>(values + classes, batch), classes};
  }

  Matrix<float> values() const { return all.row_range(0, all.rows - classes); }
  /// Absent where there are none.
  Matrix<float> class_rows() const {
    return classes > 0 ? all.row_range(all.rows - classes, classes) : Matrix<float>{};
  }
  /// The same memory for a batch of at most as many samples.
  NetworkInput for_batch(int batch) const { return {{all.data, all.rows, batch}, classes}; }
};

}  // namespace duel
