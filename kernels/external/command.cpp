#include "kernels/external/command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace duel {
namespace {

// Standard output and error go to the log; there is no input.
struct Redirections {
  posix_spawn_file_actions_t actions;

  explicit Redirections(const char* log) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  }
  ~Redirections() { posix_spawn_file_actions_destroy(&actions); }
  Redirections(const Redirections&) = delete;
  Redirections& operator=(const Redirections&) = delete;
};

}  // namespace

CommandResult run_command(const Command& command, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const Redirections redirections(log.c_str());
  pid_t process = 0;
  const int error = posix_spawnp(&process, arguments[0], &redirections.actions, nullptr, arguments.data(), environ);
  if (error != 0) return {false, command[0] + " cannot be run: " + std::strerror(error) + "\n"};
  int status = 0;
  pid_t waited = 0;
  do waited = waitpid(process, &status, 0);
  while (waited < 0 && errno == EINTR);
  std::ostringstream output;
  output << std::ifstream(log).rdbuf();
  return {waited == process && WIFEXITED(status) && WEXITSTATUS(status) == 0, output.str()};
}

std::string shell_text(const Command& command) {
  constexpr auto kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  std::string text;
  for (const std::string& argument : command) {
    if (!text.empty()) text += ' ';
    if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) {
      text += argument;
      continue;
    }
    text += '\'';
    for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

}  // namespace duel
