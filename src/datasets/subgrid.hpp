// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/coarsening.hpp"
#include "datasets/field.hpp"
#include "datasets/fine_spectra.hpp"
#include "datasets/snapshot.hpp"

#include <string>
#include <vector>

namespace starling::datasets {

/// What a coarse model misses of a fine one. With the bar a coarse-graining operator, c a field
/// that is carried by the velocity u, and the coarse velocity that which the coarse model has at
/// the coarse state c-bar:
///
///     flux            phi = bar(u c) - bar(u) bar(c)
///     forcing         S   = div(bar(u) bar(c)) - bar(div(u c))
///     forcing_total   S   = bar(dc/dt) - dc/dt (bar(c)) by the coarse model
///     stress          tau_ij = bar(u_i u_j) - bar(u_i) bar(u_j)
///
/// Both forcings are to be added to the tendency of the coarse model (ross2023 has -S for the
/// first: docs/datasets.md). Where the operator commutes with derivatives ("op1", "op2"), S =
/// -div(phi) but for rounding. In one dimension u carries itself: phi = a/2 (bar(u^2) - bar(u)^2)
/// with the coefficient a of u u_x.
///
/// Between walls there are total forcings only. The coarse state is what the coarse model resolves
/// of bar(c).
class Subgrid {
 public:
  /// `fine` gives what is coarse-grained, `coarse` has the velocities of the same names derived.
  /// Both must outlive this. Throws InputError for grids that do not fit.
  Subgrid(FineSpectra& fine, models::Model& fine_model, Snapshot& coarse,
          models::Model& coarse_model, CoarseOperator kind);

  /// What is made: the arrays of the coarse snapshot, then the targets.
  const std::vector<Component>& arrays() const { return arrays_; }
  /// "add_to_tendency" for forcings, "flux" for fluxes and stresses, "" for the state.
  static std::string sign_convention(const std::string& name);

  /// The coarse state of what `fine` has taken, without targets.
  void coarsen();
  /// The coarse state and the targets, at time t.
  void evaluate(Real t);
  const Real* operator[](std::size_t array) const;
  /// Grid-point values of the coarse state: what a low-fidelity run starts from.
  const Real* state() const { return (*coarse_)[0]; }
  /// The largest |S + div(phi)| and |S| of each forcing that has a flux, over all evaluations so
  /// far, one after the other: what ranks take the maximum of. Zeros of an operator that does not
  /// commute with derivatives.
  std::vector<Real> flux_extremes() const;
  /// The largest ratio of the two; a single state may have no forcing but rounding.
  static Real flux_error(const std::vector<Real>& extremes);

 private:
  // A field that is carried: its array, the velocities, and a factor of the product.
  struct Carried {
    std::size_t quantity;
    std::vector<std::size_t> velocity;
    Real factor;
    std::vector<std::size_t> flux;  // targets; empty: not published
    std::size_t forcing;            // target
    Real error = 0, largest = 0;
  };
  struct Stress {
    std::size_t first, second, target;
  };

  void find_carried(const models::Model& model);
  void find_stresses();
  std::size_t add(Component component);
  Real* target(std::size_t index) {
    return targets_.data() + static_cast<Index>(index) * coarsening_.coarse_points();
  }
  void carry(Carried& carried);

  FineSpectra* spectra_;
  Snapshot *fine_, *coarse_;
  Coarsening coarsening_;
  std::vector<Component> arrays_;
  std::vector<Carried> carried_;
  std::vector<Stress> stresses_;
  std::vector<std::size_t> totals_;
  std::vector<Real> targets_, coarse_values_;
  std::vector<std::vector<Real>> coarse_fluxes_;
  std::vector<const Real*> flux_pointers_;
  std::vector<Real> divergence_;
};

}  // namespace starling::datasets
