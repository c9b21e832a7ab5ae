// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/ensemble_update.hpp"
#include "filters/entry.hpp"
#include "filters/observation_space.hpp"

namespace starling::filters {

/// A filter whose analysis is one transform of the whole ensemble: products of the observed
/// anomalies, an N x N problem that each kind of filter solves in its own way, and a combination of
/// the members, with inflation and rotation around it.
///
/// Cost, for N members, n dofs, p observations and r ranks: p N² / r flops for the products, a
/// message of N² numbers, the N x N problem on every rank alike, 2 n N² / r to combine. Memory of
/// each rank besides the ensemble: a few N x N matrices.
class GlobalFilter : public Filter {
 public:
  bool smooths() const override { return true; }
  Report analyse(const Analysis& analysis) final;
  Real bytes() const override;
  std::vector<Real> state() const override { return update_.inflation().state(); }
  void restore(const std::vector<Real>& state) override { update_.inflation().restore(state); }

 protected:
  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// settings that can't be.
  GlobalFilter(const FilterContext& context, const InflationSettings& inflation, bool rotation,
               bool perturbed = false);

  /// Writes D and w of update(), which are 0 and 0 where nothing is observed, from the products of
  /// space(), those of the inflated background. May add to the report.
  virtual void transform(Index cycle, Report& report) = 0;

  Index members() const { return members_; }
  ObservationSpace& space() { return space_; }
  EnsembleUpdate& update() { return update_; }

 private:
  Index members_;
  ObservationSpace space_;
  EnsembleUpdate update_;
};

}  // namespace starling::filters
