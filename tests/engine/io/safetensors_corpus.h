// Malformed safetensors files, each with a piece of the message that it must give.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

struct MalformedFile {
  std::string name, bytes, message;
};

/// The 8 bytes that announce a header of this length.
inline std::string prefix(std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
  return bytes;
}

inline std::string with_header(const std::string& header, const std::string& data = "") {
  return prefix(header.size()) + header + data;
}

/// One entry, e.g. entry("a", "[2]", "[0,8]").
inline std::string entry(const std::string& name, const std::string& shape, const std::string& offsets,
                         const std::string& dtype = "\"F32\"") {
  return '"' + name + "\":{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + '}';
}

inline const std::string kData8 = "abcdefgh";

/// A file of one tensor "a" over 8 bytes of data.
inline std::string one_tensor(const std::string& shape, const std::string& offsets,
                              const std::string& dtype = "\"F32\"") {
  return with_header('{' + entry("a", shape, offsets, dtype) + '}', kData8);
}

inline std::vector<MalformedFile> malformed_prefixes() {
  const std::string good = '{' + entry("a", "[2]", "[0,8]") + '}';
  return {
      {"empty file", "", "a file of 0 bytes"},
      {"one byte", "\x08", "a file of 1 bytes"},
      {"seven bytes", std::string(7, '\0'), "a file of 7 bytes"},
      {"header length 0, nothing else", prefix(0), "found 0"},
      {"header length 0 before a header", prefix(0) + good + kData8, "found 0"},
      {"header length 2^64-1", prefix(~std::uint64_t{0}) + good + kData8, "found 18446744073709551615"},
      {"header length 2^63", prefix(std::uint64_t{1} << 63) + good + kData8, "found 9223372036854775808"},
      {"header length that wraps with the prefix", prefix(~std::uint64_t{0} - 7) + good, "byte 0"},
      {"header longer than the file", prefix(good.size() + 9) + good + kData8, "header length from 1 to"},
      {"header length at the cap in a small file", prefix(100'000'000) + good, "found 100000000"},
      {"header without a file behind the prefix", prefix(2), "found 2"},
      {"header reaching into the data", prefix(good.size() + 1) + good + kData8, "nothing but spaces after it"},
      {"header one byte short", prefix(good.size() - 1) + good + kData8, "byte"},
  };
}

inline std::vector<MalformedFile> malformed_json() {
  const std::string a = entry("a", "[2]", "[0,8]");
  return {
      {"starts with [", with_header("[]"), "byte 8 (header): expected '{'"},
      {"starts with a space", with_header(" {}"), "expected '{'"},
      {"starts with a byte order mark", with_header("\xEF\xBB\xBF{}"), "expected '{'"},
      {"only spaces", with_header("        "), "expected '{'"},
      {"only zero bytes", with_header(std::string(8, '\0')), "expected '{'"},
      {"one brace", with_header("{"), "'}'"},
      {"a pickle", std::string("\x80\x02}q\0K\1K\2s.", 12), "byte 0"},
      {"unclosed string", with_header("{\"a}"), "valid JSON"},
      {"unclosed object", with_header("{" + a, kData8), "valid JSON"},
      {"trailing comma", with_header("{" + a + ",}", kData8), "valid JSON"},
      {"single quotes", with_header("{'a':1}"), "byte 9 (header): expected valid JSON"},
      {"comment", with_header("{/* */}"), "valid JSON"},
      {"NaN", with_header("{\"a\":NaN}"), "valid JSON"},
      {"second value after the JSON", with_header("{}{}"), "valid JSON"},
      {"letter after the JSON", with_header("{}x"), "nothing but spaces after it"},
      {"newline after the JSON", with_header("{}\n"), "nothing but spaces after it"},
      {"zero bytes after the JSON", with_header("{}" + std::string(6, '\0')), "a zero byte"},
      {"another object after a zero byte", with_header("{}" + std::string(1, '\0') + "{}"), "a zero byte"},
      {"zero byte in a name", with_header("{\"" + std::string(1, '\0') + "\":1}"), "a zero byte"},
      {"control character in a name", with_header("{\"a\n\":1}"), "valid JSON"},
      {"lone UTF-8 continuation byte", with_header("{\"\x80\":1}"), "UTF-8"},
      {"overlong UTF-8", with_header("{\"\xC0\xAF\":1}"), "UTF-8"},
      {"UTF-8 surrogate", with_header("{\"\xED\xA0\x80\":1}"), "UTF-8"},
      {"cut UTF-8", with_header("{\"\xE2\x82\":1}"), "UTF-8"},
      {"byte 0xFF outside strings", with_header("{\xFF}"), "UTF-8"},
      {"escaped lone surrogate", with_header("{\"\\ud800\":1}"), "valid JSON"},
      {"unknown escape", with_header("{\"\\x41\":1}"), "valid JSON"},
      {"number 1e999", one_tensor("[1e999]", "[0,8]"), "valid JSON"},
      {"number with a leading zero", one_tensor("[02]", "[0,8]"), "valid JSON"},
  };
}

