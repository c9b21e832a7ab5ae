// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/findings.hpp"
#include "datasets/check/origin.hpp"
#include "datasets/check/well_format.hpp"
#include "spectral/real_transform.hpp"

#include <string>
#include <vector>

namespace starling::datasets::check {

/// What holds for every frame of a spectral model on a periodic grid, whatever the flow:
///   - the divergence of a velocity is zero;
///   - fields of the state have no energy in modes that the model does not resolve;
///   - in pairs of op1 and op2, forcing = -div(flux), and -div(stress) for velocities.
/// Rounding to single precision changes a number x by at most 2^-24 |x|, so by Parseval's sum the
/// mean square of each of these is at most that of 2^-24 sum_d k_d |f_d| with the largest
/// wavenumbers k_d of the grid: the bound that is used, twice for what doubles lose. Single
/// numbers below 2^-126 are rounded by up to 2^-150.
class SpectralCheck {
 public:
  /// The grid must have a spectrum. `origin` may be null: then only the mode N/2 counts as not
  /// resolved.
  SpectralCheck(const Shape& shape, const Origin* origin);

  /// The numbers of all fields, in their order, [x][y][z][element].
  void frame(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
             Tally& tally);

 private:
  struct Pair {
    std::size_t forcing, flux;
    std::size_t carried;                // whose noise the targets have
    std::vector<std::size_t> velocity;  // none: carries itself
  };

  void find_pairs();
  void transform(const std::vector<std::vector<float>>& fields, std::size_t field, Index element);
  Real square() const;  // mean of the square of what was transformed
  void divergence(std::size_t field, const std::vector<std::vector<float>>& fields,
                  const std::string& where, Index trajectory, Index frame, Tally& tally);
  void spectrum(std::size_t field, const std::vector<std::vector<float>>& fields, Index trajectory,
                Index frame, Tally& tally);
  void pair(const Pair& pair, const std::vector<std::vector<float>>& fields, Index trajectory,
            Index frame, Tally& tally);

  const Shape& shape_;
  spectral::RealTransform transform_;
  std::vector<Real> weight_;      // of a coefficient in Parseval's sum
  std::vector<bool> unresolved_;  // coefficients
  std::vector<Real> largest_;     // wavenumber of each direction
  std::vector<std::size_t> velocities_, of_state_;
  std::vector<Pair> pairs_;
  std::vector<Real> values_;
  std::vector<Complex> coefficients_, sum_;
};

}  // namespace starling::datasets::check
