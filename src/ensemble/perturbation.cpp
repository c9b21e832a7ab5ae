// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/perturbation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace starling::ensemble {

const Schema& Perturbation::schema() {
  static const Schema keys =
      Schema{
          Key::real("std", "standard deviation of the perturbations [units of the field]")
              .at_least(0)
              .otherwise(1.0),
      } +
      spectrum_schema();
  return keys;
}

const Schema& Perturbation::spectrum_schema() {
  static const Schema keys = {
      Key::text("spectrum", "of the perturbations: white, gaussian exp(-(k l)^2/2), power k^-slope")
          .one_of({"white", "gaussian", "power"})
          .otherwise("white"),
      Key::real("correlation_length", "l of the gaussian spectrum [length units]")
          .above(0)
          .otherwise(1.0),
      Key::real("slope", "of the power spectrum").at_least(0).otherwise(3.0),
  };
  return keys;
}

Perturbation::Perturbation(const Section& section, const Domain& domain)
    : domain_(domain), std_(section.real("std")) {
  const std::string& spectrum = section.text("spectrum");
  if (spectrum == "white") return;
  if (!domain.axis().periodic) section.fail("spectrum", "the domain is not periodic", "white");
  const Real length = section.real("correlation_length"), slope = section.real("slope");
  for (Index mode = 1; mode < (domain.axis().points + 1) / 2; ++mode) {
    const Real k = 2 * std::numbers::pi / domain.axis().length() * static_cast<Real>(mode);
    amplitude_.push_back(spectrum == "power" ? std::pow(k, -slope / 2)
                                             : std::exp(-k * length * k * length / 4));
  }
  // The variance at a point is the sum of the squared amplitudes.
  const Real variance =
      std::inner_product(amplitude_.begin(), amplitude_.end(), amplitude_.begin(), 0.0);
  if (!(variance > 0))
    section.fail("correlation_length", "no mode of this domain has any variance",
                 "less than the length of the domain");
  for (Real& a : amplitude_) a *= std_ / std::sqrt(variance);
}

void Perturbation::add(Real* member, const Stream& stream) const {
  const Index n = domain_.axis().points;
  if (amplitude_.empty()) {
    std::array<Real, 64> some;  // a multiple of the four that are drawn together
    for (Index first = 0; first < n; first += 64) {
      const Index count = std::min<Index>(64, n - first);
      stream.normals(some.data(), count, static_cast<std::uint64_t>(first));
      for (Index j = 0; j < count; ++j)
        member[first + j] += std_ * some[static_cast<std::size_t>(j)];
    }
    return;
  }
  for (std::size_t i = 0; i < amplitude_.size(); ++i) {
    const Real a = amplitude_[i] * stream.normal(2 * i),
               b = amplitude_[i] * stream.normal(2 * i + 1);
    const auto mode = static_cast<Index>(i) + 1;
    for (Index j = 0; j < n; ++j) {
      const Real angle =
          2 * std::numbers::pi * static_cast<Real>(mode * j % n) / static_cast<Real>(n);
      member[j] += a * std::cos(angle) + b * std::sin(angle);
    }
  }
}

}  // namespace starling::ensemble
