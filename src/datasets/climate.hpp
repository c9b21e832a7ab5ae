// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "datasets/closure.hpp"

#include <mpi.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace starling::datasets {

/// Long-time statistics of runs on periodic grids, for comparison as in ross2023, section 2.5: the
/// distributions of all inputs and, of each velocity, of |u|^2 and |curl u|^2, and the isotropic
/// spectra of |u|^2 / 2 and |curl u|^2 / 2 by mode number. Velocities are the inputs "velocity*_x",
/// "_y" (, "_z"); in one dimension the first input is one and its derivative its curl. Published
/// numbers: units are squares of the scales. Models that know spectra of their own, fluxes and
/// terms of budgets too, may give those instead; differences are theirs.
///
///     Climate high(names), low(names);
///     high.add_values(grid, frame);  high.add_spectra(grid, frame);  // any number, on any rank
///     high.gather(comm);  low.gather(comm);                          // collective, once
///     for (const auto& [quantity, d] : high.distances(low)) ...      // on rank 0
class Climate {
 public:
  explicit Climate(std::vector<std::string> inputs);
  ~Climate();
  Climate(Climate&&) noexcept;
  Climate& operator=(Climate&&) noexcept;

  /// Throws InputError unless the grid is periodic with even numbers of points.
  void add_values(const Domain& grid, const Inputs& frame);
  /// The same; all grids have the same numbers of points, while their lengths may differ.
  void add_spectra(const Domain& grid, const Inputs& frame);
  /// In place of these, the spectra that a model knows: [name][wavenumber].
  void add_spectra(const Domain& grid, const std::vector<std::string>& names,
                   const std::vector<Real>& wavenumbers, const std::vector<Real>& spectra);
  /// Brings everything to rank 0 of `comm`. Collective.
  void gather(MPI_Comm comm);

  /// Whether anything was added; after gather() on rank 0.
  bool empty() const;
  /// Wasserstein-1 distances of distributions, and root mean square differences of the mean spectra
  /// below two thirds of the Nyquist mode ("..._spectrum").
  std::vector<std::pair<std::string, Real>> distances(const Climate& other) const;

 private:
  struct Tools;
  struct Velocity {
    std::string ending;  // "1" of velocity1
    std::vector<std::size_t> inputs;
  };
  void prepare(const Domain& grid);
  void take(const Velocity& velocity, const Inputs& frame);
  void count_modes(const Domain& grid, const std::vector<Real>& wavenumbers);
  void add_spectrum(std::size_t place, const std::string& name, const std::vector<Real>& spectrum);

  std::vector<std::string> inputs_;
  std::vector<Velocity> velocities_;
  std::unique_ptr<Tools> tools_;            // of the last grid
  std::vector<std::vector<float>> values_;  // inputs, then energy and enstrophy of each velocity
  std::vector<std::vector<Real>> spectra_;  // sums
  std::vector<std::string> spectra_names_;
  Real spectra_count_ = 0;
  Index cut_ = 0;  // modes below two thirds of the Nyquist mode
};

}  // namespace starling::datasets
