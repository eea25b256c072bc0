#include "app/live/live_server.h"

#include <unistd.h>

#include "app/errors/exit_code.h"
#include "duel_has.h"
#include "engine/measure/monotonic_clock.h"
#include "files/optional_packages.h"
#include "files/text.h"

#if DUEL_HAS_HTTPLIB
#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <thread>
#endif

namespace duel::app {

#if DUEL_HAS_HTTPLIB
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr int kThreads = 32;  // mostly asleep: enough for connections that say nothing
constexpr int kReadSeconds = 2;
constexpr double kRecently = 3, kLookingTime = 2.5;  // seconds; a page looks every second

/// A port that is in use must not be shared, as the library would by SO_REUSEPORT.
void reuse_only_what_is_closed(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

}  // namespace

struct LiveServer::Impl {
  httplib::Server server;
  int port = 0;
  std::unique_ptr<LivePage> page;
  std::atomic<double> asked_at = -1e9;  ///< monotonic
  std::thread thread;

  bool take(int wanted) {
    if (!server.bind_to_port(kHost, wanted)) return false;
    port = wanted;
    return true;
  }

  static bool is_called_by_name(const httplib::Request& request) {
    const std::string host = request.get_header_value("Host");  // its port is another one at the end of a tunnel
    const std::string name = lower_case(host.substr(0, host.find(':')));
    return name == kHost || name == "localhost";
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    response.set_header("Cache-Control", "no-store");
    response.set_header("X-Content-Type-Options", "nosniff");
    if (!is_called_by_name(request)) {
      response.status = 403;
      return response.set_content("This page is for browsers of its own machine.\n", "text/plain");
    }
    if (request.method != "GET" && request.method != "HEAD") {
      response.status = 405;
      return response.set_content("There is nothing here but to look at.\n", "text/plain");
    }
    asked_at = monotonic_seconds();
    const LiveAnswer answer = page->answer(request.path);
    response.status = answer.status;
    response.set_header("Content-Security-Policy",
                        "default-src 'none'; img-src 'self' data:; connect-src 'self'; style-src 'unsafe-inline'; "
                        "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    if (answer.is_kept) {
      response.headers.erase("Cache-Control");
      response.set_header("Cache-Control", "max-age=3600");
    }
    response.set_content(answer.body, answer.type);
  }
};

LiveServer::LiveServer(int port) : impl_(std::make_unique<Impl>()) {
  httplib::Server& server = impl_->server;
  server.set_socket_options(reuse_only_what_is_closed);
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_read_timeout(kReadSeconds);
  server.set_tcp_nodelay(true);
  if (port != 0) {
    if (impl_->take(port)) return;
    throw UsageError("port " + std::to_string(port) + " of 127.0.0.1 cannot be had: another program has it, or the " +
                     "system keeps it; name another one, or 0 for the first free one from " +
                     std::to_string(kFirstPort) + " on");
  }
  for (int i = 0; i < kPorts; ++i) {
    if (impl_->take(kFirstPort + i)) return;
  }
  throw UsageError("none of the ports " + std::to_string(kFirstPort) + " to " +
                   std::to_string(kFirstPort + kPorts - 1) + " of 127.0.0.1 is free; name another one");
}

LiveServer::~LiveServer() {
  if (!impl_->thread.joinable()) return;
  while (!impl_->server.is_running()) std::this_thread::yield();  // before that it could not be told to stop
  impl_->server.stop();
  impl_->thread.join();
}

void LiveServer::show(const TrainingProgram& program, const std::filesystem::path& run_folder) {
  impl_->page = std::make_unique<LivePage>(program, run_folder, monotonic_seconds);
  impl_->server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    impl_->answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  impl_->thread = std::thread([this] { impl_->server.listen_after_bind(); });
}

std::string LiveServer::address() const {
  return std::string("http://") + kHost + ":" + std::to_string(impl_->port) + "/";
}

void LiveServer::let_see_the_end() const {
  const double end = monotonic_seconds();
  if (end - impl_->asked_at > kRecently) return;
  std::this_thread::sleep_for(std::chrono::duration<double>(kLookingTime));
}

#else
struct LiveServer::Impl {};

LiveServer::LiveServer(int) {
  throw UsageError(without_package("the live page", "HTTPLIB"));
}
LiveServer::~LiveServer() = default;
void LiveServer::show(const TrainingProgram&, const std::filesystem::path&) {}
std::string LiveServer::address() const {
  return "";
}
void LiveServer::let_see_the_end() const {}
#endif

void LiveServer::wait() const {
  while (true) pause();
}

}  // namespace duel::app
