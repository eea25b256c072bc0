// A variable of the environment that a test sets.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace duel::test {

/// Sets a variable of the environment, or removes it, while it lives.
class UseVariable {
 public:
  UseVariable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) before_ = old;
    value ? setenv(name, value, 1) : unsetenv(name);
  }
  ~UseVariable() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }
  UseVariable(const UseVariable&) = delete;
  UseVariable& operator=(const UseVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace duel::test
