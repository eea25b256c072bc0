#include "tests/apps/faults/faulted_program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/content.h"

namespace duel::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongest{30};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<FileOperation> operations_in(const fs::path& trace) {
  std::vector<FileOperation> operations;
  std::ifstream lines(trace);
  FileOperation one;
  while (lines >> one.number >> one.name && std::getline(lines >> std::ws, one.path)) operations.push_back(one);
  return operations;
}

pid_t start(const fs::path& folder, const fs::path& out, const fs::path& error, std::vector<std::string> command,
            std::vector<std::string> environment) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t process = 0;
  const int failure = posix_spawn(&process, command.front().c_str(), &actions, nullptr, pointers(command).data(),
                                  pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error("cannot start " + command.front());
  return process;
}

}  // namespace

ProgramEnd run_with_faults(const fs::path& folder, const std::vector<std::string>& command, const std::string& faults) {
  const fs::path out = folder / "said.out", error = folder / "said.error", trace = folder / "trace";
  const std::vector<std::string> environment = {
      "LD_PRELOAD=" DUEL_FILE_FAULTS_LIBRARY, "DUEL_FILE_FAULTS=" + faults + " trace=" + trace.string(),
      "HOME=" + folder.string(), "XDG_CACHE_HOME=" + (folder / "cache").string(), "PATH=/usr/bin:/bin"};
  const pid_t process = start(folder, out, error, command, environment);
  ProgramEnd end;
  int status = 0;
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  while (waitpid(process, &status, WNOHANG) == 0) {
    if (!end.was_late && std::chrono::steady_clock::now() > deadline) {
      end.was_late = true;
      kill(process, SIGKILL);
    }
    usleep(500);
  }
  if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  end.out = content_of(out);
  end.error = content_of(error);
  end.operations = operations_in(trace);
  return end;
}

}  // namespace duel::test
