#include "app/tensorboard/event_file.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/tensorboard/event_records.h"
#include "app/tensorboard/value_histogram.h"
#include "duel_has.h"
#include "files/atomic_file.h"
#include "files/folders.h"
#include "files/optional_packages.h"
#include "files/regular_file.h"

#if DUEL_HAS_PROTOBUF
#include "events.pb.h"
#endif

namespace duel::app {

namespace fs = std::filesystem;

#if DUEL_HAS_PROTOBUF
namespace {

using tensorboard::Event;

/// "events.out.tfevents.1767225599.host.1234"; TensorBoard reads files with "tfevents" in their names, in their order.
fs::path event_file_path(const fs::path& run_folder) {
  char host[256] = "host";
  gethostname(host, sizeof host - 1);
  std::string name = host;
  for (char& c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (!is_plain) c = '-';
  }
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  const std::string begin = "events.out.tfevents." + std::to_string(seconds.count()) + "." + name + ".";
  std::int64_t number = getpid();
  while (fs::exists(fs::symlink_status(run_folder / (begin + std::to_string(number))))) ++number;
  return run_folder / (begin + std::to_string(number));
}

Event event_at(std::int64_t step) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  Event event;
  event.set_wall_time(now.count());
  event.set_step(step);
  return event;
}

}  // namespace

void require_event_files() {}

void cut_event_files(const fs::path& run_folder, std::int64_t last_step) {
  std::vector<fs::path> files;
  for (const auto& entry : entries_of(run_folder)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) files.push_back(entry.path());
  }
  for (const fs::path& file : files) {
    const std::string bytes = read_regular_file(file).value_or("");
    std::string kept;
    for (const std::string_view content : event_contents(bytes)) {
      Event event;
      const bool is_event = event.ParseFromArray(content.data(), static_cast<int>(content.size()));
      if (is_event && event.step() <= last_step) kept += event_record(content);
    }
    if (kept != bytes) write_file_atomically(file, kept);
  }
}

EventFile::EventFile(const fs::path& run_folder, std::int64_t last_step) : path_(event_file_path(run_folder)) {
  errno = 0;
  out_.open(path_, std::ios::binary | std::ios::app);
  check();
  Event version = event_at(0);
  version.set_file_version("brain.Event:2");
  write(version.SerializeAsString());
  Event start = event_at(last_step + 1);
  start.mutable_session_log()->set_status(tensorboard::SessionLog::START);
  if (last_step > 0) write(start.SerializeAsString());
  flush();
}

void EventFile::add_scalars(std::int64_t step, const std::map<std::string, double>& values) {
  Event event = event_at(step);
  for (const auto& [tag, number] : values) {
    auto& value = *event.mutable_summary()->add_value();
    value.set_tag(tag);
    value.set_simple_value(static_cast<float>(number));
  }
  write(event.SerializeAsString());
}

void EventFile::add_picture(std::int64_t step, const std::string& tag, const Picture& picture) {
  const std::vector<std::byte> png = encode_png(picture);
  Event event = event_at(step);
  auto& value = *event.mutable_summary()->add_value();
  value.set_tag(tag);
  value.mutable_image()->set_height(picture.height);
  value.mutable_image()->set_width(picture.width);
  value.mutable_image()->set_colorspace(picture.channels);
  value.mutable_image()->set_encoded_image_string(png.data(), png.size());
  write(event.SerializeAsString());
}

void EventFile::add_histogram(std::int64_t step, const std::string& tag, std::span<const float> values) {
  const ValueHistogram histogram = histogram_of(values);
  if (histogram.count == 0) return;
  Event event = event_at(step);
  auto& value = *event.mutable_summary()->add_value();
  value.set_tag(tag);
  tensorboard::Histogram& histo = *value.mutable_histo();
  histo.set_min(histogram.min);
  histo.set_max(histogram.max);
  histo.set_num(histogram.count);
  histo.set_sum(histogram.sum);
  histo.set_sum_squares(histogram.sum_squares);
  histo.mutable_bucket_limit()->Assign(histogram.limits.begin(), histogram.limits.end());
  histo.mutable_bucket()->Assign(histogram.counts.begin(), histogram.counts.end());
  write(event.SerializeAsString());
}

#else

void require_event_files() {
  throw UsageError(without_package("--tensorboard", "PROTOBUF"));
}

void cut_event_files(const fs::path&, std::int64_t) {}

EventFile::EventFile(const fs::path&, std::int64_t) {
  require_event_files();
}
void EventFile::add_scalars(std::int64_t, const std::map<std::string, double>&) {}
void EventFile::add_picture(std::int64_t, const std::string&, const Picture&) {}
void EventFile::add_histogram(std::int64_t, const std::string&, std::span<const float>) {}

#endif

void EventFile::write(const std::string& event) {
  const std::string record = event_record(event);
  const std::lock_guard lock(mutex_);
  errno = 0;
  out_.write(record.data(), static_cast<std::streamsize>(record.size()));
  check();
}

void EventFile::flush() {
  const std::lock_guard lock(mutex_);
  errno = 0;
  out_.flush();
  check();
}

void EventFile::check() const {
  if (out_) return;
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), "cannot write " + path_.string());
}

}  // namespace duel::app
