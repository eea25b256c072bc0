// What tells both networks of a conditional GAN the classes of a batch, one sample per column: one-hot rows, 1 in the
// row of a sample's class and 0 in the others, which stand below the pixels that D reads and below the latents that G
// reads. For convolutions a class is a plane of D's image, all of whose pixels are 1 or 0. Source: M. Mirza and S.
// Osindero, Conditional generative adversarial nets (2014); torch.nn.functional.one_hot.
#pragma once

#include <cstdint>

#include "kernels/op.h"

namespace duel {

template <class T>
struct ClassRows {
  Vector<const std::uint8_t> real_labels;       ///< [real], read; may be absent
  Vector<const std::uint8_t> generated_labels;  ///< [generated], read; may be absent
  /// [classes x pixels, columns], written: the real images, the generated ones, and the real ones again, as far as
  /// there are columns; absent: none.
  Matrix<T> discriminator;
  Matrix<T> generator;  ///< [classes, generated], written; absent: none
  int pixels = 1;       ///< rows of discriminator that are of the same class, one after another

  /// Of D's column.
  DUEL_HOST_DEVICE int label(int column) const {
    const int real = real_labels.rows, generated = generated_labels.rows;
    if (column >= real + generated) column -= real + generated;
    return column < real ? real_labels.data[column] : generated_labels.data[column - real];
  }
};

const Op<ClassRows<float>>& class_rows_op();

/// The same in double precision, on host memory.
void class_rows_reference(const ClassRows<double>& arguments);

template <class T, class Visitor>
void visit(ClassRows<T>& a, Visitor&& visitor) {
  visitor.reads("real_labels", a.real_labels);
  visitor.reads("generated_labels", a.generated_labels);
  visitor.writes("discriminator", a.discriminator);
  visitor.writes("generator", a.generator);
}

}  // namespace duel
