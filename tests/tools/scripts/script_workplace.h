// A copy of a script of tools/, with stand-ins for the commands that it runs.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>

#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/support/text.h"

namespace duel::test {

namespace fs = std::filesystem;

struct Outcome {
  int exit_code = -1;
  std::string output;  ///< standard output, then standard error
};

/// A folder with tools/NAME, and a PATH on which nothing is but the named commands and stand-ins.
class ScriptWorkplace {
 public:
  explicit ScriptWorkplace(const std::string& script, std::initializer_list<const char*> commands = {})
      : script_("tools/" + script) {
    fs::create_directories(path() / "tools");
    fs::create_directories(path() / "bin");
    fs::copy_file(fs::path(DUEL_SOURCE_DIR) / script_, path() / script_);
    for (const char* name : {"bash", "cat", "dirname", "sed"}) link_command(name);
    for (const char* name : commands) link_command(name);
  }
  const fs::path& path() const { return folder_.path(); }

  /// Another file of the sources, under the same name.
  void copy_file(const std::string& name) const {
    fs::create_directories((path() / name).parent_path());
    fs::copy_file(fs::path(DUEL_SOURCE_DIR) / name, path() / name);
  }

  void add_command(const std::string& name, const std::string& script) const {
    const fs::path file = path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "#!" << (path() / "bin/bash").string() << "\n" << script << "\n";
    fs::permissions(file, fs::perms::owner_all);
  }

  Outcome run(const std::string& arguments) const { return run(arguments, path() / "output"); }
  Outcome run(const std::string& arguments, const fs::path& output) const {
    const fs::path error = path() / "error";
    const std::string command = "cd '" + path().string() + "' && unset DUEL_CMAKE_ARGUMENTS && PATH='" +
                                (path() / "bin").string() + "' bash " + script_ + " " + arguments + " >'" +
                                output.string() + "' 2>'" + error.string() + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            (fs::is_regular_file(output) ? content_of(output) : "") + content_of(error)};
  }

 private:
  void link_command(const std::string& name) const {
    const char* const variable = std::getenv("PATH");
    std::istringstream folders(variable ? variable : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
      if (!fs::exists(fs::path(folder) / name)) continue;
      fs::create_symlink(fs::path(folder) / name, path() / "bin" / name);
      return;
    }
    FAIL("the test needs the command " + name);
  }

  std::string script_;
  TemporaryFolder folder_;
};

}  // namespace duel::test
