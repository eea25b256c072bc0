// The layers that the published script is made of, in double precision and with loops one can read: the yardstick for
// the engine. Nothing here comes from kernels/ or engine/.
// Source: the documentation of torch.nn.Linear, Conv2d, Upsample, BatchNorm1d and 2d, LeakyReLU, Tanh, Sigmoid, Dropout
// and Dropout2d; I. Goodfellow et al., Maxout networks (2013).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace duel::test {

using Row = std::vector<double>;
using Rows = std::vector<Row>;  ///< [batch][features]

/// A tensor with its gradient and Adam's two moments, all flat and row-major. SGD's velocity is in the first.
struct PlainParameter {
  Row value, gradient, exp_avg, exp_avg_sq;
  explicit PlainParameter(int size) : value(size), gradient(size), exp_avg(size), exp_avg_sq(size) {}
};

class Module {
 public:
  virtual ~Module() = default;
  virtual Rows forward(const Rows& input) = 0;
  /// Of the last forward(): returns the gradient of its input, adds to those of the parameters.
  virtual Rows backward(const Rows& d_output) = 0;
  virtual std::map<std::string, PlainParameter*> parameters() { return {}; }
  virtual std::map<std::string, Row*> statistics() { return {}; }
  /// What a module in training mode does once for all samples of a pass.
  virtual void begin_pass() {}
};

/// constant_sigma: a mistake, as if the gradient knew nothing of sigma.
enum class WeightNorm { none, spectral, constant_sigma };

/// The weight of a linear function [rows][columns]. With a norm W / sigma is used; u, v and sigma are from the begin of
/// the pass. Source: T. Miyato et al. 2018, equation 12 for the gradient.
class Weight {
 public:
  Weight(int rows, int columns, WeightNorm norm)
      : columns_(columns), norm_(norm), parameter_(rows * columns), u_(rows), v_(columns) {}
  const Row& used() const { return norm_ == WeightNorm::none ? parameter_.value : normalized_; }
  /// Of the weight that is used.
  void add_gradient(const Row& d_used);
  void begin_pass();
  void add_to(std::map<std::string, PlainParameter*>& parameters);
  void add_to(std::map<std::string, Row*>& statistics);

 private:
  int columns_;
  WeightNorm norm_;
  PlainParameter parameter_;
  Row u_, v_, normalized_;
  double sigma_ = 0;
};

/// A linear function with a bias.
class Weighted : public Module {
 public:
  Weighted(int rows, int columns, WeightNorm norm) : weight_(rows, columns, norm), bias_(rows) {}
  std::map<std::string, PlainParameter*> parameters() override;
  std::map<std::string, Row*> statistics() override;
  void begin_pass() override { weight_.begin_pass(); }

 protected:
  Weight weight_;
  PlainParameter bias_;
};

class Linear : public Weighted {
 public:
  Linear(int in, int out, WeightNorm norm = WeightNorm::none) : Weighted(out, in, norm), in_(in), out_(out) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  int in_, out_;
  Rows input_;
};

/// Square images as rows: value (channel size + y) size + x.
class Convolution : public Weighted {
 public:
  /// With a kernel of 3 x 3 and padding 1; its weight is [out][in][3][3].
  Convolution(int in, int size, int out, int stride, WeightNorm norm = WeightNorm::none)
      : Weighted(out, in * 9, norm),
        in_(in),
        size_(size),
        out_(out),
        stride_(stride),
        out_size_((size - 1) / stride + 1) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  /// Calls f(index of the output, of the input, of the weight) for every product.
  template <class Function>
  void for_each_product(const Function& f) const;

  int in_, size_, out_, stride_, out_size_;
  Rows input_;
};

/// Every pixel becomes a square of 2 x 2: nearest.
class Upsample : public Module {
 public:
  Upsample(int channels, int size) : channels_(channels), size_(size) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  int of_input(int output) const;
  int channels_, size_;
};

struct BatchNormSettings {
  double eps, momentum;
  bool unbiased_running_variance = true;
};

