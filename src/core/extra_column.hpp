// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/types.hpp"

#include <limits>
#include <string>

namespace starling {

/// A number that every member carries behind its grid-point values and that the filter updates with
/// them: a parameter of the model, the bias of a sensor (state augmentation: anderson2001;
/// ruiz2013). It belongs to no place (Place::everywhere) and a forecast leaves it as it
/// is.
///
/// The filter sees z = g(value), with g the identity, a logarithm (value > 0) or a logit (lower <
/// value < upper), and so never leaves the bounds. Standard deviations in an input are those of the
/// value at `mean`; those of z are |g'(mean)| times as large.
struct ExtraColumn {
  enum class Transform { none, log, logit };

  std::string name;  ///< "forcing", "terms.u_xx"
  Real mean = 0;     ///< of the initial ensemble: the value of g^-1(mean of z)
  Real std = 0;      ///< of z in the initial ensemble
  /// Factor on the anomalies of z after every analysis with observations, besides the filter's own.
  Real inflation = 1;
  /// Of z: smaller anomalies are scaled up to it after such an analysis (aksoy2006); 0: never.
  Real min_spread = 0;
  Real random_walk = 0;  ///< of z: standard deviation of the noise from one analysis to the next
  Transform transform = Transform::none;
  Real lower = 0, upper = 1;                            ///< of a logit
  Real truth = std::numeric_limits<Real>::quiet_NaN();  ///< NaN: not known
  bool in_model = false;  ///< whether the model uses it: a key of [model]

  /// What a member's z stands for, and the z of a value within the bounds.
  Real value(Real z) const;
  Real z(Real value) const;

  /// The keys mean, std, inflation, min_spread, random_walk, transform, bounds.
  static const Schema& schema();
  /// From such keys; `mean` where the input gives none. Throws InputError.
  static ExtraColumn from_section(const Section& section, std::string name, Real mean);
};

}  // namespace starling
