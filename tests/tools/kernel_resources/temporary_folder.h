// What tests of tools need: files and programs in a folder, and messages.
#pragma once

#include <exception>
#include <filesystem>
#include <string>

#include "tests/files/temporary_folder.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace duel {

using test::contains;
using test::TemporaryFolder;

inline std::filesystem::path write_program(const TemporaryFolder& folder, const std::string& name,
                                           const std::string& text) {
  const std::filesystem::path file = folder.write(name, text);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

/// What `call` throws; "" where it throws nothing.
template <class Call>
std::string message_of(const Call& call) {
  return test::thrown_message<std::exception>(call);
}

}  // namespace duel
