// The files that a compiler read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace duel {

/// The files after the colon of a rule for make, as compilers write it for -MMD, absolute.
std::vector<std::filesystem::path> inputs_of(const std::string& make_rule);

/// A list of files, one a line; and what such a list says.
std::string text_of_inputs(const std::vector<std::filesystem::path>& inputs);
std::vector<std::filesystem::path> read_inputs(const std::filesystem::path& list);

}  // namespace duel
