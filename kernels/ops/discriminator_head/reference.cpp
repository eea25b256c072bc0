#include "kernels/reference.h"
#include "kernels/ops/discriminator_head/discriminator_head.h"

namespace duel {

void discriminator_head_reference(const DiscriminatorHead<double>& a) {
  for (int c = 0; c < a.columns(); ++c) {
    double score = a.bias.data[0];
    for (int f = 0; f < a.input.rows; ++f) score += a.weight.data[f] * at(a.input, f, c);
    if (a.score) a.score.data[c] = score;
    with_loss(a.losses.kind, [&](auto loss) {
      const double judgement = a.judgement.data[c] = loss.judgement(score);
      if (a.d_discriminator) {
        const LossTerm<double> term = a.losses.discriminator(loss, score, judgement, c < a.real_columns);
        a.discriminator_terms.data[c] = term.value;
        a.d_discriminator.data[c] = term.gradient;
      }
      const int g = c - a.real_columns;
      if (a.d_generator && g >= 0) {
        const LossTerm<double> term = a.losses.generator(loss, score, judgement);
        a.generator_terms.data[g] = term.value;
        a.d_generator.data[g] = term.gradient;
      }
    });
  }
}

}  // namespace duel
