#include "files/suggest.h"

#include <algorithm>

namespace duel {
namespace {

/// Optimal string alignment distance, row by row.
std::size_t edits_between(const std::string& a, const std::string& b) {
  std::vector<std::size_t> two_back, previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], two_back[j - 2] + 1);
    }
    two_back = previous;
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::string closest_name(const std::string& name, const std::vector<std::string>& candidates) {
  std::string closest;
  std::size_t fewest = name.size() / 3 + 2;  // at least this many edits are another word
  for (const std::string& candidate : candidates) {
    // A beginning counts as one edit: --check for --checkpoint.
    const bool is_beginning = name.size() >= 3 && candidate.starts_with(name);
    const std::size_t edits = is_beginning ? 1 : edits_between(name, candidate);
    if (edits < fewest && edits < candidate.size()) {
      fewest = edits;
      closest = candidate;
    }
  }
  return closest;
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                         const std::string& prefix) {
  const std::string closest = closest_name(name, candidates);
  return closest.empty() ? "" : "; did you mean " + prefix + closest + "?";
}

std::string alternatives(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : i + 1 < names.size() ? ", " : " or ") + names[i];
  }
  return text;
}

}  // namespace duel