inline std::vector<MalformedFile> malformed_structure() {
  const std::string a = entry("a", "[2]", "[0,8]");
  const auto metadata = [](const std::string& value) { return with_header("{\"__metadata__\":" + value + "}"); };
  const auto bare = [](const std::string& fields) { return with_header("{\"a\":{" + fields + "}}", kData8); };
  const std::string dtype = "\"dtype\":\"F32\"", shape = "\"shape\":[2]", offsets = "\"data_offsets\":[0,8]";
  return {
      {"tensor twice", with_header("{" + a + "," + a + "}", kData8), "key 'a': expected every key once"},
      {"tensor twice, escaped differently", with_header("{" + a + "," + entry("\\u0061", "[0]", "[8,8]") + "}", kData8),
       "every key once"},
      {"__metadata__ twice", with_header("{\"__metadata__\":{},\"__metadata__\":{}}"), "every key once"},
      {"metadata key twice", metadata("{\"k\":\"1\",\"k\":\"2\"}"), "__metadata__, key 'k': expected every key once"},
      {"dtype twice", bare(dtype + "," + dtype + "," + shape + "," + offsets), "field 'dtype': expected every"},
      {"shape twice", bare(dtype + "," + shape + "," + shape + "," + offsets), "field 'shape': expected every"},
      {"data_offsets twice", bare(dtype + "," + shape + "," + offsets + "," + offsets), "expected every key once"},
      {"metadata a string", metadata("\"k\""), "expected an object"},
      {"metadata a list", metadata("[]"), "expected an object"},
      {"metadata null", metadata("null"), "found null"},
      {"metadata value a number", metadata("{\"k\":1}"), "__metadata__, key 'k': expected a string"},
      {"metadata value a float", metadata("{\"k\":1.5}"), "expected a string"},
      {"metadata value null", metadata("{\"k\":null}"), "expected a string"},
      {"metadata value an object", metadata("{\"k\":{}}"), "expected a string"},
      {"metadata value a list", metadata("{\"k\":[\"v\"]}"), "expected a string"},
      {"entry a number", with_header("{\"a\":1}"), "key 'a': expected an object"},
      {"entry a string", with_header("{\"a\":\"F32\"}"), "expected an object"},
      {"entry a list", with_header("{\"a\":[0,8]}"), "expected an object"},
      {"entry true", with_header("{\"a\":true}"), "found true"},
      {"no dtype", bare(shape + "," + offsets), "found no dtype"},
      {"no shape", bare(dtype + "," + offsets), "found no shape"},
      {"no data_offsets", bare(dtype + "," + shape), "found no data_offsets"},
      {"empty entry", bare(""), "tensor 'a': expected the fields"},
      {"unknown field", bare(dtype + "," + shape + "," + offsets + ",\"strides\":[1]"), "field 'strides'"},
      {"field of another case", bare("\"DType\":\"F32\""), "field 'DType'"},
      {"nested entry", with_header("{\"a\":{\"dtype\":{}}}"), "found an object"},
      {"100000 nested objects",
       with_header("{" +
                   [] {
                     std::string deep;
                     for (int i = 0; i < 100000; ++i) deep += "\"a\":{";
                     return deep;
                   }() +
                   std::string(100001, '}')),
       "tensor 'a'"},
      {"100000 nested lists", one_tensor(std::string(100000, '[') + std::string(100000, ']'), "[0,8]"), "an array"},
  };
}

