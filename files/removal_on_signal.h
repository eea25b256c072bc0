// Something temporary that a signal must not leave behind.
#pragma once

#include <filesystem>
#include <memory>

namespace duel {

/// While it lives, SIGINT, SIGTERM and SIGHUP remove a file or folder with all that is in it, and then end the process
/// as they would have. Signals that are ignored (nohup) stay so. For threads that are made later, too; others, which
/// were there before, must not be.
class RemovalOnSignal {
 public:
  explicit RemovalOnSignal(std::filesystem::path path);
  ~RemovalOnSignal();
  RemovalOnSignal(const RemovalOnSignal&) = delete;
  RemovalOnSignal& operator=(const RemovalOnSignal&) = delete;

 private:
  struct Watch;
  std::unique_ptr<Watch> watch_;
};

}  // namespace duel
