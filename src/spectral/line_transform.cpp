// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/line_transform.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::spectral {

LineTransform::LineTransform(Index points, Index cut, Planning planning)
    : points_(points),
      cut_(cut),
      inverse_(points, Plan::Direction::inverse, planning),
      forward_(points, Plan::Direction::forward, planning),
      padded_("spectral::padded", static_cast<std::size_t>(points)),
      spectrum_("spectral::spectrum", static_cast<std::size_t>(points)) {
  STARLING_ASSERT(cut > 0 && points >= 2 * cut - 1);
}

void LineTransform::load(const Complex* part_of_modes, Range part) const {
  const Index middle = std::clamp(cut_, part.begin, part.end);
  std::copy(part_of_modes, part_of_modes + (middle - part.begin), padded_.data() + part.begin);
  std::copy(part_of_modes + (middle - part.begin), part_of_modes + part.size(),
            padded_.data() + points_ - modes() + middle);
}

void LineTransform::inverse(Complex* values) const { inverse_.execute(values, padded_.data()); }

void LineTransform::forward(const Complex* values) const {
  forward_.execute(spectrum_.data(), values);
}

void LineTransform::store(Complex* part_of_modes, Range part) const {
  const Index middle = std::clamp(cut_, part.begin, part.end);
  std::copy(spectrum_.data() + part.begin, spectrum_.data() + middle, part_of_modes);
  std::copy(spectrum_.data() + points_ - modes() + middle,
            spectrum_.data() + points_ - modes() + part.end, part_of_modes + (middle - part.begin));
}

}  // namespace starling::spectral
