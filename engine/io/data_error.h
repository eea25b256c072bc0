#pragma once

#include <stdexcept>

namespace duel {

/// Input data (images, labels, a checkpoint) that cannot be used. what() names the file, the place in it, what
/// was expected, what was found and how to mend it.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace duel
