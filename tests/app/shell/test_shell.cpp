// Completions of shells and the manual page: all that the help has, and texts that their readers take.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/settings/manual.h"
#include "app/shell/shell.h"
#include "apps/mnist_gan/mnist_gan.h"
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
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str() + (status == 0 ? "" : "status " + std::to_string(status));
}

bool is_there(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
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

TEST_CASE("zsh and fish take their scripts, man its page") {
  const duel::test::TemporaryFolder folder;
  const auto accepts = [&](const std::string& program, const std::string& command, const std::string& text) {
    if (!is_there(program)) {
      WARN(program + " is not installed: skipped");
      return;
    }
    std::ofstream(folder.path() / "script") << text;
    CHECK(output_of("cd '" + folder.path().string() + "' && " + command, folder.path()).empty());
  };
  accepts("zsh", "zsh -n script", completion_script(mnist_gan(), Shell::zsh));
  accepts("fish", "fish -n script", completion_script(mnist_gan(), Shell::fish));
  accepts("groff", "groff -man -ww -z script", manual_page(mnist_gan()));
  if (is_there("fish")) {
    std::ofstream(folder.path() / "script") << completion_script(mnist_gan(), Shell::fish);
    const auto proposed = [&](const std::string& typed) {
      return output_of("cd '" + folder.path().string() + "' && fish -c \"source script; complete -C '" + typed + "'\"",
                       folder.path());
    };
    CHECK(contains(proposed("mnist_gan tr"), "train\t"));
    CHECK(contains(proposed("mnist_gan data "), "import\t"));
    CHECK(contains(proposed("mnist_gan runs "), "compare\t"));
    CHECK(contains(proposed("mnist_gan train --ep"), "--epochs\t"));
    CHECK(contains(proposed("mnist_gan train --step "), "fused\t"));
    CHECK(!contains(proposed("mnist_gan train --step "), "script"));
    CHECK(!contains(proposed("mnist_gan train "), "import\t"));
  }
}
