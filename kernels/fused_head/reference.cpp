#include <algorithm>
#include <cmath>

#include "kernels/fused_head/fused_head.h"
#include "kernels/linear/reference.h"

namespace duel {
namespace {

// std::max(x, bound) and not std::max(bound, x): a NaN in x must come out.
double cross_entropy(CrossEntropy form, double logit, double p, double label) {
  if (form == CrossEntropy::logits) {
    return std::max(logit, 0.0) - logit * label + std::log1p(std::exp(-std::abs(logit)));
  }
  return -(label * std::max(std::log(p), -100.0) + (1 - label) * std::max(std::log(1 - p), -100.0));
}

double d_cross_entropy(CrossEntropy form, double p, double label) {
  const double d_sigmoid = p * (1 - p);
  return form == CrossEntropy::logits ? p - label : (p - label) / std::max(d_sigmoid, 1e-12) * d_sigmoid;
}

}  // namespace

void fused_head_reference(const FusedHead<double>& a) {
  for (int c = 0; c < a.input.columns; ++c) {
    double logit = a.bias.data[0];
    for (int f = 0; f < a.input.rows; ++f) logit += a.weight.data[f] * at(a.input, f, c);
    const double p = 1 / (1 + std::exp(-logit));
    a.probability.data[c] = p;
    if (a.d_discriminator) {
      const RowGroup<double>& group = c < a.real_columns ? a.real : a.generated;
      a.discriminator_terms.data[c] = group.weight * cross_entropy(a.form, logit, p, group.label);
      a.d_discriminator.data[c] = group.weight * d_cross_entropy(a.form, p, group.label);
    }
    const int g = c - a.real_columns;
    if (a.d_generator && g >= 0) {
      a.generator_terms.data[g] = a.generator.weight * cross_entropy(a.form, logit, p, a.generator.label);
      a.d_generator.data[g] = a.generator.weight * d_cross_entropy(a.form, p, a.generator.label);
    }
  }
}

}  // namespace duel
