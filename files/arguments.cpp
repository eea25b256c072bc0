#include "files/arguments.h"

#include <stdexcept>

#include "files/text.h"

namespace duel {

std::vector<std::string> refuse_empty_values(const std::vector<std::string>& arguments,
                                             const std::function<bool(const std::string&)>& may_be_empty) {
  std::vector<std::string> apart;
  for (const std::string& argument : arguments) {
    const bool ends_empty = argument.starts_with("--") && argument.find('=') + 1 == argument.size();
    apart.push_back(ends_empty ? argument.substr(0, argument.size() - 1) : argument);
    if (ends_empty) apart.emplace_back();
    const bool has_option = apart.back().empty() && apart.size() > 1 && apart[apart.size() - 2].starts_with("--");
    if (!has_option || may_be_empty(apart[apart.size() - 2])) continue;
    throw std::invalid_argument(printable(apart[apart.size() - 2]) +
                                ": expected a value, found an empty one; leave the option out for its default");
  }
  return apart;
}

}  // namespace duel
