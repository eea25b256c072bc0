// What is thrown, as tests look at it.
#pragma once

#include <string>

namespace duel::test {

/// The message of the Error that `act` throws; "" where it throws nothing.
template <class Error, class Act>
std::string thrown_message(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace duel::test
