// The live page over the network of the machine itself.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>

#include "app/commands/train.h"
#include "app/errors/exit_code.h"
#include "app/live/live_server.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "duel_has.h"
#include "files/descriptor.h"
#include "tests/app/workplace.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::Descriptor;
using duel::test::contains;
using duel::test::TemporaryFolder;
using test::Workplace;

#if DUEL_HAS_HTTPLIB

int port_of(const LiveServer& server) {
  const std::string address = server.address();
  return std::stoi(address.substr(address.rfind(':') + 1));
}

sockaddr_in address_of(const char* host, int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(inet_pton(AF_INET, host, &address.sin_addr) == 1);
  return address;
}

enum class Until { closed, first_bytes };

/// What the server sends to these bytes.
std::string ask(int port, const std::string& request, Until until) {
  const Descriptor connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = address_of("127.0.0.1", port);
  REQUIRE(connect(connection.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(send(connection.number(), request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size()));
  std::string answer;
  char bytes[4096];
  for (ssize_t count; (count = recv(connection.number(), bytes, sizeof bytes, 0)) > 0;) {
    answer.append(bytes, count);
    if (until == Until::first_bytes) break;
  }
  return answer;
}

std::string get(int port, const std::string& path, const std::string& host = "127.0.0.1", const char* method = "GET") {
  return ask(port, std::string(method) + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n",
             Until::closed);
}

struct ServedRun {
  TemporaryFolder parent;
  LiveServer server{0};
  int port = port_of(server);

  ServedRun() {
    parent.write("secret.png", "secret");
    parent.write("run/config.toml", "seed = 7\n");
    parent.write("run/samples/000400.png", "sample");
    server.show(mnist_gan(), parent.path() / "run");
  }
};

#endif

}  // namespace

#if DUEL_HAS_HTTPLIB

TEST_CASE("the page, its state and its pictures are served") {
  const ServedRun place;
  CHECK(place.server.address() == "http://127.0.0.1:" + std::to_string(place.port) + "/");
  const std::string page = get(place.port, "/");
  CHECK(page.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(page, "<h1>run</h1>"));
  CHECK(contains(page, "Content-Security-Policy: default-src 'none'"));
  CHECK(contains(get(place.port, "/state"), "{\"state\":\""));
  CHECK(get(place.port, "/samples/000400.png?1").ends_with("sample"));
  CHECK(get(place.port, "/", "localhost:9999").starts_with("HTTP/1.1 200 "));  // at the end of a tunnel
  const std::string head = get(place.port, "/samples/000400.png", "localhost", "HEAD");
  CHECK((head.starts_with("HTTP/1.1 200 ") && !head.ends_with("sample")));
}

TEST_CASE("nothing outside of the run is served") {
  const ServedRun place;
  for (const char* path :
       {"/../secret.png", "/samples/../../secret.png", "/%2e%2e/secret.png", "/%2e%2e%2fsecret.png",
        "/samples/%2e%2e/%2e%2e/secret.png", "/samples/..%2f..%2fsecret.png", "/..%5csecret.png", "//etc/passwd",
        "/%2fetc%2fpasswd", "/samples/000400.png%00.html", "/samples/000400.png/..", "/config.toml", "/."}) {
    CAPTURE(path);
    const std::string answer = get(place.port, path);
    CHECK(answer.starts_with("HTTP/1.1 404 "));
    CHECK(!contains(answer, "secret"));
    CHECK(!contains(answer, "root:"));
  }
}

TEST_CASE("other names, other methods and nonsense get nothing") {
  const ServedRun place;
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "192.168.0.1", ""}) {
    CAPTURE(host);
    const std::string answer = get(place.port, "/", host);
    CHECK(answer.starts_with("HTTP/1.1 403 "));
    CHECK(!contains(answer, "<h1>"));
  }
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    CAPTURE(method);
    CHECK(get(place.port, "/", "127.0.0.1", method).starts_with("HTTP/1.1 405 "));
  }
  CHECK(get(place.port, "/", "LocalHost:9000").starts_with("HTTP/1.1 200 "));
  CHECK(!contains(ask(place.port, "nonsense\r\n\r\n", Until::first_bytes), "<h1>"));
  CHECK(!contains(
      ask(place.port, "GET " + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", Until::first_bytes),
      "<h1>"));
  CHECK(get(place.port, "/").starts_with("HTTP/1.1 200 "));  // it still serves
}

TEST_CASE("only this machine reaches the page") {
  const ServedRun place;
  // 127.0.0.2 is this machine, too, but not the address that the server listens at.
  const Descriptor connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = address_of("127.0.0.2", place.port);
  CHECK(connect(connection.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0);
}

TEST_CASE("a quiet training says where its live page is") {
  Workplace place;
  TrainOptions options = place.options();
  options.quiet = true;
  options.serve = 0;
  CHECK(train(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "live page    http://127.0.0.1:"));
  CHECK(!contains(place.error.str(), "http://"));
}

TEST_CASE("a port that is taken is refused where it was named, and passed over where not") {
  const LiveServer first(0);
  const LiveServer second(0);
  CHECK(port_of(first) != port_of(second));
  CHECK_THROWS_AS(LiveServer(port_of(first)), UsageError);
}

#else

TEST_CASE("a build without the library says what is missing") {
  try {
    const LiveServer server(0);
    FAIL("a server without a library");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(), "libcpp-httplib-dev"));
  }
}

#endif
