#include "kernels/simt/ranges.h"

#include <utility>

#include "kernels/simt/launcher.h"
#include "kernels/simt/traps.h"

namespace simt {
namespace {

thread_local std::vector<std::shared_ptr<RangeNode>> t_open;
thread_local RangeRecorder* t_recorder = nullptr;
thread_local Launcher t_launcher;

std::shared_ptr<RangeNode> innermost() {
  return t_open.empty() ? nullptr : t_open.back();
}

}  // namespace

void push_range(const std::string& name) {
  auto range = std::make_shared<RangeNode>(RangeNode{name, innermost()});
  if (t_recorder) t_recorder->ranges_.push_back(range);
  t_open.push_back(std::move(range));
}

void pop_range() {
  if (!t_open.empty()) t_open.pop_back();
}

std::string path_of(const RangeNode* range) {
  if (!range) return "";
  return range->parent ? path_of(range->parent.get()) + " / " + range->name : range->name;
}

std::string range_path() {
  return path_of(innermost().get());
}

std::shared_ptr<const RangeNode> range_of_launch() {
  std::shared_ptr<RangeNode> range = innermost();
  if (range) ++range->launches;
  if (!range && t_recorder) ++t_recorder->launches_outside_;
  return range;
}

Launcher exchange_launcher(Launcher launcher) {
  if (launcher.op) remember_launcher(launcher);
  return std::exchange(t_launcher, launcher);
}
Launcher launcher() {
  return t_launcher;
}

RangeRecorder::RangeRecorder() {
  t_recorder = this;
}
RangeRecorder::~RangeRecorder() {
  t_recorder = nullptr;
}

}  // namespace simt