/// In training mode: normalises with the batch's biased variance. Of images a feature is a channel.
class BatchNorm : public Module {
 public:
  BatchNorm(int features, const BatchNormSettings& settings, int pixels = 1)
      : settings_(settings),
        pixels_(static_cast<std::size_t>(pixels)),
        weight_(features),
        bias_(features),
        running_mean_(features, 0.0),
        running_var_(features, 1.0) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;
  std::map<std::string, PlainParameter*> parameters() override { return {{"weight", &weight_}, {"bias", &bias_}}; }
  std::map<std::string, Row*> statistics() override {
    return {{"running_mean", &running_mean_}, {"running_var", &running_var_}};
  }

 private:
  BatchNormSettings settings_;
  std::size_t pixels_;
  PlainParameter weight_, bias_;
  Row running_mean_, running_var_, deviation_;
  Rows normalized_;
};

class LeakyReLU : public Module {
 public:
  /// Lowers `nearest_kink` to the smallest |x| / (root mean square of x) of every input x.
  LeakyReLU(double slope, double& nearest_kink) : slope_(slope), nearest_kink_(nearest_kink) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  double slope_;
  double& nearest_kink_;
  Rows input_;
};

class Tanh : public Module {
 public:
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  Rows output_;
};

class Sigmoid : public Module {
 public:
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  Rows output_;
};

/// The largest of every `pieces` neighbours.
class Maxout : public Module {
 public:
  /// Lowers `nearest_kink` to the smallest difference of the two largest pieces / (root mean square of the input).
  Maxout(int pieces, double& nearest_kink) : pieces_(pieces), nearest_kink_(nearest_kink) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  int pieces_;
  double& nearest_kink_;
  std::vector<std::vector<int>> winner_;
  std::size_t features_ = 0;
};

/// Keeps a value, divided by `keep`, where is_kept(row, column) says so.
class Dropout : public Module {
 public:
  using IsKept = std::function<bool(int, int)>;
  /// Of the first `features` values of a sample; the others stay as they are.
  Dropout(double keep, int features, IsKept is_kept) : keep_(keep), features_(features), is_kept_(std::move(is_kept)) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;

 private:
  double keep_;
  int features_;
  IsKept is_kept_;
  Rows factor_;
};

/// A learned vector of each class [classes][classes] in the place of one-hot ones, the last values of a sample; each
/// value stands there `repeated` times, as those of a class do. Frozen: a mistake, its gradient stays 0.
class Embedding : public Module {
 public:
  Embedding(int classes, int repeated, bool is_frozen = false)
      : classes_(classes), repeated_(repeated), is_frozen_(is_frozen), weight_(classes * classes) {}
  Rows forward(const Rows& input) override;
  Rows backward(const Rows& d_output) override;
  std::map<std::string, PlainParameter*> parameters() override { return {{"weight", &weight_}}; }

 private:
  std::size_t classes_, repeated_;
  bool is_frozen_;
  PlainParameter weight_;
  std::vector<std::size_t> class_of_;  // each row of the last input
};

/// Modules one after another, as nn.Sequentials.
class Sequential {
 public:
  /// A module outside of all nn.Sequentials.
  template <class M, class... Arguments>
  void add_named(const std::string& name, Arguments&&... arguments) {
    names_.push_back(name + ".");
    modules_.push_back(std::make_unique<M>(std::forward<Arguments>(arguments)...));
  }
  /// Modules from now on belong to that nn.Sequential: "model". They are numbered from 0.
  void begin(const std::string& name) { name_ = name, next_ = 0; }
  template <class M, class... Arguments>
  void add(Arguments&&... arguments) {
    add_named<M>(name_ + "." + std::to_string(next_++), std::forward<Arguments>(arguments)...);
  }
  Rows forward(const Rows& input);
  Rows backward(const Rows& d_output);
  /// Under "<prefix>model.<index>.<name>".
  std::map<std::string, PlainParameter*> parameters(const std::string& prefix) const;
  std::map<std::string, Row*> statistics(const std::string& prefix) const;
  void begin_pass();

 private:
  std::string name_ = "model";
  int next_ = 0;
  std::vector<std::string> names_;  // of modules_
  std::vector<std::unique_ptr<Module>> modules_;
};

}  // namespace duel::test
