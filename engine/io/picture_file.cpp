#include "engine/io/picture_file.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "engine/io/input_file.h"
#include "engine/io/jpeg.h"
#include "files/text.h"

namespace duel {
namespace {

constexpr std::array<std::uint8_t, 4> kPngStart = {0x89, 'P', 'N', 'G'};
constexpr std::array<std::uint8_t, 3> kJpegStart = {0xff, 0xd8, 0xff};

bool begins_with(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> start) {
  return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

}  // namespace

bool has_picture_name(const std::filesystem::path& file) {
  const std::string ending = lower_case(file.extension().string());
  for (const char* one : {".png", ".jpg", ".jpeg", ".jpe", ".jfif"}) {
    if (ending == one) return true;
  }
  return false;
}

Picture read_picture(const std::filesystem::path& file, std::uint8_t ground) {
  InputFile input(file);
  const std::vector<std::uint8_t> bytes = input.read_all();
  const std::string kMend = "Leave it out, or save it again.";
  try {
    if (begins_with(bytes, kPngStart)) return decode_png(bytes, ground);
    if (begins_with(bytes, kJpegStart)) return decode_jpeg(bytes);
  } catch (const std::invalid_argument& error) {
    input.fail("", "a picture", error.what(), kMend);
  }
  input.fail("", "a picture", "neither a PNG nor a JPEG, by its content", kMend);
}

}  // namespace duel
