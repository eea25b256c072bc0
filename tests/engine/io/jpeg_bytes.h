// JPEG files made in memory, where the build has libjpeg.
#pragma once

#include "duel_has.h"

#if DUEL_HAS_JPEG
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include <cstdint>
#include <span>
#include <vector>

#include "engine/io/png.h"

namespace duel::test {

/// `app1`: content of an APP1 segment; empty: none. `is_cmyk`: the picture has 4 values a pixel.
inline std::vector<std::uint8_t> jpeg(const Picture& picture, std::span<const std::uint8_t> app1 = {}) {
  jpeg_compress_struct state{};
  jpeg_error_mgr errors{};
  state.err = jpeg_std_error(&errors);
  jpeg_create_compress(&state);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&state, &bytes, &size);
  state.image_height = static_cast<JDIMENSION>(picture.height);
  state.image_width = static_cast<JDIMENSION>(picture.width);
  state.input_components = picture.channels;
  state.in_color_space = picture.channels == 1 ? JCS_GRAYSCALE : picture.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&state);
  jpeg_set_quality(&state, 100, TRUE);
  state.comp_info[0].h_samp_factor = state.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&state, TRUE);
  if (!app1.empty()) jpeg_write_marker(&state, JPEG_APP0 + 1, app1.data(), static_cast<unsigned>(app1.size()));
  std::vector<std::uint8_t> pixels = picture.pixels;
  while (state.next_scanline < state.image_height) {
    JSAMPROW row = pixels.data() + std::size_t{1} * state.next_scanline * picture.width * picture.channels;
    jpeg_write_scanlines(&state, &row, 1);
  }
  jpeg_finish_compress(&state);
  jpeg_destroy_compress(&state);
  std::vector<std::uint8_t> result(bytes, bytes + size);
  std::free(bytes);
  return result;
}

}  // namespace duel::test
#endif
