#include "app/commands/watch.h"

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "app/live/live_server.h"
#include "engine/io/checkpoint_path.h"

namespace duel::app {

ExitCode watch(const WatchOptions& options) {
  LiveServer server(options.port);
  const std::filesystem::path run = find_run(options.run, options.runs);
  server.show(*options.program, run);
  if (!(std::cout << server.address() << "  shows " << run.string() << "; Ctrl-C ends it\n").flush()) {
    throw std::system_error(EIO, std::generic_category(), "cannot write to standard output");
  }
  server.wait();
}

}  // namespace duel::app
