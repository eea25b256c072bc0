// What is wrong with data also names the file that holds them.
#pragma once

#include <string>
#include <string_view>

#include "engine/io/data_error.h"

namespace duel::app {

/// Runs `read`; a DataError of it begins with the file's name, once.
template <class Read>
auto in_file(const std::string& file, const Read& read) {
  try {
    return read();
  } catch (const DataError& error) {
    if (std::string_view(error.what()).starts_with(file + ": ")) throw;
    throw DataError(file + ": " + error.what());
  }
}

}  // namespace duel::app
