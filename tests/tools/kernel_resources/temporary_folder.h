// What tests of tools need: files and programs in a folder, and messages.
#pragma once

#include <exception>
#include <filesystem>
#include <string>

#include "tests/files/temporary_folder.h"
#include "tests/support/text.h"

namespace duel {

using test::contains;
using test::TemporaryFolder;

inline std::filesystem::path write_program(const TemporaryFolder& folder, const std::string& name,
                                           const std::string& text) {
  const std::filesystem::path file = folder.write(name, text);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

/// What `call` throws as a std::exception, or "nothing thrown".
template <class Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace duel
