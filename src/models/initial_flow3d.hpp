// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/random.hpp"
#include "core/types.hpp"
#include "spectral/box_transform.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace starling::models {

/// What [model] says of the initial flow; each reads what it needs.
struct FlowKeys3d {
  Real amplitude = 1;
  Real energy = 0.5;    ///< <|u|^2> / 2
  Real wavenumber = 4;  ///< [radians per unit length]
  Real exponent = 4;
  Index mode = 1;
  std::array<Real, 3> abc = {1, 1, 1};
  std::uint64_t seed = 1;
};

/// The velocity of one member in the making, on a periodic box: coefficients of u, v, w one after
/// the other. Places are fractions (x / Lx, y / Ly, z / Lz). Random numbers are pure functions of
/// (seed, number of the member, mode), the same for any resolution and on any ranks. Everything is
/// collective on the ranks of the transform.
class FlowField3d {
 public:
  using Velocity = std::array<Real, 3>;
  using Amplitude = std::array<Complex, 3>;
  FlowField3d(Complex* velocity, const spectral::BoxTransform& transform, const FlowKeys3d& keys,
              Index number);

  const spectral::BoxTransform& transform() const { return *transform_; }
  const FlowKeys3d& keys() const { return keys_; }
  const Stream& random() const { return random_; }

  /// From values at grid points.
  void from_velocity(const std::function<Velocity(Real, Real, Real)>& f);
  /// From coefficients f(mode) of the modes of which the others are conjugates: mode_x > 0, or
  /// mode_x = 0 and mode_y > 0, or both 0 and mode_z > 0. The mean is zero.
  void from_modes(const std::function<Amplitude(const std::array<Index, 3>&)>& f);

  /// Calls f(x / Lx, y / Ly, z / Lz, i) for each of my grid points i.
  static void for_points(const spectral::BoxTransform& transform,
                         const std::function<void(Real, Real, Real, std::size_t)>& f);

 private:
  Complex* velocity_;
  const spectral::BoxTransform* transform_;
  FlowKeys3d keys_;
  Stream random_;
};

/// A = B = C = 1 and amplitude 1 is the flow of arnold1965: at (x / Lx, y / Ly, z / Lz)
///     (A sin kz + C cos ky, B sin kx + A cos kz, C sin ky + B cos kx),   k = 2 pi mode.
FlowField3d::Velocity abc_flow(const FlowKeys3d& keys, Real x, Real y, Real z);

/// An initial condition that an input can name.
struct InitialFlow3d {
  std::string name;
  std::string summary;
  void (*make)(FlowField3d& field);
};
const std::vector<InitialFlow3d>& initial_flows3d();

/// Values of a scalar at (x / Lx, y / Ly, z / Lz).
struct InitialScalar3d {
  std::string name;
  std::string summary;
  Real (*value)(Real x, Real y, Real z);
};
const std::vector<InitialScalar3d>& initial_scalars3d();

}  // namespace starling::models
