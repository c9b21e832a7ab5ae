// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/domain.hpp"
#include "core/random.hpp"

namespace starling::ensemble {

/// Gaussian perturbations of grid-point values with a given standard deviation at every point and a
/// given spectrum of variance S(k): "white" (independent points), "gaussian" exp(-(k l)^2 / 2) with
/// correlation length l, or "power" k^-slope. All but white need a periodic domain and have zero
/// mean. A spectral model keeps the modes it resolves, so white noise loses the variance of the
/// others.
class Perturbation {
 public:
  /// Keys std, spectrum, correlation_length, slope.
  static const Schema& schema();
  /// The same without std.
  static const Schema& spectrum_schema();
  /// Throws InputError if the spectrum does not suit the domain.
  Perturbation(const Section& section, const Domain& domain);

  /// member += a random field: a pure function of the stream.
  void add(Real* member, const Stream& stream) const;

 private:
  Domain domain_;
  Real std_;
  std::vector<Real> amplitude_;  // of mode k = 1, 2, ...; empty for white
};

}  // namespace starling::ensemble
