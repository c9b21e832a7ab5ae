// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/findings.hpp"
#include "datasets/check/origin.hpp"
#include "datasets/check/well_format.hpp"

#include <string>
#include <vector>

namespace starling::datasets::check {

/// What the equation says of means over the domain, as far as the file's config tells which
/// equation it is (docs/conventions.md, "Two-dimensional flow"):
///   - the mean of a vorticity is zero; that of a passive tracer, of a potential vorticity, of u of
///     a conservation law never changes (rounding to single precision moves a mean by 2^-24 <|u|>);
///   - the energy of a flow grows by no more than its forcing can give, d|u|/dt <= |f| for root
///   mean
///     squares or the energy input; without forcing not at all, but for the errors of time steps;
///   - speeds are such that the model's time step is possible at all: a Courant number of 3 is
///     beyond what any scheme here is stable with.
/// Coarsened fields keep means, but their energy is free.
class BudgetCheck {
 public:
  BudgetCheck(const Shape& shape, const Origin& origin);
  void frame(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
             Tally& tally);

 private:
  struct Mean {
    std::size_t field;
    bool zero;
    Real first = 0;  // of this trajectory
  };

  /// The most that a flow may gain: to the root mean square, to the energy and relative to it, a
  /// unit of time.
  struct Gain {
    Real speed = 0, energy = 0, relative = 0;
  };

  void flow();
  bool find_gain();
  void conservation_law();
  void means(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
             Tally& tally);
  void energy(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
              Tally& tally);
  void speeds(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
              Tally& tally);

  const Shape& shape_;
  const Origin& origin_;
  std::vector<Mean> means_;
  std::vector<std::size_t> energies_;  // whose mean square is limited
  Gain gain_;
  std::vector<Real> before_;
  std::vector<std::size_t> speeds_;
  Real dt_ = 0;
};

}  // namespace starling::datasets::check
