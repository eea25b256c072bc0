#include "files/numbered_name.h"

#include <algorithm>
#include <cstdio>
#include <tuple>

#include "files/folders.h"

namespace duel {

std::string padded(std::int64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof(text), "%0*lld", digits, static_cast<long long>(number));
  return text;
}

std::string numbered_name(std::int64_t number, const std::string& ending) {
  constexpr int kDigits = 6;
  return padded(number, kDigits) + ending;
}

std::vector<NumberedEntry> numbered_entries(const std::filesystem::path& folder) {
  constexpr std::size_t kMostDigits = 18;  // that surely fit into 64 bits
  std::vector<NumberedEntry> numbered;
  for (const std::filesystem::directory_entry& entry : entries_of(folder)) {
    const std::string name = entry.path().filename().string();
    const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
    if (digits == 0 || digits > kMostDigits) continue;
    numbered.push_back({std::stoll(name.substr(0, digits)), digits, name.substr(digits), entry.path()});
  }
  std::sort(numbered.begin(), numbered.end(), [](const NumberedEntry& a, const NumberedEntry& b) {
    return std::tie(a.number, a.path) < std::tie(b.number, b.path);
  });
  return numbered;
}

std::vector<std::int64_t> numbers_in(const std::filesystem::path& folder, const std::string& ending) {
  std::vector<std::int64_t> numbers;
  for (const NumberedEntry& entry : numbered_entries(folder)) {
    if (entry.rest == ending) numbers.push_back(entry.number);
  }
  return numbers;
}

}  // namespace duel
