// Completions of shells and the manual page: all that the help has, and texts that their readers take.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <tuple>

#include "app/settings/manual.h"
#include "app/shell/shell.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "files/text.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::test::contains;
namespace fs = std::filesystem;

std::string output_of(const std::string& command, const fs::path& folder) {
  const fs::path file = folder / "output";
  const int status = std::system((command + " >'" + file.string() + "' 2>&1").c_str());
  return duel::test::get(file) + (status == 0 ? "" : "status " + std::to_string(status));
}

bool is_there(const std::string& program) {
  if (std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0) return true;
  WARN(program + " is not installed: skipped");
  return false;
}

/// What bash proposes for the words, of which the last is being typed.
std::string proposed_by_bash(const std::string& words, const fs::path& folder) {
  std::ofstream(folder / "script") << completion_script(mnist_gan(), Shell::bash) << "COMP_WORDS=(" << words << ")\n"
                                   << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_mnist_gan\necho \" ${COMPREPLY[*]} \"\n";
  return output_of("cd '" + folder.string() + "' && bash script", folder);
}

}  // namespace

TEST_CASE("completions and the manual page have every command and option of the help") {
  const std::string page = manual_page(mnist_gan());
  const std::string bash = completion_script(mnist_gan(), Shell::bash),
                    zsh = completion_script(mnist_gan(), Shell::zsh),
                    fish = completion_script(mnist_gan(), Shell::fish);
  for (const CommandManual& command : manual_of(mnist_gan())) {
    CAPTURE(command.name);
    CHECK(contains(page, ".SS mnist_gan " + command.name + "\n"));
    CHECK(!command.about.empty());
    for (const OptionManual& option : command.options) {
      CAPTURE(option.name);
      std::string name = option.name;
      if (!has_flag(option.place)) continue;
      CHECK(contains(bash, "--" + name));
      CHECK(contains(zsh, "'--" + name));
      CHECK(contains(fish, " -l " + name + " "));
      for (auto at = name.find('-'); at != std::string::npos; at = name.find('-', at + 2)) name.replace(at, 1, "\\-");
      CHECK(contains(page, "\\-\\-" + name + "\\fR"));
    }
  }
  CHECK(!contains(page, "{program}"));
}

TEST_CASE("bash completes commands, options, names and files where they stand") {
  const duel::test::TemporaryFolder folder;
  const auto proposed = [&](const std::string& words) { return proposed_by_bash(words, folder.path()); };
  CHECK(contains(proposed("mnist_gan ''"), " train "));
  CHECK(contains(proposed("mnist_gan ''"), " --version "));
  CHECK(proposed("mnist_gan tr") == " train \n");
  CHECK(proposed("mnist_gan train --ep") == " --epochs \n");
  CHECK(proposed("mnist_gan train --epochs ''") == "  \n");
  CHECK(proposed("mnist_gan train --epochs 3 --step ''") == " fused plain \n");
  CHECK(proposed("mnist_gan train --step = f") == " fused \n");
  CHECK(contains(proposed("mnist_gan data ''"), " import "));
  CHECK(contains(proposed("mnist_gan runs ''"), " compare "));
  CHECK(contains(proposed("mnist_gan completion ''"), " bash zsh fish "));
  std::ofstream(folder.path() / "with a space");
  CHECK(contains(proposed("mnist_gan train --data with"), " with a space "));
}

TEST_CASE("zsh, fish and man take what is written for them") {
  const duel::test::TemporaryFolder folder;
  const auto accepts = [&](const std::string& program, const std::string& command, const std::string& text) {
    if (!is_there(program)) return;
    std::ofstream(folder.path() / "script") << text;
    CHECK(output_of("cd '" + folder.path().string() + "' && " + command, folder.path()).empty());
  };
  accepts("zsh", "zsh -n script", completion_script(mnist_gan(), Shell::zsh));
  accepts("fish", "fish -n script", completion_script(mnist_gan(), Shell::fish));
  accepts("groff", "groff -man -ww -z script", manual_page(mnist_gan()));
}

TEST_CASE("fish completes commands, options, names and files where they stand") {
  if (!is_there("fish")) return;
  const duel::test::TemporaryFolder folder;
  std::ofstream(folder.path() / "script") << completion_script(mnist_gan(), Shell::fish);
  const auto proposed = [&](const std::string& typed) {
    return output_of("cd '" + folder.path().string() + "' && fish -c \"source script; complete -C '" + typed + "'\"",
                     folder.path());
  };
  CHECK(contains(proposed("mnist_gan tr"), "train\t"));
  CHECK(contains(proposed("mnist_gan data "), "import\t"));
  CHECK(contains(proposed("mnist_gan runs "), "compare\t"));
  CHECK(contains(proposed("mnist_gan runs "), "script"));
  CHECK(contains(proposed("mnist_gan train --ep"), "--epochs\t"));
  CHECK(contains(proposed("mnist_gan train --step "), "fused\t"));
  CHECK(contains(proposed("mnist_gan train --step=f"), "--step=fused"));
  CHECK(contains(proposed("mnist_gan train --data scr"), "script"));
  CHECK(!contains(proposed("mnist_gan train --step "), "script"));
  CHECK(!contains(proposed("mnist_gan train "), "import\t"));
}

