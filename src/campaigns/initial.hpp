// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/extra_columns.hpp"
#include "campaigns/truth.hpp"
#include "core/config.hpp"
#include "core/domain.hpp"
#include "ensemble/ensemble.hpp"
#include "ensemble/perturbation.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace starling::campaigns {

/// The initial ensemble, from [ensemble]:
///   "gaussian"     the model's reference state, run on by itself for center_spin_up, plus
///   independent
///                  Gaussian perturbations of a given spectrum for each member and the truth;
///   "random"       each member and the truth another draw from the model's initial conditions,
///                  run on by itself for spin_up;
///   "climatology"  as gaussian, then every member and the truth run on by itself for spin_up;
///   "file"         the rows of a dataset; the truth is the row after the last member.
class Initial {
 public:
  static const Schema& schema();
  /// Fills the grid-point values of a member with draw number `number` of the model's initial
  /// conditions.
  using Draw = std::function<void(Real* member, Index number)>;

  /// Throws InputError. `reference` is the model's reference state (what this rank has of the
  /// grid-point values, and the extra columns); members start with `extras` of their own. `values`
  /// is what this rank has of the grid-point values.
  Initial(const Section& section, const Domain& domain, const Columns& values,
          std::vector<Real> reference, Draw draw, Real dt, std::uint64_t seed,
          std::vector<ExtraColumn> extras = {});

  /// Whether members are rows of a file instead of draws from a law.
  bool is_from_file() const { return !rows_.empty(); }
  /// Number of members.
  Index members() const { return members_; }

  /// Fills the ensemble and, if there is one, the truth. Collective on the ensemble's ranks; throws
  /// NumericalError if the model blows up on the way.
  void start(ensemble::Ensemble& ensemble, Truth* truth, ensemble::Forecast& forecast) const;

  /// Fills `sample` as start() does, with random numbers of its own (Purpose::climatology), and
  /// runs it by itself for `steps`. Rows of a file are used again and again. Collective; throws
  /// NumericalError.
  void sample(ensemble::Ensemble& sample, ensemble::Forecast& forecast, Index steps) const;

 private:
  std::vector<Real> center(ensemble::Forecast& forecast) const;

  Columns values_;
  Draw draw_;
  bool is_random_;
  ensemble::Perturbation perturbation_;
  std::vector<Real> reference_;
  std::uint64_t seed_;
  Index members_, center_steps_, spin_up_steps_;
  std::vector<Real> rows_;  // of the file, if any
  std::vector<ExtraColumn> extras_;
};

}  // namespace starling::campaigns
