// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/initial_flow3d.hpp"
#include "models/model.hpp"
#include "spectral/box_transform.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace starling::models {

/// Three-dimensional incompressible Navier-Stokes flow on a periodic box, rotating and stratified
/// (Boussinesq) where asked for, with passive scalars c:
///
///     u_t + u.grad u + 2 Omega z x u = -grad p + b z + nu lap u + D u + f,    div u = 0,
///     b_t + u.grad b = -N^2 w + kappa_b lap b + D b,
///     c_t + u.grad c = -u.G   + kappa_c lap c + D c,      D = (-1)^(p+1) nu_p lap^p,
///
/// z the unit vector along z, b the buoyancy [length/time^2], G the gradient of the mean of a
/// scalar. A state holds the coefficients of u, v, w, of b where there is a stratification, and of
/// the scalars, one after the other.
///
/// Advection is div(u u), whose trace is left to the pressure (canuto2006, section 3.3), with three
/// transforms to points and five back; or u x curl u (rotational), with six and three. Free of
/// aliases the two are the same up to rounding, and conserve energy and helicity. The pressure is
/// eliminated by projection, so that every state that was made here is free of divergence up to
/// rounding.
class NavierStokes3d final : public Model {
 public:
  struct Scalar {
    Real diffusivity = 0;
    std::array<Real, 3> gradient = {0, 0, 0};
    std::string initial = "zero";  ///< of initial_scalars3d()
  };
  enum class Forcing {
    none,
    low_shells,  ///< f = eps u / (2 E) in 0 < |k| < k_f, E the energy there: eps whatever the flow
    linear,      ///< f = A u (lundgren2003)
    abc,         ///< F times abc_flow() (of initial_abc, forcing_mode)
    kolmogorov   ///< F sin(2 pi m y / Ly) along x
  };
  struct Settings {
    explicit Settings(const spectral::Box& of) : box(of) {}
    spectral::Box box;
    spectral::Dealiasing dealiasing = spectral::Dealiasing::truncation;
    spectral::Planning planning = spectral::Planning::estimate;
    bool rotational = false;
    Real viscosity = 0;
    Real hyperviscosity = 0;
    Index hyperviscosity_power = 4;      ///< p
    Real rotation = 0;                   ///< Omega
    std::optional<Real> stratification;  ///< N^2
    Real buoyancy_diffusivity = 0;
    std::string buoyancy_initial = "zero";
    std::vector<Scalar> scalars;
    Forcing forcing = Forcing::none;
    Real energy_input = 0;         ///< eps
    Real forcing_cutoff = 2.5;     ///< k_f [radians per unit length]
    Real forcing_rate = 0;         ///< A
    Real forcing_amplitude = 0;    ///< F
    Index forcing_mode = 1;        ///< m
    std::string initial = "zero";  ///< of initial_flows3d()
    FlowKeys3d initial_keys;
  };
  /// Throws InputError. Collective on `space`, which must outlive this.
  NavierStokes3d(const Settings& settings, MPI_Comm space);

  const spectral::BoxTransform& transform() const { return transform_; }
  /// Fields that one nonlinear() transforms to points and back.
  Index fields_in() const { return (settings_.rotational ? 6 : 3) + scalars(); }
  Index fields_out() const { return (settings_.rotational ? 3 : 5) + 3 * scalars(); }

  Index width() const override { return 2 * fields() * coefficients(); }
  Index dofs() const override { return fields() * transform_.points(); }
  MPI_Comm space() const override { return space_; }
  Columns value_columns() const override;
  Columns state_columns() const override;
  Domain domain() const override;
  std::vector<std::complex<Real>> linear() const override;
  void nonlinear(Rows out, ConstRows u, Real t) override;
  void to_physical(Rows members, ConstRows states) const override;
  /// The part of a velocity that has a divergence is left behind.
  void to_states(Rows states, ConstRows members) const override;
  /// Nothing is random; but what makes fields complex grows, from rounding, where L or a forcing
  /// amplifies it, because products do not see it. Every few steps it is taken away.
  void kick(Rows states, Index number, Index step, Real dt) override;
  void reference(Real* member) const override { draw(member, 0); }
  void draw(Real* member, Index number) const override;
  Real flops() const override;
  Real response(const std::array<Index, 3>& mode) const override;

  std::vector<std::pair<std::string, Real>> parameters() const override;
  Real* vary(const std::string& name) override;

  // navier_stokes3d_measure.cpp
  std::vector<diagnostics::Quantity> quantities() const override;
  void measure(Real* out, ConstRows state, Real t) override;
  /// Sums over the modes of a shell, without a division by its width; the flux through its outer
  /// edge.
  std::vector<diagnostics::Quantity> spectra() const override;
  std::vector<Real> bins() const override;
  void measure_spectra(Real* out, ConstRows state) override;
  std::vector<Component> derived() const override;
  void derive(Real* out, ConstRows state) override;
  Real courant(ConstRows state) override;

  static ModelEntry entry();

 private:
  Index fields() const { return 3 + scalars(); }
  Index scalars() const { return static_cast<Index>(scalars_.size()); }
  Index coefficients() const { return transform_.coefficients(); }
  std::array<Real, 3> wavenumber(Index i) const { return transform_.wavenumber(i); }
  Real damping(Real k2) const;
  void make_forcing();
  void project(Complex* velocity) const;
  void set_vorticity(Complex* vorticity, const Complex* velocity) const;
  Real amplification(const Complex* state) const;
  Real energy_below(const Complex* state, Real k2_end) const;
  void add_q_criterion(Real* q, ConstRows state);
  // What advection does, as products left it in work_, ...
  void multiply(const Complex* state) const;
  // ... and from that N; without forces only the part of advection.
  void assemble(Complex* out, const Complex* state, bool forces) const;
  void assemble_velocity(Complex* out, const Complex* state, Index line, bool forces,
                         Real growth) const;
  void assemble_scalar(Complex* out, const Complex* state, Index line, Index scalar,
                       bool forces) const;
  void add_varied(Complex* out, const Complex* state) const;
  void sum_over_space(Real* values, Index count, MPI_Op op) const;

  Settings settings_;
  std::vector<Scalar> scalars_;  // with the buoyancy first
  MPI_Comm space_;
  spectral::BoxTransform transform_;
  Index lines_, modes_z_;
  Array<Real*> kx_, ky_;   // of each line of coefficients along z
  Array<Real*> kz_;        // along a line
  Array<Real*> inverse_;   // of k^2, 0 where k = 0
  Array<Complex*> force_;  // nothing where there is no steady force
  mutable Array<Complex*> work_;
  Array<Complex*> rate_;  // of advection, for fluxes
  Array<Real*> values_;   // of velocities
  Index bins_;
  std::vector<Index> bin_;
  std::optional<Real> viscosity_;  // where nonlinear() takes it from elsewhere
};

}  // namespace starling::models
