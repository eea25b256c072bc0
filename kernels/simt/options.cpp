// The options that a program starts with.
#include <charconv>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kernels/simt/device.h"
#include "kernels/simt/simt.h"

namespace simt {
namespace {

[[noreturn]] void refuse(const char* variable, const std::string& value, const std::string& expected) {
  throw std::invalid_argument(std::string(variable) + " is '" + value + "'; expected " + expected);
}

// The whole of `text` as a decimal number.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

void read_threads(const std::string& text, Options& options) {
  const auto threads = parse_number(text);
  if (!threads || *threads > kMaxWorkers) {
    refuse("DUEL_SIMT_THREADS", text, "a number from 0 (all cores) to " + std::to_string(kMaxWorkers));
  }
  options.threads = static_cast<int>(*threads);
}

void read_schedule(const std::string& text, Options& options) {
  constexpr std::string_view kRandom = "random:";
  if (text == "forward") {
    options.schedule = Schedule::forward;
  } else if (text == "reverse") {
    options.schedule = Schedule::reverse;
  } else {
    const auto seed = text.starts_with(kRandom) ? parse_number(text.substr(kRandom.size())) : std::nullopt;
    if (!seed) refuse("DUEL_SIMT_SCHEDULE", text, "forward, reverse or random:SEED");
    options.schedule = Schedule::random;
    options.seed = *seed;
  }
}

void read_checks(const std::string& text, Options& options) {
  if (text != "0" && text != "1") refuse("DUEL_SIMT_CHECKS", text, "0 or 1");
  options.poison_shared = options.check_guards = text == "1";
}

void read_block_seconds(const std::string& text, Options& options) {
  const auto seconds = parse_number(text);
  if (!seconds) refuse("DUEL_SIMT_BLOCK_SECONDS", text, "whole seconds, 0 for no limit");
  options.block_seconds = static_cast<double>(*seconds);
}

void read_architecture(const std::string& text, Options& options) {
  const auto architecture = parse_number(text);
  if (!architecture || *architecture > static_cast<std::uint64_t>(kNewestArchitecture)) {
    refuse("DUEL_SIMT_ARCHITECTURE", text, "a number up to " + std::to_string(kNewestArchitecture) + ", such as 75");
  }
  options.architecture = static_cast<int>(*architecture);
}

}  // namespace

Options options_from_environment() {
  Options options;
  if (const char* threads = std::getenv("DUEL_SIMT_THREADS")) read_threads(threads, options);
  if (const char* schedule = std::getenv("DUEL_SIMT_SCHEDULE")) read_schedule(schedule, options);
  if (const char* checks = std::getenv("DUEL_SIMT_CHECKS")) read_checks(checks, options);
  if (const char* seconds = std::getenv("DUEL_SIMT_BLOCK_SECONDS")) read_block_seconds(seconds, options);
  if (const char* architecture = std::getenv("DUEL_SIMT_ARCHITECTURE")) read_architecture(architecture, options);
  return options;
}

}  // namespace simt
