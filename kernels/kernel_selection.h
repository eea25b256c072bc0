// Public. Which variant of each op runs. An engineer's explicit choice comes first, then what tuning found for exactly
// these shapes, then the order of the op's table. Whoever enqueues ops holds a selection and runs them through it.
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/op.h"

namespace duel {

/// The extents of all tensors of the arguments, in the order of visit(): "64x128 256x128 256 -", - for an absent one.
template <class Arguments>
std::string shapes_text(Arguments arguments);

/// Why a variant runs.
enum class SelectedBecause {
  chosen,    ///< somebody named it
  tuned,     ///< it was the fastest for these shapes on this device
  preferred  ///< the first row of the table of the selection's precision that supports the case
};
std::string_view name_of(SelectedBecause because);

/// One decision, for the record.
struct KernelUse {
  std::string op, shapes, variant;
  SelectedBecause because;

  bool operator==(const KernelUse&) const = default;
};

class KernelSelection {
 public:
  /// The op's variants: the rows of its table, then those that were added.
  template <class Arguments>
  std::vector<Variant<Arguments>> variants(const Op<Arguments>& op) const;

  /// Adds a variant from outside the table. It runs only where it is chosen or tuned. Its texts are copied. Throws
  /// std::invalid_argument where the op has a variant of that name, where a name holds other characters than letters,
  /// digits and _ - . + (the first one a letter, digit or _) or more than 100, and where something is missing.
  template <class Arguments>
  void add(const Op<Arguments>& op, const Variant<Arguments>& variant);

  /// From now on the op runs this variant, or throws where that does not support a case. Names are checked at once.
  /// Throws std::invalid_argument that lists the ops, or the op's variants.
  void choose(const std::string& op, const std::string& variant);
  /// "op=variant", as the command line has it. Throws std::invalid_argument.
  void choose(const std::string& choice);

  /// The op runs this variant for tensors of these shapes (shapes_text) if it is there and supports them.
  void prefer(const std::string& op, const std::string& shapes, const std::string& variant);

  /// Ops that have variants of this precision run one of those wherever no variant was chosen by name; the others
  /// stay in fp32. Before that: fp32.
  void set_precision(Precision precision) { precision_ = precision; }

  /// The variant for these arguments on this device, remembered in uses(). Throws std::invalid_argument where an
  /// explicitly chosen variant does not support them, with those that do, or where none does.
  template <class Arguments>
  Variant<Arguments> select(const Op<Arguments>& op, const Arguments& arguments) const;

  /// Validates the arguments, selects a variant and enqueues it.
  template <class Arguments>
  void run(const Op<Arguments>& op, const Arguments& arguments, StreamView stream) const {
    op.validate(arguments);
    enqueue(op, select(op, arguments), arguments, stream);
  }

  /// Every decision so far, each once.
  const std::vector<KernelUse>& uses() const { return uses_; }
  /// What the decisions were about: for each use the arguments, whose tensors may be gone but have their shapes.
  const std::vector<std::any>& used_arguments() const { return used_arguments_; }
  /// Notes for people, each once: where a row of a table was passed over.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Added {
    std::string name;
    std::any variant;
  };
  const std::string* chosen(std::string_view op) const;
  const std::string* tuned(std::string_view op, const std::string& shapes) const;
  void note(const std::string& text) const;
  void remember(KernelUse use, std::any arguments) const;
  [[noreturn]] static void refuse(std::string_view op, const std::string& shapes, const std::string& variant,
                                  const std::vector<std::string>& supporting);

  static void require_complete(const char* op, const char* name, bool has_rest);
  static const char* kept_text(const char* text);  ///< a copy that stays: kernels and reports refer to it

  template <class Arguments>
  Precision precision_for(const Op<Arguments>& op) const;

  Precision precision_ = Precision::fp32;
  std::map<std::string, std::vector<Added>, std::less<>> added_;
  std::map<std::string, std::string, std::less<>> chosen_;
  std::map<std::pair<std::string, std::string>, std::string> tuned_;
  // What was decided; not part of the selection itself.
  mutable std::vector<KernelUse> uses_;
  mutable std::vector<std::any> used_arguments_;
  mutable std::vector<std::string> notes_;
};

