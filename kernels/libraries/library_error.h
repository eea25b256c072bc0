// Errors of the vendors' libraries.
#pragma once

#include "kernels/runtime/error.h"

namespace duel {

/// A call of a vendor's library failed, or it cannot do what it is asked for.
class LibraryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws LibraryError: file:line, the library, the name of its status.
[[noreturn]] inline void throw_library_error(const char* library, const char* status, SourcePlace place) {
  throw LibraryError(std::string(place.file) + ":" + std::to_string(place.line) + ": " + library + ": " + status);
}

}  // namespace duel
