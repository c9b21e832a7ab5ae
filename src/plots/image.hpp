// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace starling::plots {

/// A colour of the sRGB space, 8 bits a channel.
struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(Rgb, Rgb) = default;
};

/// A picture of width x height pixels; row 0 is the top one.
class Image {
 public:
  Image() = default;
  Image(Index width, Index height, Rgb fill = {255, 255, 255})
      : width_(width), pixels_(static_cast<std::size_t>(width * height), fill) {}

  Index width() const { return width_; }
  Index height() const { return width_ == 0 ? 0 : static_cast<Index>(pixels_.size()) / width_; }
  Rgb& at(Index column, Index row) { return pixels_[offset(column, row)]; }
  const Rgb& at(Index column, Index row) const { return pixels_[offset(column, row)]; }

 private:
  std::size_t offset(Index column, Index row) const {
    return static_cast<std::size_t>(row * width_ + column);
  }
  Index width_ = 0;
  std::vector<Rgb> pixels_;
};

}  // namespace starling::plots
