#include "engine/io/jpeg.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "duel_has.h"

#if DUEL_HAS_JPEG
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>

#include "engine/io/exif_orientation.h"
#else
#include "files/optional_packages.h"
#endif

namespace duel {

#if DUEL_HAS_JPEG
namespace {

/// libjpeg reports errors by jumping: nothing that has a destructor may lie between decode() and the library.
struct Decoder {
  jpeg_error_mgr errors{};  // first: the library knows it by this address
  std::jmp_buf on_error{};
  char message[JMSG_LENGTH_MAX] = "";
  bool is_cut_short = false;
  jpeg_decompress_struct state{};
  Picture picture;
  int orientation = 1;

  static Decoder& of(j_common_ptr state) { return *reinterpret_cast<Decoder*>(state->err); }

  bool decode(std::span<const std::uint8_t> bytes) {
    state.err = jpeg_std_error(&errors);
    errors.error_exit = [](j_common_ptr from) {
      from->err->format_message(from, of(from).message);
      std::longjmp(of(from).on_error, 1);
    };
    // Damage in the middle is a warning to the library, and grey areas to whoever looks at the picture.
    errors.emit_message = [](j_common_ptr from, int level) {
      if (level < 0 && (from->err->msg_code == JWRN_JPEG_EOF || from->err->msg_code == JWRN_HIT_MARKER)) {
        of(from).is_cut_short = true;
      }
    };
    errors.output_message = [](j_common_ptr) {};
    if (setjmp(on_error) != 0) return false;
    jpeg_create_decompress(&state);
    jpeg_mem_src(&state, bytes.data(), bytes.size());
    jpeg_save_markers(&state, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&state, TRUE);
    return read_pixels();
  }

 private:
  bool read_pixels() {
    const bool is_grey = state.num_components == 1;
    if (state.num_components > 3) return refuse("CMYK: save it as RGB");
    const auto pixels = std::uint64_t{state.image_width} * state.image_height;
    if (pixels > kMostPicturePixels) return refuse("more pixels than this program reads");
    state.out_color_space = is_grey ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&state);
    picture.height = static_cast<int>(state.output_height);
    picture.width = static_cast<int>(state.output_width);
    picture.channels = is_grey ? 1 : 3;
    const std::size_t row_bytes = static_cast<std::size_t>(picture.width) * picture.channels;
    picture.pixels.resize(row_bytes * picture.height);
    while (state.output_scanline < state.output_height && !is_cut_short) {
      JSAMPROW row = picture.pixels.data() + row_bytes * state.output_scanline;
      jpeg_read_scanlines(&state, &row, 1);
    }
    for (const jpeg_marker_struct* marker = state.marker_list; marker != nullptr; marker = marker->next) {
      const int found = exif_orientation({marker->data, marker->data_length});
      if (found != 1) orientation = found;
    }
    if (is_cut_short) return refuse("it ends too early, or is damaged");
    jpeg_finish_decompress(&state);
    return true;
  }

  bool refuse(const char* reason) {
    std::snprintf(message, sizeof message, "%s", reason);
    return false;
  }
};

}  // namespace

Picture decode_jpeg(std::span<const std::uint8_t> bytes) {
  Decoder decoder;
  const bool is_read = decoder.decode(bytes);
  jpeg_destroy_decompress(&decoder.state);
  if (!is_read) throw std::invalid_argument(std::string("the JPEG cannot be read: ") + decoder.message);
  return upright(std::move(decoder.picture), decoder.orientation);
}
#else
Picture decode_jpeg(std::span<const std::uint8_t>) {
  throw std::invalid_argument(without_package("reading JPEG", "JPEG"));
}
#endif

}  // namespace duel
