// Checks that an op's validate() refuses wrong arguments and says which one is wrong.
#pragma once

#include <cstddef>
#include <set>
#include <stdexcept>
#include <string>

#include "kernels/op.h"
#include "kernels/verify/op_cases.h"

namespace duel::test {

using verify::shape;

/// Runs validate() and returns what is wrong with its answer: it must refuse, and its message must hold the op's name,
/// `named`, and the word "expected".
template <class Arguments>
std::string check_refusal(const Op<Arguments>& op, const Arguments& wrong, const std::string& named) {
  try {
    op.validate(wrong);
  } catch (const std::invalid_argument& error) {
    const std::string message = error.what();
    for (const std::string& text : {std::string(op.name), named, std::string("expected")}) {
      if (message.find(text) == std::string::npos) return "'" + message + "' does not say '" + text + "'\n";
    }
    return "";
  }
  return std::string(op.name) + " accepts wrong " + named + "\n";
}

enum class Spoil { absent, one_more_row, one_row_less, one_more_column, one_column_less };

/// A visitor that spoils the tensor number `target`.
class SpoilTensor {
 public:
  SpoilTensor(int target, Spoil how) : target_(target), how_(how) {}

  void reads(const char* tensor, auto& view) { spoil(tensor, view); }
  void writes(const char* tensor, auto& view) { spoil(tensor, view); }
  void updates(const char* tensor, auto& view) { spoil(tensor, view); }

  std::string name;          ///< of the target; empty if there are fewer tensors
  bool was_spoiled = false;  ///< false where a vector was to get other columns
  bool has_more = false;     ///< columns, or of a vector rows

 private:
  template <class T, int kRank>
  void spoil(const char* tensor, View<T, kRank>& view) {
    if (next_++ != target_) return;
    name = tensor;
    was_spoiled = kRank == 2 || (how_ != Spoil::one_more_column && how_ != Spoil::one_column_less);
    has_more = how_ == (kRank == 2 ? Spoil::one_more_column : Spoil::one_more_row);
    if (how_ == Spoil::absent) view = {};
    if (how_ == Spoil::one_more_row) ++view.rows;
    if (how_ == Spoil::one_row_less) --view.rows;
    if (how_ == Spoil::one_more_column) ++view.columns;
    if (how_ == Spoil::one_column_less) --view.columns;
  }

  int target_, next_ = 0;
  Spoil how_;
};

struct ShapeRules {
  std::set<std::string> defining = {};  ///< give the sizes, so that a message may name what then disagrees with them
  std::set<std::string> optional = {};  ///< may be absent
  std::set<std::string> free = {};      ///< may have any number of rows
  std::set<std::string> roomy = {};     ///< may have more columns, a vector more rows
};

/// Spoils every tensor of valid arguments in every way, one at a time; returns what validate() does not refuse
/// properly.
template <class Arguments>
std::string check_shapes(const Op<Arguments>& op, const Arguments& valid, const ShapeRules& rules) {
  std::string report;
  op.validate(valid);
  for (const Spoil how :
       {Spoil::absent, Spoil::one_more_row, Spoil::one_row_less, Spoil::one_more_column, Spoil::one_column_less}) {
    for (int target = 0;; ++target) {
      Arguments spoiled = valid;
      SpoilTensor visitor(target, how);
      visit(spoiled, visitor);
      if (visitor.name.empty()) break;
      const bool row_change = how == Spoil::one_more_row || how == Spoil::one_row_less;
      if (!visitor.was_spoiled || (row_change && rules.free.contains(visitor.name))) continue;
      if (visitor.has_more && rules.roomy.contains(visitor.name)) continue;
      if (how == Spoil::absent && rules.optional.contains(visitor.name)) {
        op.validate(spoiled);
      } else {
        report += check_refusal(op, spoiled, rules.defining.contains(visitor.name) ? "" : visitor.name);
      }
    }
  }
  return report;
}

}  // namespace duel::test
