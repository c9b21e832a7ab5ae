// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/config.hpp"
#include "core/domain.hpp"
#include "core/random.hpp"

#include <memory>
#include <vector>

namespace starling::ensemble {

/// Gaussian perturbations of grid-point values with a given standard deviation at every point and a
/// given spectrum: each mode has a variance proportional to S(|k|), k the vector of its
/// wavenumbers, with S "gaussian" exp(-(k l)^2 / 2), of correlation exp(-(r / l)^2 / 2), or "power"
/// k^-slope, whose sums over shells of |k| fall as k^(d - 1 - slope) in d dimensions; or "white",
/// independent points. All but white need a periodic domain and have zero mean, and no Nyquist
/// modes. Components are independent of each other. A spectral model keeps the modes it resolves,
/// so white noise loses the variance of the others.
///
/// In one dimension a sum over modes; in more a Fourier transform of the whole field by
/// each rank, also where ranks share members. A mode draws the same numbers on every grid. Local.
class Perturbation {
 public:
  /// Keys std, spectrum, correlation_length, slope.
  static const Schema& schema();
  /// The same without std.
  static const Schema& spectrum_schema();
  /// Throws InputError if the spectrum does not suit the domain.
  Perturbation(const Section& section, const Domain& domain);
  /// The same where `values` are the grid-point values of a member on this rank.
  Perturbation(const Section& section, const Domain& domain, Columns values);

  /// member += a random field, of the values here: a pure function of the stream. Allocates
  /// nothing. Copies share memory, so not at the same time as another's.
  void add(Real* member, const Stream& stream) const;

 private:
  void add_white(Real* member, const Stream& stream) const;
  void add_line(Real* member, const Stream& stream) const;
  void add_box(Real* member, const Stream& stream) const;

  Domain domain_;
  Columns values_;
  Real std_;
  bool white_;
  std::vector<Real> amplitude_;  // in one dimension of mode k = 1, 2, ...
  struct Box;                    // in more
  std::shared_ptr<Box> box_;
};

}  // namespace starling::ensemble
