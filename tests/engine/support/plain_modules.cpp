#include "tests/engine/support/plain_modules.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace duel::test {

void Weight::add_gradient(const Row& d_used) {
  Row& gradient = parameter_.gradient;
  double inner = 0;  // <d_used, W / sigma>
  for (std::size_t i = 0; i < gradient.size() && norm_ == WeightNorm::spectral; ++i)
    inner += d_used[i] * normalized_[i];
  const auto columns = static_cast<std::size_t>(columns_);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    gradient[i] +=
        norm_ == WeightNorm::none ? d_used[i] : (d_used[i] - inner * u_[i / columns] * v_[i % columns]) / sigma_;
  }
}

void Weight::begin_pass() {
  if (norm_ == WeightNorm::none) return;
  const Row& weight = parameter_.value;
  const auto normalize = [](Row& values) {
    double squares = 0;
    for (const double x : values) squares += x * x;
    for (double& x : values) x /= std::sqrt(squares);
  };
  const auto columns = static_cast<std::size_t>(columns_);
  std::fill(u_.begin(), u_.end(), 0.0);
  for (std::size_t i = 0; i < weight.size(); ++i) u_[i / columns] += weight[i] * v_[i % columns];
  normalize(u_);
  std::fill(v_.begin(), v_.end(), 0.0);
  for (std::size_t i = 0; i < weight.size(); ++i) v_[i % columns] += weight[i] * u_[i / columns];
  normalize(v_);
  sigma_ = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) sigma_ += u_[i / columns] * weight[i] * v_[i % columns];
  normalized_ = weight;
  for (double& w : normalized_) w /= sigma_;
}

// The names of torch.nn.utils.parametrizations.
void Weight::add_to(std::map<std::string, PlainParameter*>& parameters) {
  parameters[norm_ == WeightNorm::none ? "weight" : "parametrizations.weight.original"] = &parameter_;
}

void Weight::add_to(std::map<std::string, Row*>& statistics) {
  if (norm_ == WeightNorm::none) return;
  statistics["parametrizations.weight.0._u"] = &u_;
  statistics["parametrizations.weight.0._v"] = &v_;
}

std::map<std::string, PlainParameter*> Weighted::parameters() {
  std::map<std::string, PlainParameter*> parameters = {{"bias", &bias_}};
  weight_.add_to(parameters);
  return parameters;
}

std::map<std::string, Row*> Weighted::statistics() {
  std::map<std::string, Row*> statistics;
  weight_.add_to(statistics);
  return statistics;
}

Rows Linear::forward(const Rows& input) {
  input_ = input;
  Rows output(input.size(), Row(out_));
  for (int out = 0; out < out_; ++out) {
    const double* weight = &weight_.used()[static_cast<std::size_t>(out) * in_];
    for (std::size_t row = 0; row < input.size(); ++row) {
      const double* x = input[row].data();
      double sum = bias_.value[out];
      for (int in = 0; in < in_; ++in) sum += weight[in] * x[in];
      output[row][out] = sum;
    }
  }
  return output;
}

Rows Linear::backward(const Rows& d_output) {
  Rows d_input(d_output.size(), Row(in_));
  Row d_weights(weight_.used().size());
  for (int out = 0; out < out_; ++out) {
    const double* weight = &weight_.used()[static_cast<std::size_t>(out) * in_];
    double* d_weight = &d_weights[static_cast<std::size_t>(out) * in_];
    for (std::size_t row = 0; row < d_output.size(); ++row) {
      const double d = d_output[row][out];
      const double* x = input_[row].data();
      double* d_x = d_input[row].data();
      bias_.gradient[out] += d;
      for (int in = 0; in < in_; ++in) d_weight[in] += d * x[in];
      for (int in = 0; in < in_; ++in) d_x[in] += d * weight[in];
    }
  }
  weight_.add_gradient(d_weights);
  return d_input;
}

