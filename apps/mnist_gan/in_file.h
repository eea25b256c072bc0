// What is wrong with data also names the file that holds them.
#pragma once

#include <string>

#include "engine/io/data_error.h"

namespace duel::app {

/// Runs `read`; a DataError of it begins with the file's name.
template <class Read>
auto in_file(const std::string& file, const Read& read) {
  try {
    return read();
  } catch (const DataError& error) {
    throw DataError(file + ": " + error.what());
  }
}

}  // namespace duel::app
