#include "engine/io/file_size_limit.h"

#include <signal.h>

namespace duel {

void take_file_size_limit_as_error() {
  struct sigaction action = {};
  action.sa_handler = [](int) {};  // not SIG_IGN, which started programs would inherit
  action.sa_flags = SA_RESTART;
  sigaction(SIGXFSZ, &action, nullptr);
}

}  // namespace duel
