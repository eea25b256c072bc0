// Compares what kernels wrote with what the reference wrote.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/verify/bounds.h"
#include "kernels/verify/device_mirror.h"

namespace duel::verify {

/// Whether an element that is no floating-point number is right. Tests overload it for types that hold such numbers.
template <class T>
bool agrees(const T& actual, const T& expected) {
  return std::memcmp(&actual, &expected, sizeof(T)) == 0;
}

/// Non-finite results must be non-finite in the same way; then finite, then close. Nothing here lets a NaN pass. An
/// infinite bound is of an element that means nothing, of a workspace: any finite value is right.
inline bool agrees_within(double actual, double expected, double bound) {
  if (std::isinf(bound) && std::isfinite(actual)) return true;
  if (std::isnan(expected)) return std::isnan(actual);
  if (!std::isfinite(expected)) return actual == expected;
  return std::isfinite(actual) && std::abs(actual - expected) <= bound;
}

template <class T>
T element_of(const std::vector<std::byte>& bytes, std::size_t index) {
  T element;
  std::memcpy(&element, &bytes.at(index * sizeof(T)), sizeof(T));
  return element;
}

/// Whether the bits are those of memory that nobody wrote. Arithmetic passes them on; a NaN that it makes has others.
template <class T>
bool is_poison(const T& element) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&element);
  return std::all_of(bytes, bytes + sizeof(T), [](std::byte byte) { return byte == kPoison; });
}

inline std::string place_text(const std::string& name, std::size_t index, int columns) {
  const auto width = static_cast<std::size_t>(columns);
  return name + "[" + std::to_string(index / width) + ", " + std::to_string(index % width) + "]";
}

/// A visitor of the reference's arguments, after it ran: compares every output with the downloaded tensors.
class CompareOutputs {
 public:
  CompareOutputs(const std::vector<TensorImage>& before, const std::vector<std::vector<std::byte>>& after,
                 const Bounds& bounds)
      : before_(before), after_(after), bounds_(bounds) {}

  template <class T, int kRank>
  void reads(const char* name, const View<T, kRank>&) {
    require_unchanged(name);
    ++next_;
  }
  template <class T, int kRank>
  void updates(const char* name, const View<T, kRank>& expected) {
    writes(name, expected);
  }
  template <class T, int kRank>
  void writes(const char* name, const View<T, kRank>& expected) {
    if (bounds_.is_untouched(name)) {
      require_unchanged(name);
    } else if (expected) {
      compare(name, expected);
    }
    ++next_;
  }

  /// What is wrong; empty if nothing is.
  std::string report() const {
    return report_.str() +
           (has_poison_ ? "  (such a NaN is what memory holds that nobody wrote, shared memory too)\n" : "");
  }

 private:
  void require_unchanged(const std::string& name) {
    if (after_.at(next_) != before_.at(next_).bytes) report_ << "  " << name << " was changed\n";
  }

  template <class T, int kRank>
  void compare(const std::string& name, const View<T, kRank>& expected) {
    using Element = OnDevice<T>;
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto actual = element_of<Element>(after_.at(next_), i);
      if constexpr (std::is_floating_point_v<T>) {
        const double bound = bounds_.of(name, i);
        if (agrees_within(actual, expected.data[i], bound)) continue;
        has_poison_ |= is_poison(actual) && std::isfinite(expected.data[i]);
        if (wrong++ == 0) {
          report_.precision(9);
          report_ << "  " << place_text(name, i, expected.columns) << " is " << actual << ", expected "
                  << expected.data[i] << " within " << bound << "\n";
        }
      } else {
        if (agrees(actual, static_cast<Element>(expected.data[i]))) continue;
        if (wrong++ == 0) report_ << "  " << place_text(name, i, expected.columns) << " is wrong\n";
      }
    }
    if (wrong > 1) report_ << "  (" << wrong << " of " << expected.size() << " elements of " << name << ")\n";
  }

  const std::vector<TensorImage>& before_;
  const std::vector<std::vector<std::byte>>& after_;
  const Bounds& bounds_;
  std::size_t next_ = 0;
  std::ostringstream report_;
  bool has_poison_ = false;  ///< where a number belongs
};

/// The first element in which two executions differ; empty if none does.
inline std::string first_difference(const std::vector<TensorImage>& images,
                                    const std::vector<std::vector<std::byte>>& a,
                                    const std::vector<std::vector<std::byte>>& b) {
  for (std::size_t t = 0; t < images.size(); ++t) {
    if (a.at(t) == b.at(t)) continue;
    std::size_t byte = 0;
    while (a[t][byte] == b[t][byte]) ++byte;
    const std::size_t elements = static_cast<std::size_t>(images[t].rows) * images[t].columns;
    const std::size_t element = byte / (a[t].size() / elements);
    return place_text(images[t].name, element, images[t].columns);
  }
  return "";
}

}  // namespace duel::verify
