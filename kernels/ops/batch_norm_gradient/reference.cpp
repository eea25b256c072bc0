#include "kernels/levels/reference.h"
#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"

namespace duel {
namespace {

/// Calls f(row, column) for the values of a channel in a batch.
template <class Function>
void for_each_value(const BatchNormGradient<double>& a, int channel, int batch, Function f) {
  const int begin = batch * a.split, end = a.split > 0 && batch == 0 ? a.split : a.samples();
  for (int row = channel * a.pixels; row < (channel + 1) * a.pixels; ++row) {
    for (int c = begin; c < end; ++c) f(row, c);
  }
}

}  // namespace

void batch_norm_gradient_reference(const BatchNormGradient<double>& a) {
  const int channels = a.channels();
  std::vector<double> d_gamma(channels), d_beta(channels);
  for (int channel = 0; channel < channels; ++channel) {
    for (int batch = a.first_batch(); batch < a.batches(); ++batch) {
      double count = 0, sum = 0, product_sum = 0;
      for_each_value(a, channel, batch, [&](int row, int c) {
        count += 1;
        sum += at(a.d_linear, row, c);
        product_sum += at(a.d_linear, row, c) * at(a.normalized, row, c);
      });
      d_beta[channel] += sum;
      d_gamma[channel] += product_sum;
      const double scale = a.gamma.value.data[channel] * a.inverse_deviation.data[batch * channels + channel];
      // Mean and variance depend on every value: their parts of the gradient are the averages of d and of d x^.
      for_each_value(a, channel, batch, [&](int row, int c) {
        const double d =
            scale * (at(a.d_linear, row, c) - sum / count - at(a.normalized, row, c) * product_sum / count);
        with_activation(a.below, a.slope,
                        [&](auto f) { at(a.d_below, row, c) = a.output ? f.gradient(at(a.output, row, c), d) : d; });
      });
    }
  }
  if (!a.learns()) return;
  update_reference(a.gamma, d_gamma, a.optimizer);
  update_reference(a.beta, d_beta, a.optimizer);
}

}  // namespace duel
