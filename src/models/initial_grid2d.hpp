// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "spectral/box_transform.hpp"

#include <array>
#include <vector>

namespace starling::models {

/// A grid of its own for initial conditions, finer than the one of a model and the same for models
/// of any resolution: what is sampled on it and truncated has the same coefficients in all of them.
/// Every rank has the whole of it, so that nothing here is collective.
class InitialGrid2d {
 public:
  /// Throws InputError where the model keeps modes that `points` do not resolve.
  InitialGrid2d(const std::array<Index, 2>& points, const spectral::BoxTransform& model);

  const spectral::BoxTransform& transform() const { return transform_; }
  /// The coefficients of the model's transform, on this rank, of those of transform().
  void truncate(Complex* out, const Complex* coefficients) const;

 private:
  spectral::BoxTransform transform_;
  std::vector<Index> places_;
};

}  // namespace starling::models