template <class Function>
void Convolution::for_each_product(const Function& f) const {
  for (int out = 0; out < out_; ++out) {
    for (int in = 0; in < in_; ++in) {
      for (int oy = 0; oy < out_size_; ++oy) {
        for (int ox = 0; ox < out_size_; ++ox) {
          for (int ky = 0; ky < 3; ++ky) {
            for (int kx = 0; kx < 3; ++kx) {
              const int y = oy * stride_ + ky - 1, x = ox * stride_ + kx - 1;
              if (y < 0 || y >= size_ || x < 0 || x >= size_) continue;
              f((out * out_size_ + oy) * out_size_ + ox, (in * size_ + y) * size_ + x,
                ((out * in_ + in) * 3 + ky) * 3 + kx);
            }
          }
        }
      }
    }
  }
}

Rows Convolution::forward(const Rows& input) {
  input_ = input;
  const int pixels = out_size_ * out_size_;
  Rows output(input.size(), Row(static_cast<std::size_t>(out_ * pixels)));
  for (std::size_t row = 0; row < input.size(); ++row) {
    for (int i = 0; i < out_ * pixels; ++i) output[row][i] = bias_.value[i / pixels];
    for_each_product([&](int o, int i, int w) { output[row][o] += weight_.used()[w] * input[row][i]; });
  }
  return output;
}

Rows Convolution::backward(const Rows& d_output) {
  const int pixels = out_size_ * out_size_;
  Rows d_input(d_output.size(), Row(static_cast<std::size_t>(in_ * size_ * size_)));
  Row d_weight(weight_.used().size());
  for (std::size_t row = 0; row < d_output.size(); ++row) {
    for (int i = 0; i < out_ * pixels; ++i) bias_.gradient[i / pixels] += d_output[row][i];
    for_each_product([&](int o, int i, int w) {
      d_weight[w] += d_output[row][o] * input_[row][i];
      d_input[row][i] += d_output[row][o] * weight_.used()[w];
    });
  }
  weight_.add_gradient(d_weight);
  return d_input;
}

int Upsample::of_input(int output) const {
  const int wide = 2 * size_, channel = output / (wide * wide), y = output / wide % wide, x = output % wide;
  return (channel * size_ + y / 2) * size_ + x / 2;
}

Rows Upsample::forward(const Rows& input) {
  Rows output(input.size(), Row(4 * input[0].size()));
  for (std::size_t row = 0; row < input.size(); ++row) {
    for (std::size_t i = 0; i < output[row].size(); ++i) output[row][i] = input[row][of_input(static_cast<int>(i))];
  }
  return output;
}

Rows Upsample::backward(const Rows& d_output) {
  Rows d_input(d_output.size(), Row(static_cast<std::size_t>(channels_ * size_ * size_)));
  for (std::size_t row = 0; row < d_output.size(); ++row) {
    for (std::size_t i = 0; i < d_output[row].size(); ++i)
      d_input[row][of_input(static_cast<int>(i))] += d_output[row][i];
  }
  return d_input;
}

Rows BatchNorm::forward(const Rows& input) {
  const std::size_t features = weight_.value.size(), width = features * pixels_;
  const double count = static_cast<double>(input.size() * pixels_);
  const double momentum = settings_.momentum;
  normalized_ = Rows(input.size(), Row(width));
  deviation_ = Row(features);
  Rows output = normalized_;
  for (std::size_t feature = 0; feature < features; ++feature) {
    const std::size_t begin = feature * pixels_, end = begin + pixels_;
    double sum = 0, squares = 0;
    for (const Row& row : input) {
      for (std::size_t i = begin; i < end; ++i) sum += row[i];
    }
    const double mean = sum / count;
    for (const Row& row : input) {
      for (std::size_t i = begin; i < end; ++i) squares += (row[i] - mean) * (row[i] - mean);
    }
    const double variance = squares / count;
    const double for_average = settings_.unbiased_running_variance ? squares / (count - 1) : variance;
    running_mean_[feature] = (1 - momentum) * running_mean_[feature] + momentum * mean;
    running_var_[feature] = (1 - momentum) * running_var_[feature] + momentum * for_average;
    deviation_[feature] = std::sqrt(variance + settings_.eps);
    for (std::size_t row = 0; row < input.size(); ++row) {
      for (std::size_t i = begin; i < end; ++i) {
        normalized_[row][i] = (input[row][i] - mean) / deviation_[feature];
        output[row][i] = weight_.value[feature] * normalized_[row][i] + bias_.value[feature];
      }
    }
  }
  return output;
}

