// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/panel.hpp"
#include "plots/run.hpp"

#include <string>
#include <vector>

/// Spectra and budgets of flows in two and three dimensions.
namespace starling::plots {

/// Spectra of one unit that go into one panel.
struct SpectrumGroup {
  std::vector<std::string> names;  ///< datasets of /spectra
  std::string unit;
  bool linear = false;  ///< fluxes and whatever else has both signs
};

/// What a simulation has written to /spectra, that of the energy first; in assimilations one group,
/// of truth and errors.
std::vector<SpectrumGroup> spectrum_groups(const Run& run);

/// The spectra of a group. The first one has thin lines above it with the slopes of inertial
/// ranges: -5/3 (Kolmogorov 1941) and in two dimensions -3 (Kraichnan 1967) of energies; -1 of the
/// vorticities whose spectra assimilations in two dimensions have.
Panel spectrum_group_panel(const Run& run, const SpectrumGroup& group, const Box& box);

/// d/dt stock = sum of terms, in time.
struct Budget {
  std::string name;  ///< of the stock: "energy"
  std::vector<Real> time, stock;
  std::vector<std::string> terms;         ///< "energy_input"
  std::vector<std::vector<Real>> values;  ///< of each term
  std::vector<Real> sum;
  /// Centred differences of the stock, exact to the square of the time between outputs, and what
  /// they are more than the sum; not a number at both ends.
  std::vector<Real> rate, residual;
};

/// Budgets that were written: of each quantity with a residual in /budgets, with the terms that
/// bear its name. The energy is first.
std::vector<Budget> budgets_of(const Run& run);

}  // namespace starling::plots
