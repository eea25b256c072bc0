#include "app/settings/completion_options.h"

#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText CompletionOptions::kCommand = {
    "completion", "Print a script that completes commands, options and values in a shell.",
    "Examples:\n"
    "  {program} completion bash > ~/.local/share/bash-completion/completions/{program}\n"
    "  {program} completion fish > ~/.config/fish/completions/{program}.fish\n"
    "  {program} completion zsh > FOLDER/_{program}      a folder of $fpath\n\n"
    "What cmake --install installs has them already."};

EnumNames<Shell> names_of(Shell) {
  using enum Shell;
  static constexpr EnumName<Shell> kNames[] = {{bash, "bash"}, {zsh, "zsh"}, {fish, "fish"}};
  return kNames;
}

template <class Visitor, OptionsOf<CompletionOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit({"shell", "SHELL", "bash, zsh or fish", {}, OnResume::fixed, false, Place::required}, options.shell);
}

const std::vector<Setting<CompletionOptions>>& CompletionOptions::settings() {
  return collected_settings<CompletionOptions>();
}

}  // namespace duel::app
