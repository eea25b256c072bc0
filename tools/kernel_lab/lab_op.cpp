#include "tools/kernel_lab/lab_op.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "files/text.h"
#include "kernels/ops/advance_optimizer/cases.h"
#include "kernels/ops/batch_inputs/cases.h"
#include "kernels/ops/batch_norm/cases.h"
#include "kernels/ops/batch_norm_gradient/cases.h"
#include "kernels/ops/class_rows/cases.h"
#include "kernels/ops/convolution/cases.h"
#include "kernels/ops/convolution_input_gradient/cases.h"
#include "kernels/ops/convolution_weight_gradient/cases.h"
#include "kernels/ops/count_in_rows/cases.h"
#include "kernels/ops/discriminator_head/cases.h"
#include "kernels/ops/dropout/cases.h"
#include "kernels/ops/end_iteration/cases.h"
#include "kernels/ops/flat_update/cases.h"
#include "kernels/ops/gradient_penalty/cases.h"
#include "kernels/ops/input_gradient/cases.h"
#include "kernels/ops/label_embedding/cases.h"
#include "kernels/ops/latent_normal/cases.h"
#include "kernels/ops/latent_uniform/cases.h"
#include "kernels/ops/linear_forward/cases.h"
#include "kernels/ops/linear_tangent/cases.h"
#include "kernels/ops/log_sum_exp_rows/cases.h"
#include "kernels/ops/maxout/cases.h"
#include "kernels/ops/mean_losses/cases.h"
#include "kernels/ops/moving_average/cases.h"
#include "kernels/ops/scale_columns/cases.h"
#include "kernels/ops/smallest_in_rows/cases.h"
#include "kernels/ops/softmax_cross_entropy/cases.h"
#include "kernels/ops/spectral_norm/cases.h"
#include "kernels/ops/squared_distances/cases.h"
#include "kernels/ops/transpose/cases.h"
#include "kernels/ops/weight_gradient/cases.h"
#include "kernels/verify/check_op.h"

namespace duel::lab {
namespace {

using namespace verify;

constexpr duel::Device kSomeGpu{
    .is_cpu = false, .compute_capability = 90, .compiled_architecture = 90, .multiprocessors = 132};
constexpr duel::Device kSomeCpu{
    .is_cpu = true, .compute_capability = 0, .compiled_architecture = 120, .multiprocessors = 8};

// Moves the views of a case as far from an aligned address as its tensors will be. Nobody follows them.
struct Misalign {
  int elements;
  void reads(const char*, auto& view) const { move(view); }
  void writes(const char*, auto& view) const { move(view); }
  void updates(const char*, auto& view) const { move(view); }

 private:
  void move(auto& view) const {
    if (view) view.data += elements;
  }
};

/// Throws for a tensor that nobody computes in double precision while somebody waits.
struct RefuseLarge {
  static constexpr std::int64_t kMostValues = std::int64_t{1} << 28;
  std::string what;
  void reads(const char* name, const auto& view) const { check(name, view); }
  void writes(const char* name, const auto& view) const { check(name, view); }
  void updates(const char* name, const auto& view) const { check(name, view); }

 private:
  template <class T, int kRank>
  void check(const char* name, const View<T, kRank>& view) const {
    std::int64_t values = view.rows;
    if constexpr (kRank == 2) values *= view.columns;
    if (values <= kMostValues) return;
    throw std::invalid_argument(what + ": " + name + " would have " + std::to_string(values) +
                                " values; expected at most " + std::to_string(kMostValues));
  }
};

template <class Device>
Variant<Device> find_variant(const KernelSelection& kernels, const Op<Device>& op, const std::string& name) {
  for (const Variant<Device>& variant : kernels.variants(op)) {
    if (variant.name == name) return variant;
  }
  throw std::invalid_argument(std::string(op.name) + " has no variant " + in_quotes(name));
}

template <class Host, class Device>
class ExpectationOf : public Expectation {
 public:
  ExpectationOf(const OpCases<Host, Device>& op, const Case<Device>& one, std::uint64_t seed)
      : op_(op),
        case_(one),
        seed_(seed),
        host_before_(seed),
        host_(seed),
        before_(op.make(host_before_, one.arguments)),
        expected_(op.make(host_, one.arguments)) {
    images_ = take_images(expected_);
    op.reference(expected_);
  }

