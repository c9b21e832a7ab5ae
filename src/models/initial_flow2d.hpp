// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/random.hpp"
#include "core/types.hpp"
#include "spectral/box_transform.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace starling::models {

/// A number of its own for each pair of modes, whatever the resolution (szudzik2006): the address
/// of random numbers of fields.
std::uint64_t mode_number(Index mode_x, Index mode_y);

/// What [model] says of the initial flow; each reads what it needs.
struct FlowKeys {
  Real amplitude = 1;
  Real energy = 0.5;    ///< <|u|^2> / 2
  Real wavenumber = 6;  ///< [radians per unit length]
  Real width = 0.1;     ///< in lengths of the box
  Real exponent = 2.5;
  Real perturbation = 0.05;
  Index mode = 1;
  std::uint64_t seed = 1;
};

/// The vorticity of one member in the making, on a periodic box. Places are given as fractions
/// (x / Lx, y / Ly), velocities in units of length. Random numbers are pure functions of (seed,
/// number of the member, mode or place in a list), the same for any resolution and on any ranks.
/// Everything is collective on the ranks of the transform.
class FlowField2d {
 public:
  using Velocity = std::array<Real, 2>;
  FlowField2d(Complex* vorticity, const spectral::BoxTransform& transform, const FlowKeys& keys,
              Index number);

  const spectral::BoxTransform& transform() const { return *transform_; }
  const FlowKeys& keys() const { return keys_; }
  const Stream& random() const { return random_; }
  /// Uniform on (low, high).
  Real uniform(std::uint64_t index, Real low, Real high) const;

  /// From values at grid points.
  void from_vorticity(const std::function<Real(Real, Real)>& f);
  void from_velocity(const std::function<Velocity(Real, Real)>& f);
  /// From coefficients f(mode_x, mode_y) with mode_x > 0, or mode_x = 0 and mode_y > 0; the others
  /// follow.
  void from_modes(const std::function<Complex(Index, Index)>& f);
  void from_velocity_modes(const std::function<std::array<Complex, 2>(Index, Index)>& f);
  /// From grid-point values of this rank's points.
  void from_values(const std::vector<Real>& vorticity);
  void scale(Real factor);

  /// Calls f(x / Lx, y / Ly, i) for each of my grid points i.
  void for_points(const std::function<void(Real, Real, std::size_t)>& f) const;

 private:
  Complex* vorticity_;
  const spectral::BoxTransform* transform_;
  FlowKeys keys_;
  Stream random_;
};

/// An initial condition that an input can name.
struct InitialFlow2d {
  std::string name;
  std::string summary;
  void (*make)(FlowField2d& field);
};
const std::vector<InitialFlow2d>& initial_flows2d();

/// Values of a tracer at (x / Lx, y / Ly).
struct InitialTracer2d {
  std::string name;
  std::string summary;
  Real (*value)(Real x, Real y);
};
const std::vector<InitialTracer2d>& initial_tracers2d();

}  // namespace starling::models
