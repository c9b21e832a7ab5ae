// SPDX-License-Identifier: BSD-3-Clause
#include "plots/png_reader.hpp"

#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace starling::test_support {
namespace {

std::uint32_t number(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<std::uint8_t>(bytes.at(at + i));
  return out;
}

// Bit by bit, annex D of the standard: polynomial edb88320 (reversed).
std::uint32_t crc(const std::string& bytes) {
  std::uint32_t out = 0xffffffffU;
  for (const char byte : bytes) {
    out ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) out = (out & 1U) != 0 ? out >> 1 ^ 0xedb88320U : out >> 1;
  }
  return ~out;
}

struct Chunks {
  std::string header, data;
};

Chunks chunks(const std::string& png) {
  if (png.compare(0, 8, "\x89PNG\r\n\x1a\n", 8) != 0) throw std::runtime_error("no PNG signature");
  Chunks out;
  for (std::size_t at = 8;;) {
    const std::size_t length = number(png, at);
    const std::string type_and_data = png.substr(at + 4, length + 4);
    if (type_and_data.size() != length + 4) throw std::runtime_error("cut off");
    if (number(png, at + 8 + length) != crc(type_and_data)) throw std::runtime_error("bad CRC");
    const std::string type = type_and_data.substr(0, 4);
    if (type == "IHDR") out.header = type_and_data.substr(4);
    if (type == "IDAT") out.data += type_and_data.substr(4);
    at += 12 + length;
    if (type != "IEND") continue;
    if (at != png.size()) throw std::runtime_error("bytes after IEND");
    return out;
  }
}

}  // namespace

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::pair<Index, Index> checked_size(const std::string& png) {
  const Chunks all = chunks(png);
  return {number(all.header, 0), number(all.header, 4)};
}

plots::Image decoded(const std::string& png) {
  const Chunks all = chunks(png);
  if (all.header.substr(8) != std::string("\x08\x02\x00\x00\x00", 5)) {
    throw std::runtime_error("not 8-bit RGB");
  }
  const auto width = static_cast<std::size_t>(number(all.header, 0));
  const auto height = static_cast<std::size_t>(number(all.header, 4));
  const std::size_t row_bytes = 3 * width;
  std::vector<std::uint8_t> raw((row_bytes + 1) * height);
  uLongf size = raw.size();
  if (uncompress(raw.data(), &size, reinterpret_cast<const Bytef*>(all.data.data()),
                 all.data.size()) != Z_OK ||
      size != raw.size()) {
    throw std::runtime_error("bad data");
  }
  plots::Image image(static_cast<Index>(width), static_cast<Index>(height));
  std::vector<int> above(row_bytes, 0), row(row_bytes, 0);
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* in = raw.data() + y * (row_bytes + 1);
    for (std::size_t i = 0; i < row_bytes; ++i) {
      const int a = i < 3 ? 0 : row[i - 3], b = above[i], c = i < 3 ? 0 : above[i - 3];
      const int p = a + b - c;
      int predicted = 0;
      switch (in[0]) {
        case 0: break;
        case 1: predicted = a; break;
        case 2: predicted = b; break;
        case 3: predicted = (a + b) / 2; break;
        case 4:
          predicted = c;
          if (std::abs(p - b) <= std::abs(p - c)) predicted = b;
          if (std::abs(p - a) <= std::abs(p - b) && std::abs(p - a) <= std::abs(p - c))
            predicted = a;
          break;
        default: throw std::runtime_error("no such filter");
      }
      row[i] = (in[1 + i] + predicted) & 0xff;
    }
    for (std::size_t x = 0; x < width; ++x) {
      const auto channel = [&](std::size_t k) { return static_cast<std::uint8_t>(row[3 * x + k]); };
      image.at(static_cast<Index>(x), static_cast<Index>(y)) = {channel(0), channel(1), channel(2)};
    }
    above = row;
  }
  return image;
}

}  // namespace starling::test_support
