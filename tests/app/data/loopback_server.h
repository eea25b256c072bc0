// A web server on this machine alone, with the weaknesses that a test asks for.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace duel::test {

/// How a file is served.
struct ServedFile {
  std::string content;
  int status = 200;
  bool knows_ranges = true;
  std::size_t cut_after = std::string::npos;  ///< bytes of an answer, then the connection ends
  std::string location = "";                  ///< of a redirection
};

/// Answers GET of "/NAME" on 127.0.0.1, one connection after the other, until it is destroyed.
class LoopbackServer {
 public:
  LoopbackServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::setenv("no_proxy", "127.0.0.1", 1);  // whatever proxy the machine has
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(socket_, 8) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    stops_ = true;
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  void put(const std::string& name, ServedFile file) {
    const std::lock_guard lock(mutex_);
    files_[name] = std::move(file);
  }
  /// "NAME from OFFSET" of each request.
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    while (!stops_) {
      const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      answer(connection);
      ::close(connection);
    }
  }

  void answer(int connection) {
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
      if (count <= 0) return;
      request.append(buffer, static_cast<std::size_t>(count));
    }
    const std::size_t begin = request.find('/') + 1;
    const std::string name = request.substr(begin, request.find(' ', begin) - begin);
    const std::size_t range = request.find("Range: bytes=");
    std::size_t offset = range == std::string::npos ? 0 : std::strtoull(request.c_str() + range + 13, nullptr, 10);
    ServedFile file{.content = "", .status = 404};
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(name + " from " + std::to_string(offset));
      if (const auto found = files_.find(name); found != files_.end()) file = found->second;
    }
    if (!file.knows_ranges) offset = 0;
    if (offset > 0 && file.status == 200) file.status = offset < file.content.size() ? 206 : 416;
    const std::string body = offset <= file.content.size() ? file.content.substr(offset) : "";
    std::string head = "HTTP/1.1 " + std::to_string(file.status) +
                       " Status\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    if (file.status == 206) {
      head += "Content-Range: bytes " + std::to_string(offset) + "-" + std::to_string(file.content.size() - 1) + "/" +
              std::to_string(file.content.size()) + "\r\n";
    }
    if (!file.location.empty()) head += "Location: " + file.location + "\r\n";
    const std::string all = head + "\r\n" + body.substr(0, file.cut_after);
    for (std::size_t sent = 0; sent < all.size();) {
      const ssize_t count = ::send(connection, all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }

  int socket_, port_ = 0;
  std::atomic<bool> stops_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, ServedFile> files_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace duel::test
