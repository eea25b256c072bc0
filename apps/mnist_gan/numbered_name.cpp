#include "apps/mnist_gan/numbered_name.h"

#include <algorithm>
#include <cstdio>

#include "files/folders.h"

namespace duel::app {

std::string padded(std::int64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof(text), "%0*lld", digits, static_cast<long long>(number));
  return text;
}

std::string numbered_name(std::int64_t number, const std::string& ending) {
  constexpr int kDigits = 6;
  return padded(number, kDigits) + ending;
}

std::vector<std::int64_t> numbers_in(const std::filesystem::path& folder, const std::string& ending) {
  constexpr std::size_t kMostDigits = 18;  // that surely fit into 64 bits
  std::vector<std::int64_t> numbers;
  for (const std::filesystem::directory_entry& entry : entries_of(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(ending)) continue;
    const std::string digits = name.substr(0, name.size() - ending.size());
    const bool is_number = !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
    if (is_number && digits.size() <= kMostDigits) numbers.push_back(std::stoll(digits));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace duel::app
