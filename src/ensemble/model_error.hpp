// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/config.hpp"
#include "core/domain.hpp"
#include "core/random.hpp"
#include "core/types.hpp"
#include "ensemble/perturbation.hpp"

#include <cstdint>

namespace starling::ensemble {

/// What the model does not know, as additive Gaussian noise (jazwinski1970, eq. 3.1): with M the
/// model over `interval` steps,
///     x_{k+1} = M(x_k) + eta_k,   eta_k ~ N(0, Q) independent in k and from member to member,
/// drawn for grid-point values. `std` is the standard deviation of eta at every point for each
/// application, at whatever interval; a white-noise forcing of intensity s per square root of time
/// unit has std = s sqrt(interval dt). Q = std^2 I for a white spectrum; others are those of
/// Perturbation. A spectral model keeps of eta the modes it resolves. eta is added at the end of
/// every step s with s + 1 a multiple of `interval`, step numbers of a spin-up included, before an
/// analysis at the same time, and the history of a multistep scheme is forgotten: a noisy state is
/// all there is to know. eta is a pure function of (seed, purpose, member, s).
class ModelError {
 public:
  /// [model_error].
  static const Schema& schema();
  /// Throws InputError if the spectrum does not suit the domain.
  ModelError(const Section& section, const Domain& domain, std::uint64_t seed, Purpose purpose);
  /// The same where `values` are the grid-point values of a member on this rank.
  ModelError(const Section& section, const Domain& domain, std::uint64_t seed, Purpose purpose,
             Columns values);

  Real std() const { return std_; }
  Index interval() const { return interval_; }
  /// Whether Q = std^2 I.
  bool is_white() const { return white_; }

  /// The first step number after `step` with noise at its beginning, but at most `end`.
  Index next(Index step, Index end) const;
  /// Whether noise is added where step number `step` begins.
  bool is_due(Index step) const;
  /// member += eta at the end of step `s`, for the grid-point values of one member here.
  void add(Real* member, Index number, Index s) const;

 private:
  Perturbation perturbation_;
  Real std_;
  Index interval_;
  bool white_;
  std::uint64_t seed_;
  Purpose purpose_;
};

}  // namespace starling::ensemble
