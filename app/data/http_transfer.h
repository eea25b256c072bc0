// One file from a URL.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace duel::app {

/// Where the bytes go.
struct TransferSink {
  std::function<void()> restart;  ///< the server cannot go on at the offset: what is there is of no use to it
  std::function<bool(std::string_view bytes)> append;  ///< false: no more of them
};

/// Throws UsageError, with what to install, where this build has no libcurl.
void require_transfers();

/// Sends the bytes of `url` from `offset` on to the sink. http, https and file; redirections are followed to the first
/// two. Returns "" where the server has sent all, else what went wrong, for people. `patience`: seconds without an
/// answer or a byte. Throws what the sink throws.
std::string transfer(const std::string& url, std::uint64_t offset, double patience, const TransferSink& sink);

}  // namespace duel::app
