#include "engine/io/safetensors_header.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "files/text.h"

namespace duel {
namespace safetensors {
namespace {

using nlohmann::json;

constexpr std::string_view kDTypeNames = "U8, I64, F32 or F64";

std::string place_of(const Entry& entry) {
  return "tensor " + in_quotes(entry.name);
}

/// Takes the header value by value, so that duplicate keys, kinds of number and nesting are seen before a general
/// JSON document would hide them. Legal nesting ends at the arrays of an entry, so depth needs no counter.
class HeaderReader final : public json::json_sax_t {
 public:
  explicit HeaderReader(const Complaint& complain) : complain_(complain) {}

  Header header;  ///< filled by the callbacks, which keep the names that nlohmann::json gives them

  bool start_object(std::size_t) override {
    if (level_ == Level::outside) {
      level_ = Level::header;
    } else if (level_ == Level::header && key_ == kMetadataKey) {
      level_ = Level::metadata;
    } else if (level_ == Level::header) {
      Entry& entry = header.entries.emplace_back();
      entry.name = key_;
      entry.rank = header.entries.size();
      fields_.clear();
      offsets_.clear();
      level_ = Level::entry;
    } else {
      refuse("an object");
    }
    return true;
  }

  bool key(std::string& name) override {
    bool is_new = true;
    if (level_ == Level::header) is_new = names_.insert(name).second;
    if (level_ == Level::metadata) is_new = header.metadata.count(name) == 0;
    if (level_ == Level::entry) {
      if (name != "dtype" && name != "shape" && name != "data_offsets") {
        complain_(entry_place(), "only the fields dtype, shape and data_offsets", "field " + in_quotes(name));
      }
      is_new = fields_.insert(name).second;
    }
    key_ = std::move(name);
    if (!is_new) complain_(place(), "every key once", "a duplicate of it");
    return true;
  }

  bool end_object() override {
    if (level_ == Level::entry) {
      for (const char* field : {"dtype", "shape", "data_offsets"}) {
        if (fields_.count(field) == 0) {
          complain_(entry_place(), "the fields dtype, shape and data_offsets", std::string("no ") + field);
        }
      }
    }
    level_ = Level::header;
    return true;
  }

  bool start_array(std::size_t) override {
    if (level_ != Level::entry || key_ == "dtype") refuse("an array");
    level_ = key_ == "shape" ? Level::shape : Level::offsets;
    return true;
  }

  bool end_array() override {
    if (level_ == Level::offsets) {
      if (offsets_.size() != 2) refuse(std::to_string(offsets_.size()) + " of them");
      header.entries.back().begin = offsets_[0];
      header.entries.back().end = offsets_[1];
    }
    level_ = Level::entry;
    return true;
  }

  bool number_unsigned(std::uint64_t value) override {
    if (level_ == Level::shape && value <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      header.entries.back().shape.push_back(static_cast<std::int64_t>(value));
    } else if (level_ == Level::offsets && offsets_.size() < 2) {
      offsets_.push_back(value);
    } else {
      refuse(std::string(level_ == Level::offsets ? "a third number, " : "the number ") + std::to_string(value));
    }
    return true;
  }

  bool string(std::string& text) override {
    if (level_ == Level::metadata) {
      header.metadata.emplace(key_, std::move(text));
      return true;
    }
    if (level_ != Level::entry || key_ != "dtype") refuse("the string " + in_quotes(text));
    const auto known =
        std::find_if(std::begin(kDTypes), std::end(kDTypes), [&](const auto& info) { return info.name == text; });
    if (known == std::end(kDTypes)) {
      complain_(place(), kDTypeNames, in_quotes(text), "This program reads only these types: convert the tensor.");
    }
    header.entries.back().type = known->type;
    return true;
  }

  bool null() override { refuse("null"); }
  bool boolean(bool value) override { refuse(value ? "true" : "false"); }
  bool number_integer(std::int64_t value) override { refuse("the signed number " + std::to_string(value)); }
  bool number_float(double, const std::string& text) override {
    refuse("the number " + in_quotes(text) + ", a fraction or beyond 64 bits");
  }
  bool binary(json::binary_t&) override { refuse("binary data"); }

  bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
    complain_("byte " + std::to_string(kPrefixBytes + std::max<std::size_t>(position, 1) - 1) + " (header)",
              "valid JSON in UTF-8", excerpt(error.what()));
  }

 private:
  enum class Level { outside, header, metadata, entry, shape, offsets };

  std::string entry_place() const { return place_of(header.entries.back()); }

