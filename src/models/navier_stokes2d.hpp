// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/initial_flow2d.hpp"
#include "models/initial_grid2d.hpp"
#include "models/model.hpp"
#include "models/ring_forcing.hpp"
#include "spectral/box_transform.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace starling::models {

/// Two-dimensional Navier-Stokes flow on a periodic box, and passive tracers in it:
///
///     w_t + (u + U).grad w = D w - mu w - mu_q lap^-q w + f,
///     c_t + (u + U).grad c + u.G = kappa lap c + (D - nu lap) c,
///     D = nu lap + (-1)^(p+1) nu_p lap^p + eps Q(|k|) lap,
///
/// with u = (-psi_y, psi_x), lap psi = w, drag and hypodrag (-1)^q lap^-q, a uniform mean flow U,
/// the gradient G of the mean of a tracer, and the spectral viscosity of tadmor1989, Q a cut-off.
///
/// A state holds the coefficients of w and of the tracers, one after the other. Products by
/// basdevant1983: u.grad w = (d_xx - d_yy)(u v) + d_xy (v^2 - u^2) takes two transforms each way, a
/// tracer in flux form one and two more. The means of w (zero) and of c do not change by a bit.
class NavierStokes2d final : public Model {
 public:
  struct Tracer {
    Real diffusivity = 0;
    std::array<Real, 2> gradient = {0, 0};
    std::string initial = "zero";  ///< of initial_tracers2d()
  };
  /// cosine * cos(k.x) + sine * sin(k.x) in the equation of the vorticity.
  struct ForcedMode {
    Index mode_x, mode_y;
    Real cosine, sine;
  };
  struct Settings {
    explicit Settings(const spectral::Box& of) : box(of) {}
    spectral::Box box;
    spectral::Dealiasing dealiasing = spectral::Dealiasing::truncation;
    spectral::Planning planning = spectral::Planning::estimate;
    Real viscosity = 0;
    Real hyperviscosity = 0;
    Index hyperviscosity_power = 4;  ///< p
    Real spectral_viscosity = 0;
    Real spectral_cutoff = 0;   ///< k0 [radians per unit length]
    bool sharp_cutoff = false;  ///< Q = 1 for k >= k0, else 1 - exp(-(k/k0)^18)
    Real drag = 0;
    Real hypodrag = 0;
    Index hypodrag_power = 1;  ///< q
    std::array<Real, 2> mean_flow = {0, 0};
    std::vector<Tracer> tracers;
    std::vector<ForcedMode> forcing;
    std::optional<RingForcing::Settings> ring;
    std::string initial = "zero";  ///< of initial_flows2d(), or "laminar"
    FlowKeys initial_keys;
    /// Of a grid on which initial flow and tracers are sampled before they are truncated; or none.
    std::optional<std::array<Index, 2>> initial_points;
  };
  /// Throws InputError. Collective on `space`, which must outlive this.
  NavierStokes2d(const Settings& settings, MPI_Comm space);

  const spectral::BoxTransform& transform() const { return transform_; }

  Index width() const override { return 2 * fields() * coefficients(); }
  Index dofs() const override { return fields() * transform_.points(); }
  MPI_Comm space() const override { return space_; }
  Columns value_columns() const override;
  Columns state_columns() const override;
  Domain domain() const override;
  std::vector<std::complex<Real>> linear() const override;
  void nonlinear(Rows out, ConstRows u, Real t) override;
  void to_physical(Rows members, ConstRows states) const override;
  /// The mean vorticity of a periodic flow is zero, whatever the values say.
  void to_states(Rows states, ConstRows members) const override;
  void kick(Rows states, Index number, Index step, Real dt) override;
  void reference(Real* member) const override { draw(member, 0); }
  void draw(Real* member, Index number) const override;
  Real flops() const override;
  Real response(const std::array<Index, 3>& mode) const override;

  std::vector<std::pair<std::string, Real>> parameters() const override;
  Real* vary(const std::string& name) override;

  // navier_stokes2d_measure.cpp
  std::vector<diagnostics::Quantity> quantities() const override;
  void measure(Real* out, ConstRows state, Real t) override;
  /// Sums over the modes of a ring, without a division by its width; fluxes through its outer edge.
  std::vector<diagnostics::Quantity> spectra() const override;
  std::vector<Real> bins() const override;
  void measure_spectra(Real* out, ConstRows state) override;
  std::vector<Component> derived() const override;
  void derive(Real* out, ConstRows state) override;
  Real courant(ConstRows state) override;

  static ModelEntry entry();

 private:
  Index fields() const { return 1 + static_cast<Index>(settings_.tracers.size()); }
  Index coefficients() const { return transform_.coefficients(); }
  // Rates of decay of a coefficient by what acts on small scales, and by drag.
  Real damping(Index i) const;
  Real friction(Index i) const;
  bool is_damped() const;
  void draw_vorticity(Complex* vorticity, Index number) const;
  void make_forcing();
  void set_velocity(Complex* velocity, const Complex* vorticity) const;
  void advect(Complex* out, const Complex* state, const Complex* forcing) const;
  void add_varied(Complex* out, const Complex* state) const;
  void sum_over_space(Real* values, Index count, MPI_Op op) const;

  Settings settings_;
  MPI_Comm space_;
  spectral::BoxTransform transform_;
  Array<Real*> kx_, ky_, inverse_;  // of k^2, 0 where k = 0
  Array<Complex*> forcing_;         // nothing where there is none
  std::optional<RingForcing> ring_;
  std::optional<InitialGrid2d> initial_grid_;
  mutable Array<Complex*> work_;
  Array<Complex*> rate_;  // of advection, for fluxes
  Array<Real*> values_;   // of velocities
  Index bins_;
  std::vector<Index> bin_;
  // Parameters that nonlinear() takes from elsewhere; the values of [model] are in settings_.
  std::optional<Real> viscosity_, drag_;
};

}  // namespace starling::models