// ---- implementation ----

namespace detail {

class ShapesText {
 public:
  void reads(const char*, const auto& view) { add(view); }
  void writes(const char*, const auto& view) { add(view); }
  void updates(const char*, const auto& view) { add(view); }

  std::string text;

 private:
  template <class T, int kRank>
  void add(const View<T, kRank>& view) {
    if (!text.empty()) text += ' ';
    if (!view) {
      text += '-';
      return;
    }
    text += std::to_string(view.rows);
    if constexpr (kRank == 2) text += 'x' + std::to_string(view.columns);
  }
};

}  // namespace detail

template <class Arguments>
std::string shapes_text(Arguments arguments) {
  detail::ShapesText visitor;
  visit(arguments, visitor);
  return std::move(visitor.text);
}

template <class Arguments>
std::vector<Variant<Arguments>> KernelSelection::variants(const Op<Arguments>& op) const {
  std::vector<Variant<Arguments>> all(op.variants.begin(), op.variants.end());
  if (const auto found = added_.find(op.name); found != added_.end()) {
    for (const Added& added : found->second) all.push_back(std::any_cast<const Variant<Arguments>&>(added.variant));
  }
  return all;
}

template <class Arguments>
void KernelSelection::add(const Op<Arguments>& op, const Variant<Arguments>& variant) {
  require_complete(op.name, variant.name, variant.idea && variant.supports && variant.launch);
  for (const Variant<Arguments>& there : variants(op)) {
    if (std::string_view(there.name) == variant.name) {
      throw std::invalid_argument(std::string(op.name) + " has a variant '" + variant.name +
                                  "' already; expected a new name");
    }
  }
  Variant<Arguments> kept = variant;
  kept.name = kept_text(variant.name);
  kept.idea = kept_text(variant.idea);
  added_[op.name].push_back({kept.name, kept});
}

template <class Arguments>
Variant<Arguments> KernelSelection::select(const Op<Arguments>& op, const Arguments& arguments) const {
  const auto all = variants(op);
  const std::string shapes = shapes_text(arguments);
  const auto supports = [&](const Variant<Arguments>& variant) { return is_supported(op, variant, arguments); };
  const auto decide = [&](const Variant<Arguments>& variant, SelectedBecause because) {
    remember({op.name, shapes, variant.name, because}, arguments);
    return variant;
  };
  const std::string* const by_name = chosen(op.name);
  const Precision precision = precision_for(op);
  const bool may_be_tuned = !by_name && precision == Precision::fp32;  // tuning compares variants of full precision
  const std::string* const by_tuning = may_be_tuned ? tuned(op.name, shapes) : nullptr;
  if (const std::string* const wanted = by_name ? by_name : by_tuning) {
    for (const Variant<Arguments>& variant : all) {
      if (variant.name != *wanted || !supports(variant)) continue;
      if (!by_name && variant.precision != precision) continue;
      return decide(variant, by_name ? SelectedBecause::chosen : SelectedBecause::tuned);
    }
  }
  if (by_name) {
    std::vector<std::string> supporting;
    for (const Variant<Arguments>& variant : all) {
      if (supports(variant)) supporting.push_back(variant.name);
    }
    refuse(op.name, shapes, *by_name, supporting);
  }
  if (by_tuning) note(std::string(op.name) + ": the tuned variant '" + *by_tuning + "' does not support " + shapes);
  for (const Variant<Arguments>& variant : op.variants) {
    if (variant.precision != precision || !supports(variant)) continue;
    if (precision == Precision::fp32 && &variant != op.variants.data()) {
      note(std::string(op.name) + ": variant '" + op.variants[0].name + "' does not support every case here; using '" +
           variant.name + "' for those");
    }
    return decide(variant, SelectedBecause::preferred);
  }
  throw std::invalid_argument(std::string(op.name) + ": no variant of precision " + std::string(name_of(precision)) +
                              " supports these arguments on this device");
}

template <class Arguments>
Precision KernelSelection::precision_for(const Op<Arguments>& op) const {
  for (const Variant<Arguments>& variant : op.variants) {
    if (variant.precision == precision_) return precision_;
  }
  return Precision::fp32;
}

}  // namespace duel
