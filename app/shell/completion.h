// Of each shell its script, from the manual of all commands.
#pragma once

#include <string>
#include <vector>

#include "app/settings/manual.h"

namespace duel::app {

std::string bash_completion(const std::string& program, const std::vector<CommandManual>& commands);
std::string zsh_completion(const std::string& program, const std::vector<CommandManual>& commands);
std::string fish_completion(const std::string& program, const std::vector<CommandManual>& commands);

/// What may follow the program's name, or the first word of commands of two: words with what they are, each once.
std::vector<CommandGroup> words_after(const std::string& group, const std::vector<CommandManual>& commands);

/// The texts that `text_of` makes of the elements, with `separator` between them; empty ones are left out.
template <class Elements, class TextOf>
std::string join(const Elements& elements, const std::string& separator, const TextOf& text_of) {
  std::string all;
  for (const auto& element : elements) {
    const std::string text = text_of(element);
    if (!text.empty()) all += (all.empty() ? "" : separator) + text;
  }
  return all;
}

inline std::string join(const std::vector<std::string>& texts, const std::string& separator) {
  return join(texts, separator, [](const std::string& text) { return text; });
}

/// A valid name of a shell's function: "fashion-gan" becomes "fashion_gan".
std::string function_name(const std::string& program);

}  // namespace duel::app
