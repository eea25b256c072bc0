#include "kernels/runtime/device_spec.h"

#include <charconv>
#include <stdexcept>

#include "files/text.h"

namespace duel {

DeviceSpec parse_device_spec(const std::string& spec) {
  using enum DeviceSpec::Kind;
  if (spec == "auto") return {any};
  if (spec == "cpu") return {cpu};
  if (spec == "cuda") return {cuda};
  int ordinal = -1;
  if (spec.starts_with("cuda:")) {
    const char* end = spec.data() + spec.size();
    const auto [rest, error] = std::from_chars(spec.data() + 5, end, ordinal);
    if (error == std::errc() && rest == end && ordinal >= 0) return {cuda, ordinal};
  }
  throw std::invalid_argument("expected auto, cpu, cuda or cuda:N, found " + in_quotes(spec));
}

}  // namespace duel
