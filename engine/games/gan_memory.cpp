#include "engine/games/gan_memory.h"

namespace duel {

GanMemory GanMemory::for_batch(int real, int generated) const {
  const int judged = real + generated, all = judged + points(real);
  GanMemory memory = *this;
  memory.generator = duel::for_batch(memory.generator, generated);
  memory.generator.back().output.columns = all;
  memory.discriminator = duel::for_batch(memory.discriminator, all);
  for (Matrix<float>& matrix : memory.scaled) matrix.columns = all;
  memory.generator_input = generator_input.for_batch(generated);
  memory.discriminator_input = discriminator_input.for_batch(all);
  memory.images.columns = all;
  if (real_labels) {
    memory.real_labels.rows = real;
    memory.generated_labels.rows = generated;
  }
  memory.judgement.rows = memory.d_generator.rows = judged;
  for (auto* vector : {&memory.discriminator_terms, &memory.d_discriminator}) vector->rows = all;
  memory.generator_terms.rows = generated;
  return memory;
}

}  // namespace duel
