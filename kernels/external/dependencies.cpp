#include "kernels/external/dependencies.h"

#include <fstream>

namespace duel {

namespace fs = std::filesystem;

std::vector<fs::path> inputs_of(const std::string& make_rule) {
  std::vector<fs::path> inputs;
  std::string name;
  const auto end_name = [&] {
    if (!name.empty()) inputs.push_back(fs::absolute(name));
    name.clear();
  };
  for (std::size_t i = make_rule.find(": ") + 1; i < make_rule.size(); ++i) {
    const char c = make_rule[i], next = i + 1 < make_rule.size() ? make_rule[i + 1] : '\n';
    if (c == '\\' && next == '\n') continue;  // the rule goes on in the next line
    if (c == ' ' || c == '\n') {
      end_name();
    } else if ((c == '\\' && (next == ' ' || next == '#')) || (c == '$' && next == '$')) {
      name += next;
      ++i;
    } else {
      name += c;
    }
  }
  end_name();
  return inputs;
}

std::string text_of_inputs(const std::vector<fs::path>& inputs) {
  std::string text;
  for (const fs::path& input : inputs) text += input.string() + "\n";
  return text;
}

std::vector<fs::path> read_inputs(const fs::path& list) {
  std::vector<fs::path> inputs;
  std::ifstream stream(list, std::ios::binary);
  for (std::string line; std::getline(stream, line);) inputs.emplace_back(line);
  return inputs;
}

}  // namespace duel
