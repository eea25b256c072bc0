// Whose kernels a host thread launches; a launch remembers it, so that the report of a fault can name it.
#pragma once

namespace simt {

/// The op and the variant; nullptr: nobody has said it.
struct Launcher {
  const char* op = nullptr;
  const char* variant = nullptr;
};

/// Of the calling host thread. Returns the one before.
Launcher exchange_launcher(Launcher launcher);
Launcher launcher();

}  // namespace simt
