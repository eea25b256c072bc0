// An op as the lab sees it, whatever its arguments: its variants, its cases, and what can be done with them.
#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernels/kernel_selection.h"
#include "kernels/verify/executions.h"
#include "kernels/verify/op_cases.h"
#include "kernels/work.h"
#include "tools/kernel_lab/side_by_side.h"

namespace duel::lab {

struct VariantInfo {
  std::string name, idea;
  bool from_outside = false;  ///< not a row of the op's table
  bool for_gpus = false;      ///< GPUs support it for some case
  bool for_cpu = false;       ///< the CPU device supports it for some case
  Precision precision = Precision::fp32;
};

struct CaseInfo {
  std::string name;
  std::string shapes;  ///< shapes_text of its arguments
  bool of_training = false;
  bool of_app = false;  ///< added by add_case
};

/// An extent that somebody may choose, and its size where nobody does.
using verify::Axis;

struct VerifyOptions {
  std::uint64_t seed = 1;  ///< of the values and of the random schedules
  verify::HowMany executions = verify::HowMany::some;
};

/// A variant with the tensors of one case on the device, to be launched again and again.
class PreparedCase {
 public:
  virtual ~PreparedCase() = default;
  virtual void launch(StreamView stream) = 0;
};

/// The double-precision results of a case for the values of one seed, for any number of variants.
class Expectation {
 public:
  virtual ~Expectation() = default;
  /// As LabOp::verify(). The kernels may be others than those that were known when the results were computed.
  virtual std::string verify(const KernelSelection& kernels, const std::string& variant,
                             verify::HowMany executions) const = 0;
};

class LabOp {
 public:
  virtual ~LabOp() = default;
  virtual std::string name() const = 0;

  /// The rows of the op's table, then the variants that `kernels` adds.
  virtual std::vector<VariantInfo> variants(const KernelSelection& kernels) const = 0;

  virtual std::vector<CaseInfo> cases() const = 0;
  /// Adds a case with the shapes and scalars of arguments that somebody used (KernelSelection::used_arguments()).
  /// Returns its number; throws std::invalid_argument for arguments of another op.
  virtual std::size_t add_case(const std::any& arguments) = 0;

  /// What a shape of one's own is made of; none: the op has one shape only.
  virtual std::vector<Axis> axes() const = 0;
  /// Adds a case of these sizes, in the order of the axes. Returns its number; throws std::invalid_argument where a
  /// tensor would be too large, or the op refuses the shape.
  virtual std::size_t add_shape(const std::vector<int>& sizes) = 0;

  /// Whether the variant supports the case on this device.
  virtual bool supports(const KernelSelection& kernels, const std::string& variant, std::size_t number) const = 0;

  /// Runs the variant against the double-precision reference: finite where the reference is and within the bounds of
  /// every element, inputs and memory around every tensor unchanged, the same bits in every execution. Returns what is
  /// wrong, or an empty text.
  std::string verify(const KernelSelection& kernels, const std::string& variant, std::size_t number,
                     const VerifyOptions& options) const {
    return expect(number, options.seed)->verify(kernels, variant, options.executions);
  }
  /// What verify() compares with, computed once for several variants. The op must outlive it.
  virtual std::unique_ptr<Expectation> expect(std::size_t number, std::uint64_t seed) const = 0;

  virtual std::unique_ptr<PreparedCase> prepare(const KernelSelection& kernels, const std::string& variant,
                                                std::size_t number, StreamView stream) const = 0;
  virtual Work work(std::size_t number) const = 0;

  /// Adds to `kernels` a variant, side_by_side::kVariant, that runs `first` and, on copies of the tensors, `second`,
  /// and compares both with the reference. `log` must outlive its launches; an op has one such comparison at a time.
  virtual void add_side_by_side(KernelSelection& kernels, const std::string& first, const std::string& second,
                                SideBySideLog& log) const = 0;
};

/// All ops, in the order of the catalog.
std::vector<std::unique_ptr<LabOp>> lab_ops();

}  // namespace duel::lab
