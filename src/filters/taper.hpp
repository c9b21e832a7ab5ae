// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/geometry.hpp"
#include "core/types.hpp"

#include <string_view>

namespace starling::filters {

/// A weight that falls with distance, 1 at distance 0 and 0 beyond the *support* s: the one length
/// that all tapers are given by. With d the distance and z = d / s,
///
///     gaspari_cohn  gaspari1999, eq. 4.10, whose half-support c is s / 2
///     gaussian      exp(-z^2 ln 1000): 0.001 at s, and cut there
///     exponential   exp(-z ln 1000): 0.001 at s, and cut there
///     step          1 for d <= s
///
/// Other codes: PDAF's cradius is s. DAPPER's loc_rad is s / 3.64 for gaspari_cohn
/// (its half-support is 1.82 loc_rad), s / 3.717 for gaussian, whose weight is exp(-1/2) there, and
/// s for step. An infinite support gives weight 1 everywhere.
class Taper {
 public:
  enum class Shape { gaspari_cohn, gaussian, exponential, step };

  /// Throws InputError unless support > 0.
  Taper(Shape shape, Real support);

  Real support() const { return support_; }
  Real operator()(Real distance) const;
  /// weight[i] = weight at distance[i]. May be in place.
  void weigh(Real* weight, const Real* distance, Index count) const;

  static Shape shape_named(std::string_view name);

 private:
  Shape shape_;
  Real support_, inverse_;
};

/// How observations act at a distance: what the input of every local filter says of it.
struct Localization {
  Taper taper{Taper::Shape::gaspari_cohn, 1};
  Real level_distance = 0;  ///< length units that one level counts (Geometry)

  /// Keys `taper`, `support`, `level_distance`. A filter that is also of use without localization
  /// lets `support` default to infinity.
  static Schema schema(bool infinite_by_default = false);
  static Localization read(const Section& section);

  /// The geometry of the run with this level distance.
  Geometry geometry(Geometry of_run) const;
};

}  // namespace starling::filters
