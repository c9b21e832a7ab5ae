// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <string>
#include <vector>

namespace starling::diagnostics {

/// A number or a spectrum that a model knows of its states: "energy", ...
struct Quantity {
  std::string name;  ///< as in files and pictures
  std::string long_name;
  std::string units = "model units";
  /// Of a term of a budget: which quantity it changes, d/dt budget_of = sum of its terms, each with
  /// the sign it has there ("energy_input" > 0, "energy_dissipation" < 0). Empty: no such term.
  std::string budget_of = "";
};

/// What can be known of the states of a model besides their grid-point values. Everything that
/// takes a state is collective on the ranks that share it, gives all of them the same numbers, and
/// allocates nothing. Models that have nothing to say override nothing.
class Measurable {
 public:
  virtual ~Measurable() = default;

  /// Integral quantities: one number a state and time.
  virtual std::vector<Quantity> quantities() const { return {}; }
  virtual void measure(Real* out, ConstRows state, Real t);

  /// Spectra and spectral fluxes: out is [spectrum][bin].
  virtual std::vector<Quantity> spectra() const { return {}; }
  /// Wavenumber of each bin [radians per unit length].
  virtual std::vector<Real> bins() const { return {}; }
  virtual void measure_spectra(Real* out, ConstRows state);

  /// Fields that follow from the state, such as velocities: out is [field][grid point], of the
  /// points of this rank.
  virtual std::vector<Component> derived() const { return {}; }
  virtual void derive(Real* out, ConstRows state);

  /// The Courant number of a unit time step, max over the points of sum_i |u_i| / dx_i [1 / time];
  /// 0 where nothing is advected.
  virtual Real courant(ConstRows state);
};

}  // namespace starling::diagnostics
