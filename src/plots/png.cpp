// SPDX-License-Identifier: BSD-3-Clause
#include "plots/png.hpp"

#include "core/error.hpp"
#include "plots/pending_file.hpp"

#include <zlib.h>

#include <array>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace starling::plots {
namespace {

constexpr std::string_view signature("\x89PNG\r\n\x1a\n", 8);
// Length 0, type, CRC: the same bytes in every PNG.
constexpr std::string_view closing("\0\0\0\0IEND\xae\x42\x60\x82", 12);
constexpr Index channels = 3;

void append_uint32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xffU);
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_uint32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = out.size();
  out += type;
  out += data;
  const auto* bytes = reinterpret_cast<const Bytef*>(out.data() + start);
  append_uint32(out,
                static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(out.size() - start))));
}

// The predictor of Paeth (1991) as PNG defines it (§9.4): whichever of left, above, upper left is
// nearest to left + above - upper left.
int paeth(int left, int above, int corner) {
  const int to_left = std::abs(above - corner);
  const int to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  if (to_left <= to_above && to_left <= to_corner) return left;
  return to_above <= to_corner ? above : corner;
}

using Row = std::vector<std::uint8_t>;

// Filters a row by PNG's method `type` (0 none, 1 sub, 2 up, 4 Paeth) and returns the sum of the
// magnitudes of the result, which is small where it will deflate well.
std::uint64_t filter_row(Row& out, const Row& row, const Row& above, int type) {
  std::uint64_t cost = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int left = i >= channels ? row[i - channels] : 0;
    const int corner = i >= channels ? above[i - channels] : 0;
    int predicted = 0;
    if (type == 1) predicted = left;
    if (type == 2) predicted = above[i];
    if (type == 4) predicted = paeth(left, above[i], corner);
    out[i] = static_cast<std::uint8_t>(row[i] - predicted);
    cost += static_cast<std::uint64_t>(std::abs(static_cast<std::int8_t>(out[i])));
  }
  return cost;
}

std::string filtered(const Image& image) {
  const auto bytes = static_cast<std::size_t>(image.width() * channels);
  Row row(bytes), above(bytes, 0), trial(bytes), best(bytes);
  std::string out;
  out.reserve((bytes + 1) * static_cast<std::size_t>(image.height()));
  for (Index j = 0; j < image.height(); ++j) {
    for (Index i = 0; i < image.width(); ++i) {
      const Rgb pixel = image.at(i, j);
      const auto k = static_cast<std::size_t>(i * channels);
      row[k] = pixel.red;
      row[k + 1] = pixel.green;
      row[k + 2] = pixel.blue;
    }
    auto least = std::numeric_limits<std::uint64_t>::max();
    char chosen = 0;
    for (const int type : {0, 1, 2, 4}) {
      const std::uint64_t cost = filter_row(trial, row, above, type);
      if (cost >= least) continue;
      least = cost;
      chosen = static_cast<char>(type);
      best.swap(trial);
    }
    out += chosen;
    out.append(reinterpret_cast<const char*>(best.data()), bytes);
    above.swap(row);
  }
  return out;
}

std::string deflated(const std::string& raw) {
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  std::string out(size, '\0');
  const int code =
      compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(raw.data()), static_cast<uLong>(raw.size()), 9);
  STARLING_ASSERT(code == Z_OK);
  out.resize(size);
  return out;
}

}  // namespace

std::string encode_png(const Image& image) {
  STARLING_ASSERT(image.width() > 0 && image.height() > 0);
  std::string header;
  append_uint32(header, static_cast<std::uint32_t>(image.width()));
  append_uint32(header, static_cast<std::uint32_t>(image.height()));
  header += std::string_view("\x08\x02\x00\x00\x00", 5);  // 8 bits, RGB, deflate, filters, plain
  std::string out(signature);
  append_chunk(out, "IHDR", header);
  append_chunk(out, "IDAT", deflated(filtered(image)));
  out += closing;
  return out;
}

void write_png(const std::string& file, const Image& image) {
  PendingFile pending(file);
  pending.write(encode_png(image));
  pending.commit();
}

bool is_whole_png(const std::string& bytes) {
  return bytes.starts_with(signature) && bytes.ends_with(closing);
}

}  // namespace starling::plots
