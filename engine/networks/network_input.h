// What a network reads of a batch, one sample per column.
#pragma once

#include <cstdint>

#include "kernels/runtime/view.h"

namespace duel {

/// Images or latents and, under a sample's values, its class, one-hot; of convolutions in planes (ClassRows).
struct NetworkInput {
  Matrix<float> all;  ///< [values + class_values, batch]
  int class_values = 0;

  /// From an Arena or an ArenaPlan.
  template <class Source>
  static NetworkInput take(Source& source, int values, int class_values, int batch) {
    return {source.template take<float>(values + class_values, batch), class_values};
  }

  Matrix<float> values() const { return all.row_range(0, all.rows - class_values); }
  /// Absent where there are none.
  Matrix<float> class_rows() const {
    return class_values > 0 ? all.row_range(all.rows - class_values, class_values) : Matrix<float>{};
  }
  /// The same memory for a batch of at most as many samples.
  NetworkInput for_batch(int batch) const { return {{all.data, all.rows, batch}, class_values}; }
};

}  // namespace duel