inline std::vector<MalformedFile> malformed_fields() {
  const std::string shapes = "field 'shape': expected an array of whole numbers";
  const std::string offsets = "field 'data_offsets': expected an array of two whole numbers";
  return {
      {"negative dimension", one_tensor("[-2]", "[0,8]"), shapes},
      {"dimension -1 (2^64-1 if read as unsigned)", one_tensor("[-1]", "[0,8]"), "the signed number -1"},
      {"dimension -0", one_tensor("[-0]", "[0,8]"), shapes},
      {"float dimension", one_tensor("[2.0]", "[0,8]"), shapes},
      {"dimension 2e0", one_tensor("[2e0]", "[0,8]"), shapes},
      {"string dimension", one_tensor("[\"2\"]", "[0,8]"), shapes},
      {"null dimension", one_tensor("[null]", "[0,8]"), shapes},
      {"boolean dimension", one_tensor("[true]", "[0,8]"), shapes},
      {"dimension 2^63", one_tensor("[9223372036854775808]", "[0,8]"), "the number 9223372036854775808"},
      {"dimension 2^64", one_tensor("[18446744073709551616]", "[0,8]"), "beyond 64 bits"},
      {"shape a number", one_tensor("2", "[0,8]"), shapes},
      {"shape a string", one_tensor("\"2\"", "[0,8]"), shapes},
      {"shape null", one_tensor("null", "[0,8]"), shapes},
      {"shape an object", one_tensor("{}", "[0,8]"), shapes},
      {"product 2^64 values", one_tensor("[4294967296,4294967296]", "[0,8]"), "product overflows"},
      {"product 2^62 values of 4 bytes", one_tensor("[4611686018427387904]", "[0,0]"), "product overflows"},
      {"product that wraps to 8 bytes", one_tensor("[9223372036854775807,2,2]", "[0,8]"), "product overflows"},
      {"negative offset", one_tensor("[2]", "[-8,0]"), offsets},
      {"end -1 (2^64-1 if read as unsigned)", one_tensor("[2]", "[0,-1]"), offsets},
      {"float offset", one_tensor("[2]", "[0,8.0]"), offsets},
      {"string offset", one_tensor("[2]", "[\"0\",8]"), offsets},
      {"list as offset", one_tensor("[2]", "[[0],8]"), offsets},
      {"no offset", one_tensor("[2]", "[]"), "found 0 of them"},
      {"one offset", one_tensor("[2]", "[8]"), "found 1 of them"},
      {"three offsets", one_tensor("[2]", "[0,8,8]"), "a third number, 8"},
      {"offset 2^64", one_tensor("[2]", "[0,18446744073709551616]"), offsets},
      {"data_offsets a number", one_tensor("[2]", "8"), offsets},
      {"data_offsets an object", one_tensor("[2]", "{\"0\":8}"), offsets},
      {"unknown dtype", one_tensor("[2]", "[0,8]", "\"F31\""), "U8, I64, F32 or F64, found 'F31'"},
      {"dtype of the format that we do not read", one_tensor("[4]", "[0,8]", "\"BF16\""), "convert the tensor"},
      {"dtype in lower case", one_tensor("[2]", "[0,8]", "\"f32\""), "U8, I64, F32 or F64"},
      {"empty dtype", one_tensor("[2]", "[0,8]", "\"\""), "found ''"},
      {"dtype a number", one_tensor("[2]", "[0,8]", "32"), "one of the strings"},
      {"dtype a negative number", one_tensor("[2]", "[0,8]", "-32"), "one of the strings"},
      {"dtype null", one_tensor("[2]", "[0,8]", "null"), "one of the strings"},
      {"dtype a list", one_tensor("[2]", "[0,8]", "[\"F32\"]"), "one of the strings"},
  };
}

inline std::vector<MalformedFile> malformed_layouts() {
  const auto two = [](const std::string& first, const std::string& second) {
    return with_header("{" + first + "," + second + "}", kData8);
  };
  return {
      {"offsets reversed", one_tensor("[2]", "[8,0]"), "rising order, found 8 to 0"},
      {"end beyond the file", one_tensor("[3]", "[0,12]"), "within the 8 bytes of data"},
      {"both offsets beyond the file", one_tensor("[0]", "[9,9]"), "within the 8 bytes of data"},
      {"end 2^64-1", one_tensor("[2]", "[0,18446744073709551615]"), "within the 8 bytes of data"},
      {"fewer bytes than the shape needs", one_tensor("[3]", "[0,8]"), "expected 12 bytes for its shape and dtype"},
      {"more bytes than the shape needs", one_tensor("[1]", "[0,8]"), "expected 4 bytes for its shape and dtype"},
      {"a scalar of 8 bytes", one_tensor("[]", "[0,8]"), "expected 4 bytes for its shape and dtype"},
      {"bytes for a shape with a 0", one_tensor("[0,2]", "[0,8]"), "expected 0 bytes for its shape and dtype"},
      {"same bytes twice", two(entry("a", "[2]", "[0,8]"), entry("b", "[2]", "[0,8]")), "an overlap"},
      {"overlap", two(entry("a", "[6]", "[0,6]", "\"U8\""), entry("b", "[4]", "[4,8]", "\"U8\"")), "an overlap"},
      {"one tensor inside another", two(entry("a", "[2]", "[0,8]"), entry("b", "[1]", "[2,6]")), "an overlap"},
      {"empty tensor inside another", two(entry("a", "[2]", "[0,8]"), entry("b", "[0]", "[4,4]")), "an overlap"},
      {"hole before the first", with_header("{" + entry("a", "[1]", "[4,8]") + "}", kData8), "a hole"},
      {"hole in the middle", two(entry("a", "[2]", "[0,2]", "\"U8\""), entry("b", "[1]", "[4,8]")), "a hole"},
      {"empty tensor after a hole", two(entry("a", "[1]", "[0,4]"), entry("b", "[0]", "[8,8]")), "a hole"},
      {"bytes after the last tensor", with_header("{" + entry("a", "[1]", "[0,4]") + "}", kData8), "4 more bytes"},
      {"data without tensors", with_header("{}", kData8), "8 more bytes"},
      {"data behind metadata only", with_header("{\"__metadata__\":{}}", "x"), "1 more bytes"},
      {"data cut by one byte", with_header("{" + entry("a", "[2]", "[0,8]") + "}", "abcdefg"), "within the 7 bytes"},
      {"no data", with_header("{" + entry("a", "[2]", "[0,8]") + "}"), "within the 0 bytes"},
  };
}

inline std::vector<MalformedFile> malformed_files() {
  std::vector<MalformedFile> all;
  for (auto* part : {malformed_prefixes, malformed_json, malformed_structure, malformed_fields, malformed_layouts}) {
    for (MalformedFile& file : part()) all.push_back(std::move(file));
  }
  return all;
}