  std::string place() const {
    if (level_ == Level::outside || level_ == Level::header) return "header, key " + in_quotes(key_);
    if (level_ == Level::metadata) return std::string(kMetadataKey) + ", key " + in_quotes(key_);
    return entry_place() + ", field " + in_quotes(key_);
  }

  [[noreturn]] void refuse(const std::string& found) const {
    std::string expected = "an object";
    if (level_ == Level::metadata) expected = "a string";
    if (level_ == Level::entry || level_ == Level::shape || level_ == Level::offsets) {
      if (key_ == "dtype") expected = "one of the strings " + std::string(kDTypeNames);
      if (key_ == "shape") expected = "an array of whole numbers from 0 to 2^63-1";
      if (key_ == "data_offsets") expected = "an array of two whole numbers from 0 (begin, end)";
    }
    complain_(place(), expected, found);
  }

  const Complaint& complain_;
  Level level_ = Level::outside;
  std::string key_;
  std::set<std::string> names_;         // keys of the header so far
  std::set<std::string> fields_;        // keys of the current entry so far
  std::vector<std::uint64_t> offsets_;  // of the current entry
};

/// Puts the entries in file order and checks that they tile the data exactly.
void check_layout(std::vector<Entry>& entries, std::uint64_t data_bytes, const Complaint& complain) {
  for (const Entry& entry : entries) {
    const std::string offsets = std::to_string(entry.begin) + " to " + std::to_string(entry.end);
    if (entry.begin > entry.end) complain(place_of(entry), "data_offsets in rising order", offsets);
    if (entry.end > data_bytes) {
      complain(place_of(entry), "data_offsets within the " + std::to_string(data_bytes) + " bytes of data", offsets);
    }
    const std::optional<std::uint64_t> bytes = byte_count(entry.shape, entry.type);
    if (!bytes) complain(place_of(entry), "a shape of less than 2^64 bytes", "dimensions whose product overflows");
    if (*bytes != entry.end - entry.begin) {
      complain(place_of(entry), std::to_string(*bytes) + " bytes for its shape and dtype", "data_offsets " + offsets);
    }
  }
  // Empty tensors share their offsets with a neighbour: the header's order decides.
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tuple(a.begin, a.end, a.rank) < std::tuple(b.begin, b.end, b.rank);
  });
  std::uint64_t covered = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != covered) {
      complain(place_of(entry), "its data to begin at offset " + std::to_string(covered) + ", where the others end",
               std::string(entry.begin > covered ? "a hole" : "an overlap") + ", it begins at " +
                   std::to_string(entry.begin));
    }
    covered = entry.end;
  }
  if (covered != data_bytes) {
    complain("data, offset " + std::to_string(covered), "the file to end with its last tensor",
             std::to_string(data_bytes - covered) + " more bytes");
  }
}

std::string json_text(const json& value) {
  try {
    return value.dump();
  } catch (const json::type_error&) {
    throw std::invalid_argument("write_safetensors: names and metadata must be UTF-8, found " +
                                in_quotes(value.dump(-1, ' ', true, json::error_handler_t::replace)));
  }
}

}  // namespace

void Complaint::operator()(const std::string& place, std::string_view expected, const std::string& found,
                           std::string_view mend) const {
  throw DataError(file_.string() + ": " + place + ": expected " + std::string(expected) + ", found " + found + ". " +
                  std::string(mend));
}

Header parse_header(const std::string& text, std::uint64_t data_bytes, const Complaint& complain) {
  HeaderReader reader(complain);
  json::sax_parse(text, &reader);
  check_layout(reader.header.entries, data_bytes, complain);
  return std::move(reader.header);
}

std::string format_header(const std::map<std::string, std::string>& metadata, const std::vector<Tensor>& tensors) {
  std::string text = "{";
  if (!metadata.empty()) text += '"' + std::string(kMetadataKey) + "\":" + json_text(metadata);
  std::uint64_t begin = 0;
  for (const Tensor& tensor : tensors) {
    const std::uint64_t end = begin + tensor.bytes.size();
    if (text.size() > 1) text += ',';
    text += json_text(tensor.name) + ":{\"dtype\":\"" + std::string(name_of(tensor.type)) +
            "\",\"shape\":" + json_text(tensor.shape) + ",\"data_offsets\":[" + std::to_string(begin) + ',' +
            std::to_string(end) + "]}";
    begin = end;
  }
  text += '}';
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

}  // namespace safetensors
}  // namespace duel
