// Serves the page of a run to browsers of this machine.
#pragma once

#include <memory>
#include <string>

#include "app/live/live_page.h"

namespace duel::app {

class LiveServer {
 public:
  static constexpr int kFirstPort = 8765, kPorts = 20;

  /// Takes a port of 127.0.0.1; 0: the first free one from kFirstPort on. Throws UsageError where it is taken, or where
  /// the build lacks the library.
  explicit LiveServer(int port);
  ~LiveServer();

  /// Answers from threads of its own until it is destroyed; once. Requests that do not call this machine by its own
  /// name are refused: a page of another site whose name leads here gets nothing. Throws as LivePage.
  void show(const TrainingProgram& program, const std::filesystem::path& run_folder);
  std::string address() const;  ///< "http://127.0.0.1:8765/"
  /// Serves until a signal ends the process.
  [[noreturn]] void wait() const;
  /// Gives a browser that has asked in the last seconds the time to see how the run ended.
  void let_see_the_end() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace duel::app
