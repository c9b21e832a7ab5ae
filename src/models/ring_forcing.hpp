// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "spectral/box_transform.hpp"

#include <cstdint>
#include <vector>

namespace starling::models {

/// A random forcing of the vorticity of a two-dimensional flow, white in time, in the ring of
/// wavenumbers [k_f - dk, k_f + dk]: at the end of each step
///
///     w^_k += A k (e^{i theta_k} - c (u^ of this mode)),
///
/// theta_k independent and uniform, all modes with the same energy. c takes the part of the kick
/// away that is parallel to the velocity it is added to (alvelius1999), so that its energy is added
/// to that of the flow, and A makes that exactly energy_input * dt, in every step and for every
/// flow.
class RingForcing {
 public:
  struct Settings {
    Real wavenumber, half_width;  ///< k_f and dk [radians per unit length]
    Real energy_input;            ///< per unit of mass and time
    std::uint64_t seed;
  };
  /// Throws InputError where no kept mode is in the ring.
  RingForcing(const spectral::BoxTransform& transform, const Settings& settings, MPI_Comm space);

  Real energy_input() const { return settings_.energy_input; }
  /// Adds the kick of step number `step` of length dt to one member. Collective on `space`.
  void kick(Complex* vorticity, Index member, Index step, Real dt);

 private:
  struct Mode {
    Index coefficient;
    std::uint64_t number;  // of its random phase
    bool conjugate;
    Real wavenumber, weight;
  };
  Settings settings_;
  MPI_Comm space_;
  std::vector<Mode> modes_;
  std::vector<Complex> kicks_;
};

}  // namespace starling::models
