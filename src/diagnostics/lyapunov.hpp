// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "ensemble/forecast.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace starling::diagnostics {

/// How Lyapunov exponents are computed.
struct LyapunovSettings {
  Index exponents = 1;            ///< how many of the largest, 1..dofs
  Index interval_steps = 1;       ///< steps between two orthonormalisations
  Index transient_intervals = 0;  ///< left out: the perturbations turn to the Lyapunov directions
  Index intervals = 1;            ///< averaged over
  Real perturbation = 1e-5;       ///< norm of the perturbations over the norm of the initial state
  bool zero_mean = false;         ///< only perturbations whose mean over the dofs is zero
  std::uint64_t seed = 0;         ///< of the first perturbations
};

/// Lyapunov exponents in descending order of their directions [1 / time units of the model].
struct LyapunovSpectrum {
  std::vector<Real> exponents;
  std::vector<Real> standard_errors;  ///< statistical, by estimate_mean
  Real kaplan_yorke = 0;              ///< see kaplan_yorke_dimension
  std::vector<Real> history_times;    ///< averaging times up to which ...
  std::vector<Real> history;          ///< ... the exponents were these: times x exponents
};

/// Called after each interval with the intervals done, of all (transient included), and the present
/// estimates; empty during the transient.
using LyapunovProgress =
    std::function<void(Index done, Index all, std::span<const Real> estimates)>;

/// The largest Lyapunov exponents of a forecast model by the method of Benettin et al. (1980,
/// benettin1980): a trajectory and copies of it, perturbed both ways along each direction, run as
/// one ensemble. The directions are orthonormalised (modified Gram-Schmidt) every interval, and
/// exponent i is the mean of log r_ii / interval.
///
/// The tangent is a central difference. What it lacks, the cube of the perturbation and rounding
/// over it, acts as noise that turns directions of nearly equal exponents into each other whenever
/// the faster one happens to shrink for a while: one-sided differences raise the zero exponents of
/// Kuramoto-Sivashinsky by 0.001 and lower its weakly negative one as much. Growth over one
/// interval must neither leave the linear regime nor bring a perturbation down to rounding, so
/// exp(|lambda| interval) should stay far below 1e7.
///
/// `initial` (1 x dofs) are the grid-point values of the start, which should be on the attractor.
/// Members are resolved scales only after their first step, which belongs to the transient. Every
/// interval is an initial condition of its own: a multistep scheme starts afresh. Serial. Throws
/// InputError for impossible settings, NumericalError if the state blows up or a perturbation is
/// lost in rounding.
LyapunovSpectrum lyapunov_spectrum(ensemble::Forecast& forecast, ConstRows initial,
                                   const LyapunovSettings& settings,
                                   const LyapunovProgress& progress = {});

/// The Kaplan-Yorke dimension (kaplan1979) of exponents in descending order,
///     D = j + (lambda_1 + ... + lambda_j) / |lambda_{j+1}|,
/// j the largest number whose sum is not negative. NaN if the sum of all is still positive: more
/// exponents are needed.
Real kaplan_yorke_dimension(std::span<const Real> exponents);

}  // namespace starling::diagnostics
