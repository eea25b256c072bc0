#include "kernels/ops/batch_norm/reference.h"

#include "kernels/activations/activations.h"
#include "kernels/ops/batch_norm/batch_norm.h"
#include "kernels/reference.h"

namespace duel {

void batch_norm_reference(const BatchNorm<double>& a) {
  const LeakyRelu<double> f{a.slope};
  for (int channel = 0; channel < a.channels(); ++channel) {
    for (int batch = 0; batch < a.batches(); ++batch) {
      const int begin = batch * a.split, end = a.split > 0 && batch == 0 ? a.split : a.samples();
      const int first = channel * a.pixels, last = first + a.pixels;
      std::vector<double> values;
      for (int row = first; row < last; ++row)
        values.insert(values.end(), &at(a.input, row, begin), &at(a.input, row, end));
      const double inverse_deviation = normalize_reference(a, channel, values);
      if (a.inverse_deviation) a.inverse_deviation.data[batch * a.channels() + channel] = inverse_deviation;
      auto x = values.begin();
      for (int row = first; row < last; ++row) {
        for (int c = begin; c < end; ++c, ++x) {
          if (a.normalized) at(a.normalized, row, c) = *x;
          at(a.output, row, c) = f.value(a.gamma.data[channel] * *x + a.beta.data[channel]);
        }
      }
    }
  }
}

}  // namespace duel
