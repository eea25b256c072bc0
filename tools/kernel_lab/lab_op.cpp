#include "tools/kernel_lab/lab_op.h"

#include <stdexcept>
#include <utility>

#include "kernels/adam/cases.h"
#include "kernels/batch_gather/cases.h"
#include "kernels/end_iteration/cases.h"
#include "kernels/latent_normal/cases.h"
#include "kernels/linear_bn_lrelu/cases.h"
#include "kernels/linear_lrelu/cases.h"
#include "kernels/linear_sigmoid_bce/cases.h"
#include "kernels/linear_tanh/cases.h"
#include "kernels/verify/check_op.h"

namespace duel::lab {
namespace {

using namespace verify;

// Adds up the sizes of tensors.
class CountBytes {
 public:
  void reads(const char*, const auto& view) { work.bytes_read += static_cast<double>(present_bytes(view)); }
  void writes(const char*, const auto& view) { work.bytes_written += static_cast<double>(present_bytes(view)); }
  void updates(const char* name, const auto& view) {
    reads(name, view);
    writes(name, view);
  }

  Work work;

 private:
  static std::size_t present_bytes(const auto& view) { return view ? view.bytes() : 0; }
};

template <class Device>
class PreparedVariant : public PreparedCase {
 public:
  PreparedVariant(const Op<Device>& op, const Variant<Device>& variant, Device arguments,
                  std::vector<TensorImage> images, int misalignment, StreamView stream)
      : variant_(variant),
        arguments_(std::move(arguments)),
        images_(std::move(images)),
        mirror_(images_, misalignment, stream) {
    visit(arguments_, mirror_);
    op.validate(arguments_);
  }

  void launch(StreamView stream) override { variant_.launch(arguments_, stream); }

 private:
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
      result.push_back({variant.name, variant.idea, result.size() >= op_.op.variants.size()});
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

  bool supports(const KernelSelection& kernels, const std::string& variant, std::size_t number) const override {
    const Case<Device>& one = cases_.at(number);
    HostTensors host(1);
    const auto images = take_images(op_.make(host, one.arguments));
    const Variant<Device> wanted = find(kernels, variant);
    return !supporting_variants<Device>({&wanted, 1}, one.arguments, images, one.misalignment).empty();
  }

  std::string verify(const KernelSelection& kernels, const std::string& variant, std::size_t number,
                     const VerifyOptions& options) const override {
    const Case<Device>& one = cases_.at(number);
    HostTensors host(options.seed), again(options.seed);
    Host expected = op_.make(host, one.arguments);
    const Host before = op_.make(again, one.arguments);
    const auto images = take_images(expected);
    op_.reference(expected);
    const CheckOptions check{one.misalignment, options.executions, options.seed};
    return check_variant(op_.op, find(kernels, variant), expected, one.arguments, images, op_.bounds(before, expected),
                         check);
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
    return std::make_unique<PreparedVariant<Device>>(op_.op, find(kernels, variant), one.arguments, std::move(images),
                                                     one.misalignment, stream);
  }

  Work work(std::size_t number) const override {
    Device arguments = cases_.at(number).arguments;
    CountBytes bytes;
    visit(arguments, bytes);
    bytes.work.operations = op_.operations(arguments);
    return bytes.work;
  }

 private:
  Variant<Device> find(const KernelSelection& kernels, const std::string& name) const {
    for (const Variant<Device>& variant : kernels.variants(op_.op)) {
      if (variant.name == name) return variant;
    }
    throw std::invalid_argument(std::string(op_.op.name) + " has no variant '" + name + "'");
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
  ops.push_back(lab_op(linear_lrelu_forward_cases()));
  ops.push_back(lab_op(linear_lrelu_backward_cases()));
  ops.push_back(lab_op(linear_bn_lrelu_forward_cases()));
  ops.push_back(lab_op(linear_bn_lrelu_backward_cases()));
  ops.push_back(lab_op(linear_tanh_forward_cases()));
  ops.push_back(lab_op(linear_tanh_backward_cases()));
  ops.push_back(lab_op(linear_sigmoid_bce_forward_cases()));
  ops.push_back(lab_op(linear_sigmoid_bce_backward_cases()));
  ops.push_back(lab_op(adam_cases()));
  ops.push_back(lab_op(latent_normal_cases()));
  ops.push_back(lab_op(batch_gather_cases()));
  ops.push_back(lab_op(end_iteration_cases()));
  return ops;
}

}  // namespace duel::lab
