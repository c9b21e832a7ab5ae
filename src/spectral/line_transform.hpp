// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "spectral/plan.hpp"

namespace starling::spectral {

/// Complex transforms along one line of a grid of which only the modes |mode| < cut are kept, in
/// the order 0, 1, ..., cut - 1, -(cut - 1), ..., -1. Unnormalised. What is zero or dropped stays
/// in a scratch row in cache.
class LineTransform {
 public:
  /// points >= 2 cut - 1.
  LineTransform(Index points, Index cut, Planning planning);

  Index points() const { return points_; }
  Index modes() const { return 2 * cut_ - 1; }

  /// Kept modes [part.begin, part.end) of the next line ...
  void load(const Complex* part_of_modes, Range part) const;
  /// ... of which this gives the values, once all its parts are loaded.
  void inverse(Complex* values) const;

  /// The transform of a line ...
  void forward(const Complex* values) const;
  /// ... of which this gives kept modes [part.begin, part.end).
  void store(Complex* part_of_modes, Range part) const;

 private:
  Index points_, cut_;
  Plan inverse_, forward_;
  Array<Complex*> padded_;  // zero between the kept modes, always
  Array<Complex*> spectrum_;
};

}  // namespace starling::spectral
