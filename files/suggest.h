// "Did you mean ...?" for names that nobody knows.
#pragma once

#include <string>
#include <vector>

namespace duel {

/// The candidate that is fewest edits away (insertions, deletions, replacements, swaps of neighbours), or "" where
/// even that one is too far to be what was meant.
std::string closest_name(const std::string& name, const std::vector<std::string>& candidates);

/// "; did you mean <prefix><closest>?", or "" where nothing is close.
std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                         const std::string& prefix = "");

/// "a, b or c".
std::string alternatives(const std::vector<std::string>& names);

}  // namespace duel
