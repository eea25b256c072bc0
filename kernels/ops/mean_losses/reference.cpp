#include "kernels/ops/mean_losses/mean_losses.h"

namespace duel {
namespace {

double sum(const Vector<const double>& values, int begin, int end) {
  double result = 0;
  for (int i = begin; i < end; ++i) result += values.data[i];
  return result;
}
double mean(const Vector<const double>& values, int begin, int end) {
  return end > begin ? sum(values, begin, end) / (end - begin) : 0;
}

}  // namespace

void mean_losses_reference(const MeanLosses<double>& a) {
  const int columns = a.judgement.rows;
  const double generated = mean(a.judgement, a.real_columns, columns);
  if (a.discriminator_terms) {
    a.discriminator_statistics.data[kLoss] = sum(a.discriminator_terms, 0, a.discriminator_terms.rows);
    a.discriminator_statistics.data[kMeanReal] = mean(a.judgement, 0, a.real_columns);
    a.discriminator_statistics.data[kMeanGenerated] = generated;
    a.discriminator_statistics.data[kPenalty] = sum(a.discriminator_terms, columns, a.discriminator_terms.rows);
    a.optimizer.advance(a.discriminator.data[0], a.clock.data->epoch);
  }
  if (a.generator_terms) {
    a.generator_statistics.data[kLoss] = sum(a.generator_terms, 0, columns - a.real_columns);
    a.generator_statistics.data[kMeanReal] = 0;
    a.generator_statistics.data[kMeanGenerated] = generated;
    a.generator_statistics.data[kPenalty] = 0;
    a.optimizer.advance(a.generator.data[0], a.clock.data->epoch);
  }
}

}  // namespace duel
