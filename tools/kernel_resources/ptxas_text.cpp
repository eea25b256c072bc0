#include "tools/kernel_resources/ptxas_text.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <regex>
#include <stdexcept>
#include <utility>

#include "files/text.h"

namespace duel {
namespace {

const std::regex kEntry(R"(ptxas info\s*: Compiling entry function '(\S+)' for '(\S+)')");
const std::regex kProperties(R"(ptxas info\s*: Function properties for (\S+))");
const std::regex kFrame(R"(\s*(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads)");
const std::regex kUsed(R"(ptxas info\s*: Used (\d+) registers(.*))");
const std::regex kShared(R"((\d+) bytes smem)");
const std::regex kConstant(R"((\d+) bytes cmem\[\d+\])");
const std::regex kPtxEntry(R"(ptx entry (\S+) (\S+) (none|\d+(?:, ?\d+)*))");

void erase_all(std::string& text, const std::string& part) {
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos;) text.erase(at, part.size());
}

constexpr std::size_t kLongestLine = 16 * 1024;  // std::regex recurses once for each character
constexpr int kMostThreads = 1024;               // of a block, on every GPU

// Reads line by line; `open_` is the kernel whose registers were not told yet.
class Reader {
 public:
  Reader(std::string file, std::string source) : file_(std::move(file)), source_(std::move(source)) {}

  PtxasText read(std::istream& text) {
    std::string line;
    while (std::getline(text, line)) {
      ++line_;
      if (line.size() > kLongestLine) fail("a line of " + std::to_string(line.size()) + " characters");
      read_line(line);
    }
    if (line_ == 0) fail("the file is empty; expected \"nvcc VERSION\"");
    if (!open_.empty()) fail("kernel " + open_ + " has no line with its registers");
    add_launch_bounds();
    return std::move(result_);
  }

 private:
  using Key = std::pair<std::string, int>;  // mangled name, architecture

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(file_ + ":" + std::to_string(line_) + ": " + what);
  }

  void read_line(const std::string& line) {
    std::smatch match;
    if (line_ == 1) {
      if (!line.starts_with("nvcc ")) fail("expected \"nvcc VERSION\", found " + in_quotes(line));
      result_.toolkit = line.substr(5);
    } else if (std::regex_match(line, match, kEntry)) {
      begin_kernel(match[1], match[2]);
    } else if (std::regex_match(line, match, kProperties)) {
      function_ = match[1];
    } else if (std::regex_match(line, match, kFrame)) {
      if (function_.empty()) fail("stack and spills of no function");
      if (function_ != open_) return;  // a device function that was not inlined
      result_.kernels.back().stack = number(match[1]);
      result_.kernels.back().spill_stores = number(match[2]);
      result_.kernels.back().spill_loads = number(match[3]);
    } else if (std::regex_match(line, match, kUsed)) {
      end_kernel(number(match[1]), match[2]);
    } else if (std::regex_match(line, match, kPtxEntry)) {
      launch_bounds_[{match[1], architecture(match[2])}] = threads_of(match[3]);
    } else if (!line.starts_with("ptxas info")) {
      fail("expected what ptxas -v says, found " + in_quotes(line));
    }
  }

  void begin_kernel(const std::string& mangled, const std::string& target) {
    if (!open_.empty()) fail("kernel " + open_ + " has no line with its registers");
    KernelResources kernel;
    kernel.source = source_;
    kernel.kernel = readable_kernel_name(mangled);
    kernel.architecture = architecture(target);
    result_.kernels.push_back(kernel);
    mangled_.push_back(mangled);
    open_ = mangled;
  }

  void end_kernel(int registers, const std::string& rest) {
    if (open_.empty()) fail("registers of no kernel");
    if (function_ != open_) fail("kernel " + open_ + " has no line with its stack and spills");
    KernelResources& kernel = result_.kernels.back();
    kernel.registers = registers;
    std::smatch match;
    if (std::regex_search(rest, match, kShared)) kernel.shared = number(match[1]);
    std::int64_t constant = 0;
    for (std::sregex_iterator it(rest.begin(), rest.end(), kConstant), end; it != end; ++it) {
      constant += number((*it)[1]);
    }
    kernel.constant = number(std::to_string(constant));
    open_.clear();
    function_.clear();
  }

  void add_launch_bounds() {
    for (std::size_t i = 0; i < mangled_.size(); ++i) {
      const auto found = launch_bounds_.find(Key(mangled_[i], result_.kernels[i].architecture));
      if (found == launch_bounds_.end()) {
        fail("no \"ptx entry\" line for kernel " + result_.kernels[i].kernel +
             ": the compiler left no PTX; build the " + "object anew with no other compiler launcher than ccache");
      }
      result_.kernels[i].threads = found->second;
    }
  }

  int architecture(const std::string& name) const {
    const int architecture = architecture_number(name);
    if (architecture == 0) fail("expected an architecture such as sm_75, found " + in_quotes(name));
    return architecture;
  }

  // The product of "256, 1, 1"; 0 for "none".
  int threads_of(const std::string& bounds) const {
    if (bounds == "none") return 0;
    static const std::regex kNumber(R"(\d+)");
    std::int64_t threads = 1;
    for (std::sregex_iterator it(bounds.begin(), bounds.end(), kNumber), end; it != end; ++it) {
      threads *= number(it->str());
      if (threads > kMostThreads) fail("a block of " + bounds + " threads, expected at most 1024");
    }
    return static_cast<int>(threads);
  }

  int number(const std::string& digits) const {
    if (digits.size() > 9) fail("the number " + digits + " is too large");
    return std::stoi(digits);
  }

  std::string file_, source_;
  int line_ = 0;
  std::string open_, function_;
  PtxasText result_;
  std::vector<std::string> mangled_;  // of result_.kernels
  std::map<Key, int> launch_bounds_;
};

}  // namespace

PtxasText read_ptxas_text(std::istream& text, const std::string& file, const std::string& source) {
  return Reader(file, source).read(text);
}

std::string readable_kernel_name(const std::string& mangled) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> demangled(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), std::free);
  if (status != 0) return mangled;
  std::string name = demangled.get();
  erase_all(name, "(anonymous namespace)::");
  erase_all(name, "duel::");
  for (std::size_t at; (at = name.find("> >")) != std::string::npos;) name.erase(at + 1, 1);
  if (name.starts_with("void ")) name.erase(0, 5);  // templates are demangled with their result
  if (!name.ends_with(')')) return name;
  std::size_t end = name.size();
  for (int depth = 0; end-- > 0;) {
    depth += (name[end] == ')') - (name[end] == '(');
    if (depth == 0) break;
  }
  return name.substr(0, end);
}

int architecture_number(const std::string& name) {
  std::smatch match;
  static const std::regex kArchitecture(R"(sm_(\d{2,4})[a-z]?)");
  return std::regex_match(name, match, kArchitecture) ? std::stoi(match[1]) : 0;
}

}  // namespace duel
