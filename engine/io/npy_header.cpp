#include "engine/io/npy_header.h"

#include <charconv>
#include <set>
#include <stdexcept>

#include "files/text.h"

namespace duel::npy {
namespace {

class HeaderText {
 public:
  HeaderText(std::string_view text, const Refuse& refuse) : text_(text), refuse_(refuse) {}

  std::size_t at() const { return at_; }

  /// Whether `c` comes next, which is then passed.
  bool take(char c) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void expect(char c, const std::string& after) {
    if (!take(c)) refuse(in_quotes(std::string(1, c)) + " after " + after);
  }

  std::string string(const std::string& what) {
    skip_spaces();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') refuse(what + " in quotes");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse(what + " in quotes");
    const std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }

  bool boolean() {
    skip_spaces();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    refuse("True or False");
  }

  std::vector<std::int64_t> sizes() {
    std::vector<std::int64_t> sizes;
    if (!take('(')) refuse("a tuple of sizes, such as (100, 28, 28)");
    while (!take(')')) {
      sizes.push_back(size());
      const bool is_last = !take(',');
      // (3) is a number in Python, (3,) is a tuple.
      if (is_last && sizes.size() == 1) refuse("',' after the first size");
      if (is_last) {
        expect(')', "the sizes");
        break;
      }
    }
    return sizes;
  }

  void end() {
    skip_spaces();
    if (at_ != text_.size()) refuse("nothing after the dictionary");
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    constexpr std::size_t kMost = 20;
    refuse_(at_, expected, at_ == text_.size() ? "the header's end" : in_quotes(text_.substr(at_, kMost)));
    throw std::logic_error("npy::Refuse has not thrown");
  }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && std::string_view(" \t\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  std::int64_t size() {
    skip_spaces();
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0) refuse("a size from 0 to 9223372036854775807");
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  std::string_view text_;
  const Refuse& refuse_;
  std::size_t at_ = 0;
};

}  // namespace

Header parse_header(std::string_view text, const Refuse& refuse) {
  HeaderText in(text, refuse);
  Header header;
  std::set<std::string> keys;
  if (!in.take('{')) in.refuse("'{', the beginning of a dictionary");
  while (!in.take('}')) {
    const std::size_t begin = in.at();
    const std::string key = in.string("a key");
    if (!keys.insert(key).second) refuse(begin, "every key once", "a second " + in_quotes(key));
    in.expect(':', "the key " + in_quotes(key));
    if (key == "descr") {
      header.descr = in.string("one type for all values, such as '<f4',");
    } else if (key == "fortran_order") {
      header.fortran_order = in.boolean();
    } else if (key == "shape") {
      header.shape = in.sizes();
    } else {
      refuse(begin, "only the keys descr, fortran_order and shape", "the key " + in_quotes(key));
    }
    if (in.take(',')) continue;
    in.expect('}', "the value of " + in_quotes(key));
    break;
  }
  in.end();
  if (keys.size() != 3) refuse(0, "the keys descr, fortran_order and shape", std::to_string(keys.size()) + " of them");
  return header;
}

}  // namespace duel::npy