Rows BatchNorm::backward(const Rows& d_output) {
  const std::size_t features = weight_.value.size();
  const double count = static_cast<double>(d_output.size() * pixels_);
  Rows d_input(d_output.size(), Row(features * pixels_));
  for (std::size_t feature = 0; feature < features; ++feature) {
    const std::size_t begin = feature * pixels_, end = begin + pixels_;
    double sum = 0, product_sum = 0;
    for (std::size_t row = 0; row < d_output.size(); ++row) {
      for (std::size_t i = begin; i < end; ++i) {
        sum += d_output[row][i];
        product_sum += d_output[row][i] * normalized_[row][i];
      }
    }
    bias_.gradient[feature] += sum;
    weight_.gradient[feature] += product_sum;
    for (std::size_t row = 0; row < d_output.size(); ++row) {
      for (std::size_t i = begin; i < end; ++i) {
        // The batch's mean and variance depend on every row.
        const double centered = d_output[row][i] - sum / count - normalized_[row][i] * product_sum / count;
        d_input[row][i] = weight_.value[feature] * centered / deviation_[feature];
      }
    }
  }
  return d_input;
}

Rows LeakyReLU::forward(const Rows& input) {
  input_ = input;
  Rows output = input;
  double squares = 0, smallest = std::numeric_limits<double>::infinity();
  for (Row& row : output) {
    for (double& x : row) {
      squares += x * x;
      smallest = std::min(smallest, std::abs(x));
      x = x > 0 ? x : slope_ * x;
    }
  }
  const double values = static_cast<double>(input.size() * input[0].size());
  nearest_kink_ = std::min(nearest_kink_, smallest / std::sqrt(squares / values));
  return output;
}

Rows LeakyReLU::backward(const Rows& d_output) {
  Rows d_input = d_output;
  for (std::size_t row = 0; row < d_input.size(); ++row) {
    for (std::size_t i = 0; i < d_input[row].size(); ++i) {
      if (!(input_[row][i] > 0)) d_input[row][i] *= slope_;
    }
  }
  return d_input;
}

Rows Tanh::forward(const Rows& input) {
  output_ = input;
  for (Row& row : output_) {
    for (double& x : row) x = std::tanh(x);
  }
  return output_;
}

Rows Tanh::backward(const Rows& d_output) {
  Rows d_input = d_output;
  for (std::size_t row = 0; row < d_input.size(); ++row) {
    for (std::size_t i = 0; i < d_input[row].size(); ++i) d_input[row][i] *= 1 - output_[row][i] * output_[row][i];
  }
  return d_input;
}

Rows Sigmoid::forward(const Rows& input) {
  output_ = input;
  for (Row& row : output_) {
    for (double& x : row) x = 1 / (1 + std::exp(-x));
  }
  return output_;
}

Rows Sigmoid::backward(const Rows& d_output) {
  Rows d_input = d_output;
  for (std::size_t row = 0; row < d_input.size(); ++row) {
    for (std::size_t i = 0; i < d_input[row].size(); ++i) d_input[row][i] *= output_[row][i] * (1 - output_[row][i]);
  }
  return d_input;
}