TEST_CASE("zsh completes on a terminal as people type") {
  if (!is_there("zsh") || !is_there("script")) return;
  const duel::test::TemporaryFolder folder;
  std::ofstream(folder.path() / "_mnist_gan") << completion_script(mnist_gan(), Shell::zsh);
  std::ofstream(folder.path() / "with a space");
  // typed -> what the line becomes, and what is proposed.
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"mnist_gan tr", "mnist_gan train ", "train"},
      {"mnist_gan train --ep", "mnist_gan train --epochs=", "--epochs"},
      {"mnist_gan train --step ", "mnist_gan train --step ", "fused plain"},
      {"mnist_gan train --step=f", "mnist_gan train --step=fused ", "fused"},
      {"mnist_gan train --epochs ", "mnist_gan train --epochs ", ""},
      {"mnist_gan train --epochs 3 --data with", R"(mnist_gan train --epochs 3 --data with\ a\ space )",
       R"(with\ a\ space)"},
      {"mnist_gan data ", "mnist_gan data ", "import stack info preview fetch"},
      {"mnist_gan data inf", "mnist_gan data info ", "info"},
      {"mnist_gan runs co", "mnist_gan runs compare ", "compare"},
      {"mnist_gan runs wi", R"(mnist_gan runs with\ a\ space )", R"(with\ a\ space)"},
      {"mnist_gan runs compare --o", "mnist_gan runs compare --out=", "--out"},
      {"mnist_gan completion f", "mnist_gan completion fish ", "fish"}};
  std::string typed, expected;
  for (const auto& [text, line, proposed] : cases) {
    typed += " " + duel::in_shell_quotes(text);
    expected += line + "|" + proposed + "\n";
  }
  // The line editor completes each of them as soon as it is ready, and writes down what became of it.
  const auto found_by_zsh = [&](const std::string& way) {
    fs::remove(folder.path() / "found");
    std::ofstream(folder.path() / ".zshrc") << way << R"(
unsetopt beep
compadd() {
  local -a found
  (( ${@[(I)-[OAD]*]} )) || { builtin compadd -O found "$@"; proposed+=($found) }
  builtin compadd "$@"
}
zle-line-init() {
  local typed
  for typed in)" << typed << R"(; do
    proposed=()
    BUFFER=$typed CURSOR=$#typed
    zle complete-word
    print -r -- "$BUFFER|${(j: :)proposed}" >> found
  done
  exit
}
zle -N zle-line-init
)";
    output_of("cd '" + folder.path().string() +
                  "' && ZDOTDIR=$PWD TERM=xterm timeout 60 script -qec 'zsh -d -i' /dev/null </dev/null",
              folder.path());
    return duel::test::get(folder.path() / "found");
  };
  // As an installed file, and as a script that one's own settings read.
  CHECK(found_by_zsh("fpath=($PWD $fpath); autoload -Uz compinit; compinit -D -u") == expected);
  CHECK(found_by_zsh("autoload -Uz compinit; compinit -D -u; source ./_mnist_gan") == expected);
}

TEST_CASE("bash completes on a terminal as people type") {
  if (!is_there("script")) return;
  const duel::test::TemporaryFolder folder;
  std::ofstream(folder.path() / "script") << completion_script(mnist_gan(), Shell::bash);
  std::ofstream(folder.path() / "with a space");
  std::ofstream(folder.path() / "typed") << "source ./script; mnist_gan() { printf '<%s>' \"$@\"; echo; } >> found\n"
                                            "mnist_gan tr\t --ep\t 3 --step=f\t\n"
                                            "mnist_gan data inf\t --ou\t with\t\n"
                                            "mnist_gan runs com\t with\t\n"
                                            "exit\n";
  output_of(
      "cd '" + folder.path().string() + "' && TERM=xterm timeout 60 script -qec 'bash --norc -i' /dev/null <typed",
      folder.path());
  CHECK(duel::test::get(folder.path() / "found") ==
        "<train><--epochs><3><--step=fused>\n<data><info><--out><with a space>\n<runs><compare><with a space>\n");
}
