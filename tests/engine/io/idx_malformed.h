// The corpus of malformed IDX and gzip files. Every case names what the error message has to say.
#pragma once

#include <string>
#include <vector>

#include "tests/engine/io/idx_files.h"

namespace duel::test {

struct MalformedFile {
  std::string name;
  Bytes content;
  std::vector<std::string> says;  ///< parts of the message, besides the file's name
};

inline std::vector<MalformedFile> malformed_images() {
  const Bytes good = images(2, 3, 4);  // 16 + 24 bytes
  return {
      {"one byte", {0}, {"byte 1:", "found the end after 1"}},
      {"three bytes", {0, 0, 8}, {"byte 3:"}},
      {"the magic number only", first(4, good), {"byte 4:", "at least 8 bytes"}},
      {"cut in the count", first(6, good), {"byte 6:"}},
      {"cut before the height", first(8, good), {"byte 8:", "at least 12 bytes"}},
      {"cut in the width", first(15, good), {"byte 15:", "at least 16 bytes"}},
      {"header without data", first(16, good), {"byte 16:", "24 bytes", "2 x 3 x 4", "the end after 0"}},
      {"cut in the first image", first(20, good), {"byte 20:", "the end after 4"}},
      {"last pixel missing", without_last(1, good), {"byte 39:", "24 bytes", "the end after 23"}},
      {"one trailing byte", good + Bytes{0}, {"byte 40:", "24 bytes", "trailing"}},
      {"a second file appended", good + good, {"byte 40:", "trailing"}},
      {"text appended", good + text("</html>"), {"byte 40:", "trailing"}},
      {"first byte set", with_byte(0, 1, good), {"byte 0:", "00 00 08 03", "01 00 08 03"}},
      {"second byte set", with_byte(1, 255, good), {"byte 0:", "00 ff 08 03"}},
      {"little-endian magic", Bytes{3, 8, 0, 0} + pattern(36), {"byte 0:", "03 08 00 00"}},
      {"an HTML page", text("<!DOCTYPE html><title>404</title>"), {"byte 0:", "3c 21 44 4f"}},
      {"a PNG file", text("\x89PNG\r\n\x1a\n") + pattern(60), {"byte 0:", "89 50 4e 47"}},
      {"a zlib stream", Bytes{0x78, 0x9c} + pattern(60), {"byte 0:", "78 9c"}},
      {"a zip archive", text("PK\x03\x04") + pattern(60), {"byte 0:", "50 4b 03 04"}},
      {"an xz file", Bytes{0xfd, '7', 'z', 'X', 'Z', 0} + pattern(60), {"byte 0:", "fd 37 7a 58"}},
      {"zeros only", Bytes(64), {"byte 2:", "found type 00"}},
      {"type signed byte", with_byte(2, 0x09, good), {"byte 2:", "type 08", "found type 09"}},
      {"type short", with_byte(2, 0x0b, good), {"byte 2:", "found type 0b"}},
      {"type int", with_byte(2, 0x0c, good), {"byte 2:", "found type 0c"}},
      {"type float", with_byte(2, 0x0d, good), {"byte 2:", "found type 0d"}},
      {"type double", with_byte(2, 0x0e, good), {"byte 2:", "found type 0e"}},
      {"type unknown", with_byte(2, 0xff, good), {"byte 2:", "found type ff"}},
      {"no dimensions", header(8, {}), {"byte 3:", "3 dimensions", "found 0"}},
      {"a label file", labels(20), {"byte 3:", "3 dimensions (images)", "found 1", "swapped"}},
      {"2 dimensions", header(8, {2, 12}) + pattern(24), {"byte 3:", "found 2"}},
      {"5 dimensions", header(8, {2, 1, 3, 4, 1}) + pattern(24), {"byte 3:", "3 dimensions (images), or 4", "found 5"}},
      {"2 channels", header(8, {2, 2, 3, 4}) + pattern(48), {"byte 8:", "1 channel (grey) or 3 (RGB)", "found 2"}},
      {"channels last", header(8, {2, 5, 4, 3}) + pattern(120), {"byte 8:", "images, channels, height, width"}},
      {"no channels", header(8, {2, 0, 3, 4}), {"byte 8:", "number of channels of at least 1", "found 0"}},
      {"255 dimensions", with_byte(3, 255, good), {"byte 3:", "found 255"}},
      {"no images", header(8, {0, 28, 28}), {"byte 4:", "number of images", "found 0"}},
      {"no images, but data", header(8, {0, 3, 4}) + pattern(24), {"byte 4:", "found 0"}},
      {"height 0", header(8, {2, 0, 28}), {"byte 8:", "found 0"}},
      {"width 0", header(8, {2, 28, 0}), {"byte 12:", "found 0"}},
      {"product near 2^96", header(8, {~0u, ~0u, ~0u}), {"byte 4:", "2147483632", "4294967295 x 4294967295"}},
      {"product 2^32", header(8, {1u << 16, 1u << 16, 1}) + pattern(64), {"byte 4:", "65536 x 65536 x 1"}},
      {"product 2^64", header(8, {1u << 31, 1u << 31, 4}) + pattern(64), {"byte 4:", "2147483648"}},
      {"product 24 modulo 2^32", header(8, {1, 8, (1u << 29) + 3}) + pattern(24), {"byte 4:", "536870915"}},
      {"product 24 modulo 2^64", header(8, {1539092, 1484310, 48448661}) + pattern(24), {"byte 4:", "48448661"}},
      {"one byte above the limit", header(8, {2147483633u, 1, 1}) + pattern(64), {"byte 4:", "at most 2147483632"}},
      {"the limit without data", header(8, {2147483632u, 1, 1}) + pattern(64), {"byte 80:", "the end after 64"}},
      {"sizes in little-endian", header(8, {2u << 24, 3u << 24, 4u << 24}) + pattern(24), {"byte 4:", "33554432"}},
      {"height and width swapped with the count", header(8, {3, 4, 3}) + pattern(24), {"36 bytes", "the end after 24"}},
  };
}

inline std::vector<MalformedFile> malformed_labels() {
  const Bytes good = labels(12);  // 8 + 12 bytes
  return {
      {"the magic number only", first(4, good), {"byte 4:"}},
      {"cut in the count", first(7, good), {"byte 7:", "at least 8 bytes"}},
      {"header without data", first(8, good), {"byte 8:", "12 bytes", "the end after 0"}},
      {"last label missing", without_last(1, good), {"byte 19:", "the end after 11"}},
      {"one trailing label", good + Bytes{0}, {"byte 20:", "trailing"}},
      {"no labels", header(8, {0}), {"byte 4:", "number of labels", "found 0"}},
      {"an image file", images(2, 3, 4), {"byte 3:", "1 dimension (labels)", "found 3", "swapped"}},
      {"type int", with_byte(2, 0x0c, good), {"byte 2:", "found type 0c"}},
      {"4294967295 labels", header(8, {~0u}) + pattern(9), {"byte 4:", "2147483640", "4294967295"}},
  };
}

/// Files for read_idx_images() that are wrong as gzip files, or right as gzip files of wrong content.
inline std::vector<MalformedFile> malformed_gzip() {
  const Bytes plain = images(2, 3, 4);
  const Bytes good = gzip(plain);  // 10 bytes of header, deflate data, CRC-32 (4), length (4)
  const Bytes fields = gzip(plain, true);
  const std::size_t size = good.size();
  // Beyond the announced data come zeros and then a damaged checksum: the message tells which was met first.
  const Bytes bomb = wrong_checksum(gzip(plain + Bytes(std::size_t{16} << 20)));
  const std::string end = "byte " + std::to_string(size) + ":";
  return {
      {"gzip magic only", {0x1f, 0x8b}, {"byte 2:", "truncated"}},
      {"cut in the gzip header", first(5, good), {"byte 5:", "truncated"}},
      {"gzip header only", first(10, good), {"byte 10:", "truncated"}},
      {"cut in the deflate data", first(20, good), {"byte 20:", "truncated"}},
      {"checksum missing", without_last(8, good), {"truncated"}},
      {"length missing", without_last(4, good), {"truncated"}},
      {"last byte missing", without_last(1, good), {"truncated"}},
      {"checksum wrong", wrong_checksum(good), {"damage", "incorrect data check"}},
      {"length wrong", with_byte(size - 4, 0, good), {"damage", "incorrect length check"}},
      {"method not deflate", with_byte(2, 7, good), {"damage", "unknown compression method"}},
      {"reserved flags", with_byte(3, 0xe0, good), {"damage", "unknown header flags set"}},
      {"header checksum wrong", with_byte(4, 1, fields), {"damage", "header crc mismatch"}},
      {"cut in the header fields", first(14, fields), {"byte 14:", "truncated"}},
      {"block type 3", with_byte(10, 7, good), {"damage", "invalid block type"}},
      {"stored block lengths differ",
       first(10, good) + Bytes{1, 4, 0, 4, 0},
       {"damage", "invalid stored block lengths"}},
      {"distance too far back", first(10, good) + Bytes{0x03, 0x02, 0, 0}, {"damage", "too far back"}},
      {"zeros after the member", good + Bytes(512), {end, "another gzip member", "trailing"}},
      {"a line after the member", good + text("\n"), {end, "trailing"}},
      {"a plain file after the member", good + plain, {end, "trailing"}},
      {"half a gzip magic after the member", good + Bytes{0x1f}, {"truncated"}},
      {"wrong gzip magic after the member", good + Bytes{0x1f, 0x8c} + Bytes(20), {"incorrect header check"}},
      {"second member truncated", good + without_last(1, gzip({})), {"truncated"}},
      {"second member holds more data", good + gzip({7}), {"byte 40 of the decompressed data:", "trailing"}},
      {"second member's checksum wrong",
       gzip(first(9, plain)) + wrong_checksum(gzip(last(31, plain))),
       {"incorrect data check"}},
      {"trailing bytes after two members", good + gzip({}) + text("x"), {"another gzip member", "trailing"}},
      {"compressed twice", gzip(good), {"byte 0 of the decompressed data:", "1f 8b 08"}},
      {"nothing compressed", gzip({}), {"byte 0 of the decompressed data:", "the end after 0"}},
      {"a compressed web page", gzip(text("<html>")), {"byte 0 of the decompressed data:", "3c 68 74 6d"}},
      {"compressed labels", gzip(labels(20)), {"byte 3 of the decompressed data:", "found 1"}},
      {"compressed, a pixel missing", gzip(without_last(1, plain)), {"byte 39 of the decompressed", "after 23"}},
      {"compressed, a byte too many", gzip(plain + Bytes{0}), {"byte 40 of the decompressed data:", "trailing"}},
      {"compressed giant sizes", gzip(header(8, {~0u, ~0u, ~0u})), {"byte 4 of the decompressed data:"}},
      {"bomb", bomb, {"byte 40 of the decompressed data:", "24 bytes", "trailing"}},
  };
}

}  // namespace duel::test
