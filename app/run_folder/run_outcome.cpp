#include "app/run_folder/run_outcome.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/io/json_text.h"
#include "files/file_lock.h"
#include "files/regular_file.h"

namespace duel::app {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kNames[] = {"running", "finished", "stopped", "collapsed", "failed", "killed"};

std::string text_in(const OrderedJson& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Where that cannot be known, what outcome.json says stands.
bool is_nobody_training(const std::filesystem::path& run_folder) {
  try {
    return !FileLock::is_held(run_folder / "log.txt");
  } catch (const std::system_error& error) {
    return error.code() == std::errc::no_such_file_or_directory;
  }
}

}  // namespace

const char* outcome_name(RunEnd end) {
  return kNames[static_cast<int>(end)];
}

bool is_open(RunEnd end) {
  return end == RunEnd::running || end == RunEnd::killed;
}

bool is_out_of_time(const RunOutcome& outcome) {
  return outcome.end == RunEnd::stopped && outcome.exit_code == 0;
}

std::string to_json(const RunOutcome& outcome) {
  const OrderedJson json = {{"outcome", outcome_name(outcome.end)},
                            {"exit_code", outcome.exit_code},
                            {"iterations", outcome.iterations},
                            {"goal", outcome.goal},
                            {"reason", outcome.reason},
                            {"remedy", outcome.remedy},
                            {"version", outcome.version},
                            {"begun", outcome.begun}};
  return json_text(json) + "\n";
}

std::optional<RunOutcome> parse_outcome(const std::string& text) {
  const OrderedJson json = OrderedJson::parse(text, nullptr, false);
  const auto is_whole = [&json](const char* key) { return json.contains(key) && json[key].is_number_integer(); };
  if (!json.is_object() || !is_whole("exit_code") || !is_whole("iterations") || !is_whole("goal")) return std::nullopt;
  for (int end = 0; end < static_cast<int>(std::size(kNames)); ++end) {
    if (json.value("outcome", OrderedJson()) != kNames[end]) continue;
    return RunOutcome{.end = static_cast<RunEnd>(end),
                      .exit_code = json["exit_code"].get<int>(),
                      .iterations = json["iterations"].get<std::int64_t>(),
                      .goal = json["goal"].get<std::int64_t>(),
                      .reason = text_in(json, "reason"),
                      .remedy = text_in(json, "remedy"),
                      .version = text_in(json, "version"),
                      .begun = text_in(json, "begun")};
  }
  return std::nullopt;
}

std::optional<RunOutcome> read_outcome(const std::filesystem::path& run_folder) {
  // In this order: a process that ends meanwhile has written its outcome before it lets go.
  const bool is_left = is_nobody_training(run_folder);
  auto outcome = parse_outcome(read_regular_file(run_folder / "outcome.json", kMostRecordBytes).value_or(""));
  if (outcome && outcome->end == RunEnd::running && is_left) outcome->end = RunEnd::killed;
  return outcome;
}

}  // namespace duel::app
