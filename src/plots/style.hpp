// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/image.hpp"

#include <array>

/// The house look: the same thing has the same colour in every picture.
namespace starling::plots::style {

inline constexpr const char* font = "DejaVu Sans";
inline constexpr Real text_size = 9.5, title_size = 10.5, heading_size = 15;
inline constexpr Real page_width = 1200;

inline constexpr Rgb ink{34, 34, 34}, faded{105, 105, 105}, grid{228, 228, 228};

/// From the palette of Okabe & Ito (2008, "Color universal design"), told apart with every colour
/// blindness.
inline constexpr Rgb truth = ink;
inline constexpr Rgb background{213, 94, 0};
inline constexpr Rgb analysis{0, 114, 178};
inline constexpr Rgb neutral{150, 150, 150};

/// For things in no fixed role: files compared, exponents, diagnostics.
inline constexpr std::array<Rgb, 7> series{Rgb{0, 114, 178},   Rgb{213, 94, 0},  Rgb{0, 158, 115},
                                           Rgb{204, 121, 167}, Rgb{230, 159, 0}, Rgb{86, 180, 233},
                                           Rgb{34, 34, 34}};

}  // namespace starling::plots::style
