#include "app/data/http_transfer.h"

#include "app/errors/exit_code.h"
#include "duel_has.h"
#include "files/optional_packages.h"

#if DUEL_HAS_CURL
#include <curl/curl.h>

#include <cmath>
#include <exception>
#include <memory>
#include <new>
#endif

namespace duel::app {

#if DUEL_HAS_CURL
namespace {

constexpr long kMostRedirections = 5, kNoSuchRange = 416;

struct CurlLibrary {
  CurlLibrary() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::bad_alloc();
  }
};

/// libcurl calls back through C: exceptions are kept until it has returned.
struct Transfer {
  const TransferSink& sink;
  std::exception_ptr error = nullptr;

  static std::size_t write(char* bytes, std::size_t, std::size_t count, void* data) {
    Transfer& self = *static_cast<Transfer*>(data);
    try {
      return self.sink.append({bytes, count}) ? count : kStop;
    } catch (...) {
      self.error = std::current_exception();
      return kStop;
    }
  }

 private:
  static constexpr std::size_t kStop = 0;  // fewer bytes than there were
};

void allow_protocols(CURL* curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_FILE);
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

}  // namespace

void require_transfers() {}

std::string transfer(const std::string& url, std::uint64_t offset, double patience, const TransferSink& sink) {
  static const CurlLibrary library;
  const std::unique_ptr<CURL, void (*)(CURL*)> owner(curl_easy_init(), curl_easy_cleanup);
  CURL* const curl = owner.get();
  if (curl == nullptr) throw std::bad_alloc();
  Transfer state{sink};
  char message[CURL_ERROR_SIZE] = "";
  const auto seconds = static_cast<long>(std::ceil(patience));
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  allow_protocols(curl);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kMostRedirections);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "duel/" DUEL_VERSION);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, seconds);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
  curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(offset));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Transfer::write);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &state);
  const CURLcode code = curl_easy_perform(curl);
  if (state.error) std::rethrow_exception(state.error);
  if (code == CURLE_OK) return "";
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status == kNoSuchRange || code == CURLE_RANGE_ERROR) sink.restart();
  return message[0] != '\0' ? message : curl_easy_strerror(code);
}
#else
void require_transfers() {
  throw UsageError(without_package("data fetch", "CURL"));
}

std::string transfer(const std::string&, std::uint64_t, double, const TransferSink&) {
  require_transfers();
  return "";
}
#endif

}  // namespace duel::app