  std::string verify(const KernelSelection& kernels, const std::string& variant, HowMany executions) const override {
    Host expected = expected_;
    const Variant<Device> found = find_variant(kernels, op_.op, variant);
    return check_variant(op_.op, found, expected, case_.arguments, images_, bounds_for(found.precision),
                         {case_.misalignment, executions, seed_});
  }

 private:
  const Bounds& bounds_for(Precision precision) const {
    auto found = bounds_.find(precision);
    if (found == bounds_.end()) {
      found = bounds_.emplace(precision, op_.bounds_for(precision, before_, expected_)).first;
    }
    return found->second;
  }

  const OpCases<Host, Device>& op_;
  Case<Device> case_;
  std::uint64_t seed_;
  HostTensors host_before_, host_;
  Host before_, expected_;
  std::vector<TensorImage> images_;
  mutable std::map<Precision, Bounds> bounds_;  ///< of those that were asked for
};

template <class Device>
class PreparedVariant : public PreparedCase {
 public:
  PreparedVariant(const Op<Device>& op, const Variant<Device>& variant, Device arguments,
                  std::vector<TensorImage> images, int misalignment, StreamView stream)
      : op_(op),
        variant_(variant),
        arguments_(std::move(arguments)),
        images_(std::move(images)),
        mirror_(images_, misalignment, stream) {
    visit(arguments_, mirror_);
    op.validate(arguments_);
  }

  void launch(StreamView stream) override { enqueue(op_, variant_, arguments_, stream); }

 private:
  const Op<Device>& op_;
  Variant<Device> variant_;
  Device arguments_;
  std::vector<TensorImage> images_;
  DeviceMirror mirror_;
};

template <class Host, class Device>
class LabOpOf : public LabOp {
 public:
  explicit LabOpOf(const OpCases<Host, Device>& op) : op_(op), cases_(op.cases()) {}

  std::string name() const override { return op_.op.name; }

  std::vector<VariantInfo> variants(const KernelSelection& kernels) const override {
    std::vector<VariantInfo> result;
    for (const Variant<Device>& variant : kernels.variants(op_.op)) {
      const bool from_outside = result.size() >= op_.op.variants.size();
      // Kernel files are compiled for this device, and may fail to answer.
      const auto runs_on = [&](const duel::Device& device) {
        return from_outside ? device.is_cpu == duel::Device::current().is_cpu : is_for(variant, device);
      };
      result.push_back(
          {variant.name, variant.idea, from_outside, runs_on(kSomeGpu), runs_on(kSomeCpu), variant.precision});
    }
    return result;
  }

  std::vector<CaseInfo> cases() const override {
    std::vector<CaseInfo> result;
    for (const Case<Device>& one : cases_) {
      const bool of_app = result.size() >= own_cases_;
      result.push_back({one.name, shapes_text(one.arguments), one.of_training, of_app});
    }
    return result;
  }

  std::size_t add_case(const std::any& arguments) override {
    const auto* typed = std::any_cast<Device>(&arguments);
    if (!typed) throw std::invalid_argument("these are no arguments of " + name());
    cases_.push_back({"as used: " + shapes_text(*typed), *typed});
    return cases_.size() - 1;
  }

  std::vector<Axis> axes() const override { return op_.shapes.axes; }

  std::size_t add_shape(const std::vector<int>& sizes) override {
    std::string text;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      text += (i == 0 ? "" : " ") + std::string(op_.shapes.axes[i].name) + "=" + std::to_string(sizes[i]);
    }
    Device arguments = op_.shapes.arguments(sizes);
    visit(arguments, RefuseLarge{name() + ", " + text});
    op_.op.validate(arguments);
    cases_.push_back({text, arguments});
    return cases_.size() - 1;
  }

  bool supports(const KernelSelection& kernels, const std::string& variant, std::size_t number) const override {
    const Case<Device>& one = cases_.at(number);
    Device arguments = one.arguments;
    visit(arguments, Misalign{one.misalignment});
    return is_supported(op_.op, find_variant(kernels, op_.op, variant), arguments);
  }

  std::unique_ptr<Expectation> expect(std::size_t number, std::uint64_t seed) const override {
    return std::make_unique<ExpectationOf<Host, Device>>(op_, cases_.at(number), seed);
  }

