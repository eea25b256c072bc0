// Open files of the system, as owners.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace duel {

/// Calls `function` until a signal no longer interrupts it.
template <typename Function>
auto without_interruption(Function function) {
  auto result = function();
  while (result == -1 && errno == EINTR) result = function();
  return result;
}

/// Owns a descriptor; a negative number is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  /// Closes now, so that an error of a delayed write is seen. Never repeated: Linux frees the number even on EINTR.
  bool close() { return ::close(std::exchange(number_, -1)) == 0 || errno == EINTR; }

 private:
  int number_ = -1;
};

}  // namespace duel
