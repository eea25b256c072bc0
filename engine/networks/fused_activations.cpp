#include "engine/networks/fused_activations.h"

namespace duel {
namespace {

// A smaller batch lies at the beginning of the same memory.
template <class T>
void resize(Matrix<T>& matrix, int columns) {
  if (matrix) matrix.columns = columns;
}
void resize(Vector<float>& vector, int size) {
  vector.rows = size;
}

}  // namespace

FusedActivations FusedActivations::for_batch(int real, int generated) const {
  FusedActivations memory = *this;
  for (Generator& hidden : memory.generator) {
    for (auto* matrix : {&hidden.output, &hidden.normalized, &hidden.d_linear}) resize(*matrix, generated);
  }
  for (Discriminator& hidden : memory.discriminator) {
    for (auto* matrix : {&hidden.output, &hidden.unit_gradient, &hidden.d_linear, &hidden.d_output}) {
      resize(*matrix, real + generated);
    }
    resize(hidden.winner, real + generated);
  }
  resize(memory.latents, generated);
  for (auto* matrix : {&memory.images, &memory.kept_images}) resize(*matrix, real + generated);
  resize(memory.d_images, generated);
  for (auto* vector : {&memory.judgement, &memory.discriminator_terms, &memory.d_discriminator}) {
    resize(*vector, real + generated);
  }
  for (auto* vector : {&memory.generator_terms, &memory.d_generator}) resize(*vector, generated);
  return memory;
}

}  // namespace duel