Rows Maxout::forward(const Rows& input) {
  features_ = input[0].size();
  const std::size_t units = features_ / static_cast<std::size_t>(pieces_);
  Rows output(input.size(), Row(units));
  winner_.assign(input.size(), std::vector<int>(units));
  double squares = 0, smallest = std::numeric_limits<double>::infinity();
  for (std::size_t row = 0; row < input.size(); ++row) {
    for (std::size_t unit = 0; unit < units; ++unit) {
      const auto first = input[row].begin() + static_cast<std::ptrdiff_t>(unit) * pieces_, last = first + pieces_;
      const auto best = std::max_element(first, last);
      output[row][unit] = *best;
      winner_[row][unit] = static_cast<int>(best - first);
      for (auto piece = first; piece != last; ++piece) {
        squares += *piece * *piece;
        if (piece != best) smallest = std::min(smallest, *best - *piece);
      }
    }
  }
  const double values = static_cast<double>(input.size() * features_);
  nearest_kink_ = std::min(nearest_kink_, smallest / std::sqrt(squares / values));
  return output;
}

Rows Maxout::backward(const Rows& d_output) {
  Rows d_input(d_output.size(), Row(features_));
  for (std::size_t row = 0; row < d_output.size(); ++row) {
    for (std::size_t unit = 0; unit < d_output[row].size(); ++unit) {
      const std::size_t first = unit * static_cast<std::size_t>(pieces_);
      d_input[row][first + static_cast<std::size_t>(winner_[row][unit])] = d_output[row][unit];
    }
  }
  return d_input;
}

Rows Dropout::forward(const Rows& input) {
  factor_ = input;
  for (std::size_t row = 0; row < input.size(); ++row) {
    for (std::size_t i = 0; i < input[row].size(); ++i) {
      const auto column = static_cast<int>(i);
      factor_[row][i] = column >= features_ ? 1 : is_kept_(static_cast<int>(row), column) ? 1 / keep_ : 0;
    }
  }
  return backward(input);
}

Rows Dropout::backward(const Rows& d_output) {
  Rows d_input = d_output;
  for (std::size_t row = 0; row < d_input.size(); ++row) {
    for (std::size_t i = 0; i < d_input[row].size(); ++i) d_input[row][i] *= factor_[row][i];
  }
  return d_input;
}

Rows Embedding::forward(const Rows& input) {
  class_of_.clear();
  Rows output = input;
  for (Row& row : output) {
    const std::size_t first = row.size() - classes_ * repeated_;
    std::size_t one = 0;
    while (row[first + one * repeated_] != 1) ++one;
    class_of_.push_back(one);
    for (std::size_t i = first; i < row.size(); ++i) {
      row[i] = weight_.value[one * classes_ + (i - first) / repeated_];
    }
  }
  return output;
}

Rows Embedding::backward(const Rows& d_output) {
  for (std::size_t row = 0; row < d_output.size() && !is_frozen_; ++row) {
    const std::size_t first = d_output[row].size() - classes_ * repeated_;
    for (std::size_t i = first; i < d_output[row].size(); ++i) {
      weight_.gradient[class_of_[row] * classes_ + (i - first) / repeated_] += d_output[row][i];
    }
  }
  return d_output;
}

Rows Sequential::forward(const Rows& input) {
  Rows values = input;
  for (const auto& module : modules_) values = module->forward(values);
  return values;
}

Rows Sequential::backward(const Rows& d_output) {
  Rows gradient = d_output;
  for (std::size_t i = modules_.size(); i-- > 0;) gradient = modules_[i]->backward(gradient);
  return gradient;
}

std::map<std::string, PlainParameter*> Sequential::parameters(const std::string& prefix) const {
  std::map<std::string, PlainParameter*> all;
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    for (const auto& [name, parameter] : modules_[i]->parameters()) {
      all[prefix + names_[i] + name] = parameter;
    }
  }
  return all;
}

std::map<std::string, Row*> Sequential::statistics(const std::string& prefix) const {
  std::map<std::string, Row*> all;
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    for (const auto& [name, values] : modules_[i]->statistics()) all[prefix + names_[i] + name] = values;
  }
  return all;
}

void Sequential::begin_pass() {
  for (const auto& module : modules_) module->begin_pass();
}

}  // namespace duel::test
