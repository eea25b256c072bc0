#include "kernels/kernel_selection.h"

#include <algorithm>
#include <cctype>
#include <mutex>
#include <set>

#include "files/text.h"
#include "kernels/catalog.h"

namespace duel {
namespace {

bool is_name(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  const auto may_be_first = [](unsigned char c) { return c == '_' || (c < 128 && std::isalnum(c)); };
  const auto may_follow = [&](unsigned char c) { return may_be_first(c) || c == '-' || c == '.' || c == '+'; };
  return !text.empty() && text.size() <= kLongest && may_be_first(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), may_follow);
}

}  // namespace

std::string_view name_of(SelectedBecause because) {
  switch (because) {
    case SelectedBecause::chosen:
      return "chosen";
    case SelectedBecause::tuned:
      return "tuned";
    case SelectedBecause::preferred:
      break;
  }
  return "preferred";
}

void KernelSelection::choose(const std::string& op, const std::string& variant) {
  std::vector<std::string> ops, names;
  bool is_known = false;
  for_each_op([&](const auto& candidate) {
    ops.push_back(candidate.name);
    if (candidate.name != op) return;
    is_known = true;
    for (const auto& row : variants(candidate)) names.push_back(row.name);
  });
  if (!is_known) throw std::invalid_argument("there is no op " + in_quotes(op) + "; expected one of " + joined(ops));
  if (std::find(names.begin(), names.end(), variant) == names.end()) {
    throw std::invalid_argument(op + " has no variant " + in_quotes(variant) + "; expected one of " + joined(names));
  }
  chosen_[op] = variant;
}

void KernelSelection::choose(const std::string& choice) {
  const std::size_t equals = choice.find('=');
  if (equals == std::string::npos) {
    throw std::invalid_argument(in_quotes(choice) + " is no choice of a kernel; expected op=variant");
  }
  choose(choice.substr(0, equals), choice.substr(equals + 1));
}

void KernelSelection::prefer(const std::string& op, const std::string& shapes, const std::string& variant) {
  tuned_[{op, shapes}] = variant;
}

void KernelSelection::require_complete(const char* op, const char* name, bool has_rest) {
  if (!name || !is_name(name)) {
    throw std::invalid_argument(std::string(op) +
                                ": expected a variant's name of 1 to 100 letters, digits and _ - . +, "
                                "the first one a letter, a digit or _; found " +
                                (name ? "'" + std::string(name) + "'" : "none"));
  }
  if (!has_rest) {
    throw std::invalid_argument(
        std::string(op) + "=" + name +
        ": expected a name, an idea, supports() and a function that launches, found a null pointer");
  }
}

const char* KernelSelection::kept_text(const char* text) {
  static std::mutex mutex;
  static auto& kept = *new std::set<std::string, std::less<>>;
  const std::lock_guard lock(mutex);
  return kept.emplace(text).first->c_str();
}

const std::string* KernelSelection::chosen(std::string_view op) const {
  const auto found = chosen_.find(op);
  return found == chosen_.end() ? nullptr : &found->second;
}

const std::string* KernelSelection::tuned(std::string_view op, const std::string& shapes) const {
  const auto found = tuned_.find({std::string(op), shapes});
  return found == tuned_.end() ? nullptr : &found->second;
}

void KernelSelection::note(const std::string& text) const {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(text);
}

void KernelSelection::remember(KernelUse use, std::any arguments) const {
  if (std::find(uses_.begin(), uses_.end(), use) != uses_.end()) return;
  uses_.push_back(std::move(use));
  used_arguments_.push_back(std::move(arguments));
}

void KernelSelection::refuse(std::string_view op, const std::string& shapes, const std::string& variant,
                             const std::vector<std::string>& supporting) {
  throw std::invalid_argument(std::string(op) + "=" + variant + ": this variant does not support tensors of " + shapes +
                              " on this device; " +
                              (supporting.empty() ? "no variant does" : "these do: " + joined(supporting)));
}

}  // namespace duel
