// SPDX-License-Identifier: BSD-3-Clause
#include "core/extra_column.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace starling {

Real ExtraColumn::value(Real z) const {
  if (transform == Transform::none) return z;
  if (transform == Transform::log) return std::exp(z);
  return lower + (upper - lower) / (1 + std::exp(-z));
}

Real ExtraColumn::z(Real value) const {
  if (transform == Transform::none) return value;
  if (transform == Transform::log) return std::log(value);
  return std::log((value - lower) / (upper - value));
}

const Schema& ExtraColumn::schema() {
  static const Schema keys = {
      Key::real("mean", "of the initial Gaussian; default: the value that [model] has [its units]")
          .optional(),
      Key::real("std", "standard deviation of the initial Gaussian [its units]").at_least(0),
      Key::real("inflation",
                "factor on its anomalies after every analysis, besides the filter's own")
          .above(0)
          .otherwise(1.0),
      Key::real("min_spread",
                "spread that its anomalies are scaled up to after an analysis (aksoy2006) [its "
                "units]; 0 = never")
          .at_least(0)
          .otherwise(0.0),
      Key::real("random_walk",
                "standard deviation of the noise it gets from one analysis to the next [its units]")
          .at_least(0)
          .otherwise(0.0),
      Key::text("transform",
                "what the filter sees: none: the value; log: of a positive value; logit: of a "
                "value within bounds. Standard deviations hold at the mean")
          .one_of({"none", "log", "logit"})
          .otherwise("none"),
      Key::reals("bounds", "logit: lower and upper [its units]").optional(),
  };
  return keys;
}

ExtraColumn ExtraColumn::from_section(const Section& section, std::string name, Real mean) {
  ExtraColumn column;
  column.name = std::move(name);
  column.mean = section.has("mean") ? section.real("mean") : mean;
  column.inflation = section.real("inflation");
  Real slope = 1;  // of z at the mean
  const std::string& transform = section.text("transform");
  if (section.has("bounds") != (transform == "logit"))
    section.fail("bounds", "belongs to transform = \"logit\"",
                 "[lower, upper] with a logit, nothing without");
  const std::string is = fmt::format("the mean is {}", column.mean);
  if (transform == "log") {
    column.transform = Transform::log;
    if (!(column.mean > 0)) section.fail("transform", is, "log of a mean > 0");
    slope = 1 / column.mean;
  } else if (transform == "logit") {
    column.transform = Transform::logit;
    const std::vector<Real>& bounds = section.reals("bounds");
    if (bounds.size() != 2 || !(bounds[0] < column.mean && column.mean < bounds[1]))
      section.fail("bounds", is, "[lower, upper] with lower < mean < upper");
    column.lower = bounds[0];
    column.upper = bounds[1];
    slope = 1 / (column.mean - column.lower) + 1 / (column.upper - column.mean);
  }
  column.std = slope * section.real("std");
  column.min_spread = slope * section.real("min_spread");
  column.random_walk = slope * section.real("random_walk");
  return column;
}

}  // namespace starling