  std::unique_ptr<PreparedCase> prepare(const KernelSelection& kernels, const std::string& variant, std::size_t number,
                                        StreamView stream) const override {
    const Case<Device>& one = cases_.at(number);
    HostTensors host(1);
    // Outputs start as zeros, not poison: what a timed kernel reads of them must not be NaN.
    auto images = take_images(op_.make(host, one.arguments));
    for (TensorImage& image : images) {
      if (image.access == Access::writes) std::fill(image.bytes.begin(), image.bytes.end(), std::byte{0});
    }
    return std::make_unique<PreparedVariant<Device>>(op_.op, find_variant(kernels, op_.op, variant), one.arguments,
                                                     std::move(images), one.misalignment, stream);
  }

  Work work(std::size_t number) const override { return work_of(op_.op, cases_.at(number).arguments); }

  void add_side_by_side(KernelSelection& kernels, const std::string& first, const std::string& second,
                        SideBySideLog& log) const override {
    side_by_side::add(kernels, op_, find_variant(kernels, op_.op, first), find_variant(kernels, op_.op, second), log);
  }

 private:
  bool is_for(const Variant<Device>& variant, const duel::Device& device) const {
    return std::any_of(cases_.begin(), cases_.end(),
                       [&](const auto& one) { return is_supported(op_.op, variant, one.arguments, device); });
  }

  OpCases<Host, Device> op_;
  std::vector<Case<Device>> cases_;
  std::size_t own_cases_ = cases_.size();
};

template <class Host, class Device>
std::unique_ptr<LabOp> lab_op(const OpCases<Host, Device>& op) {
  return std::make_unique<LabOpOf<Host, Device>>(op);
}

}  // namespace

std::vector<std::unique_ptr<LabOp>> lab_ops() {
  std::vector<std::unique_ptr<LabOp>> ops;
  ops.push_back(lab_op(softmax_cross_entropy_cases()));
  ops.push_back(lab_op(advance_optimizer_cases()));
  for_each_unit(Optimizers(), [&](auto unit) { ops.push_back(lab_op(flat_update_cases<decltype(unit)>())); });
  ops.push_back(lab_op(moving_average_cases()));
  ops.push_back(lab_op(latent_normal_cases()));
  ops.push_back(lab_op(latent_uniform_cases()));
  ops.push_back(lab_op(end_iteration_cases()));
  ops.push_back(lab_op(batch_inputs_cases()));
  ops.push_back(lab_op(class_rows_cases()));
  ops.push_back(lab_op(linear_forward_cases()));
  ops.push_back(lab_op(convolution_cases()));
  ops.push_back(lab_op(convolution_input_gradient_cases()));
  ops.push_back(lab_op(convolution_weight_gradient_cases()));
  ops.push_back(lab_op(batch_norm_cases()));
  ops.push_back(lab_op(batch_norm_gradient_cases()));
  ops.push_back(lab_op(label_embedding_cases()));
  ops.push_back(lab_op(label_embedding_gradient_cases()));
  ops.push_back(lab_op(spectral_norm_cases()));
  ops.push_back(lab_op(spectral_norm_gradient_cases()));
  ops.push_back(lab_op(maxout_forward_cases()));
  ops.push_back(lab_op(maxout_backward_cases()));
  ops.push_back(lab_op(maxout_tangent_cases()));
  ops.push_back(lab_op(dropout_cases()));
  ops.push_back(lab_op(discriminator_head_cases()));
  ops.push_back(lab_op(mean_losses_cases()));
  ops.push_back(lab_op(linear_tangent_cases()));
  ops.push_back(lab_op(penalty_points_cases()));
  ops.push_back(lab_op(penalty_terms_cases()));
  ops.push_back(lab_op(scale_columns_cases()));
  ops.push_back(lab_op(input_gradient_cases()));
  ops.push_back(lab_op(weight_gradient_cases()));
  ops.push_back(lab_op(transpose_cases()));
  ops.push_back(lab_op(squared_distances_cases()));
  ops.push_back(lab_op(smallest_in_rows_cases()));
  ops.push_back(lab_op(count_in_rows_cases()));
  ops.push_back(lab_op(log_sum_exp_rows_cases()));
  return ops;
}

}  // namespace duel::lab
