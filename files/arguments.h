// A program's arguments before they are understood.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace duel {

/// The arguments with "--name=" as "--name" and "", which parsers would complete with the next argument. Throws
/// std::invalid_argument for an option with an empty value, most often a variable of the shell that is not set; but for
/// one of which `may_be_empty`, given "--name", says that this means something.
std::vector<std::string> refuse_empty_values(
    const std::vector<std::string>& arguments,
    const std::function<bool(const std::string& option)>& may_be_empty = [](const std::string&) { return false; });

}  // namespace duel
