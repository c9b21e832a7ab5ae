// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/image.hpp"

#include <vector>

namespace starling::plots {

/// A colour of OKLab, the perceptual space of Ottosson (2020, "A perceptual color space for image
/// processing", formulas in the public domain), in polar form.
struct Lch {
  Real lightness;  ///< 0 black to 1 white
  Real chroma;     ///< 0 grey; screens reach 0.1 to 0.3
  Real hue;        ///< degrees: 30 red, 90 yellow, 150 green, 260 blue
};

/// Numbers in [0, 1] to colours. The colours lie on a smooth curve through given ones and equal
/// steps in the number are equal distances along it in OKLab, so no edge is seen where the data
/// have none (the property of Kovesi 2015, doi:10.48550/arXiv.1509.03700). Made here from formulas:
/// no table of anyone else's, no licence but this project's.
class Colormap {
 public:
  /// The colour of `number`, the ends beyond [0, 1], a neutral grey for NaN.
  Rgb operator()(Real number) const;

  /// Deep blue - white - deep red. White at 1/2 exactly; `number` and 1 - `number` have the same
  /// lightness and chroma, as Moreland (2009, doi:10.1007/978-3-642-10520-3_9) asks, and blue and
  /// red are told apart with every colour blindness.
  static Colormap diverging();

  /// White - yellow - red - violet - black, lightness falling all the way: readable in grey.
  static Colormap sequential();

 private:
  explicit Colormap(std::vector<Rgb> table) : table_(std::move(table)) {}
  std::vector<Rgb> table_;
};

}  // namespace starling::plots
