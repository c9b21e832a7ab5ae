// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/panel.hpp"
#include "plots/raster.hpp"

#include <string>
#include <vector>

namespace starling::plots {

/// A long series in pieces of equal width: mean of each, and where 80 % of its values lie.
struct Binned {
  std::vector<Real> x, mean, low, high;
};

/// At most `bins` pieces; a piece without finite values is NaN. `x` ascends.
Binned binned(const std::vector<Real>& x, const std::vector<Real>& y, Index bins);

/// The entries with `from` <= x <= `to`, of x and of y.
struct Points {
  std::vector<Real> x, y;
};
Points inside(const std::vector<Real>& x, const std::vector<Real>& y, Window window);

/// The value below which the share `fraction` of the finite ones lie; NaN if there are none.
Real quantile(std::vector<Real> values, Real fraction);

/// A line through a series: all of it if its points stand apart on `pixels`, else the means of
/// pieces three pixels wide in front of a band that holds 80 % of the values (no band, if dashed).
void add_series(std::vector<Curve>& out, const Points& points, Real pixels, const Curve& like);

/// Bounds of all that `curves` draw (of the positive values, if logarithmic), with a little room.
/// A linear axis whose values come near zero begins there. What is below `rounding` is zero.
void fit(Axis& axis, const std::vector<Curve>& curves, Real rounding = 1e-12);

/// True for rounding errors of zero and for what changes in its fifth figure at most.
bool is_flat(const std::vector<Real>& values, Real rounding = 1e-12);

/// True if the values are positive and span so much that a linear axis would hide the smaller ones:
/// the largest is over `ratio` times the small ones.
bool wants_logarithm(const std::vector<Curve>& curves, Real ratio = 25);

/// The power of a thousand in which numbers up to `largest` are short ones: 0 from 0.01 to 10,000.
int exponent_of(Real largest);
/// "10⁻⁶".
std::string power_of_ten(int exponent);

/// The same as fit(), but values at most three points from the start may leave the panel, if
/// without them the axis becomes shorter by this factor: noise that decays at once would flatten
/// the rest.
void fit_past_start(Axis& axis, const std::vector<Curve>& curves, Real factor, Real rounding);

/// "0.113", "1.2e-07": three figures.
std::string shown(Real value);
/// "0.1279 ± 0.0071": two figures of the error.
std::string shown(Real value, Real error);

}  // namespace starling::plots
