// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"
#include "spectral/box_transform.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace starling::models {

/// Quasi-geostrophic turbulence in one or two layers on a doubly periodic beta plane (phillips1954;
/// vallis2017, chapters 5 and 9). With the streamfunction psi_i of layer i (1 above), velocities
/// u_i = -d psi_i / dy, v_i = d psi_i / dx and vorticity zeta_i = lap psi_i, its potential
/// vorticity is
///
///     q_1 = zeta_1 + F_1 (psi_2 - psi_1),    F_1 = k_d^2 / (1 + delta),
///     q_2 = zeta_2 + F_2 (psi_1 - psi_2),    F_2 = delta F_1,    k_d = 1 / r_d,
///
/// delta = H_1 / H_2 the ratio of the thicknesses, and it obeys
///
///     dq_i/dt + J(psi_i, q_i + eta_i) + U_i d(q_i + eta_i)/dx + Q_i dpsi_i/dx
///         = -+ F_i (psi_R - (psi_1 - psi_2)) / tau_d - r lap psi_2 [lower] - s(y) (q_i - zonal
///         mean)
///           - nu (-lap)^p q_i + forcing_i,
///
/// Q_i = beta +- F_i (U_1 - U_2), upper sign for layer 1. eta is topography, under the lowest
/// layer. The relaxation is of the interface to that of the zonal jet u_R = -d psi_R / dy, s is a
/// sponge along the edges in y. One layer: q = zeta - k_d^2 psi, Q = beta + k_d^2 U, no k_d where
/// the radius is infinite, drag on it.
///
/// A state is q of each layer, [layer][coefficient of spectral::BoxTransform]. The mean of
/// psi_1 - psi_2 belongs to the state, that of H_1 psi_1 + H_2 psi_2 is zero. Hyperviscosity is L,
/// and with one layer beta and drag are too; everything else is N. The exponential cut-off filter
/// (arbic2003) is filter().
class QuasiGeostrophic final : public Model {
 public:
  using Field = std::function<Real(Real x, Real y)>;

  /// A state to start from: its kind is one of starts().
  struct Start {
    std::string kind = "zero";
    Real amplitude = 1;
    Index mode_x = 1, mode_y = 0;
    bool baroclinic = false;
    Index modes = 8;  ///< the largest mode number of what is random
    std::uint64_t seed = 1;
  };

  struct Settings {
    explicit Settings(const spectral::Box& domain) : box(domain) {}
    spectral::Box box;
    spectral::Dealiasing dealiasing = spectral::Dealiasing::truncation;
    spectral::Planning planning = spectral::Planning::estimate;
    int layers = 2;
    Real beta = 0;
    std::array<Real, 2> mean_flow = {0, 0};  ///< U_i
    Real radius = 0;                         ///< r_d; 0: infinite, with one layer
    Real thickness_ratio = 1;                ///< delta
    Real drag = 0;                           ///< r
    Real relaxation = 0;                     ///< 1 / tau_d
    Real sponge = 0;                         ///< s at the edges
    Real jet_speed = 0, jet_width = 1;       ///< of u_R, sech^2
    Real viscosity = 0;                      ///< nu
    int order = 1;                           ///< p
    bool anisotropic = false;                ///< kx^2p + ky^2p in place of k^2p
    Real filter_strength = 0;                ///< 0: no filter
    Field topography;                        ///< eta; or none
    std::array<Field, 2> forcing;            ///< of q_i, steady; or none
    Start start;
  };

  QuasiGeostrophic(const Settings& settings, MPI_Comm space);

  Index width() const override { return 2 * layers_ * n_; }
  Index dofs() const override { return layers_ * transform_.points(); }
  MPI_Comm space() const override { return space_; }
  Columns value_columns() const override;
  Columns state_columns() const override;
  std::vector<std::complex<Real>> linear() const override;
  std::vector<Real> filter() const override;
  void nonlinear(Rows out, ConstRows u, Real t) override;
  Domain domain() const override;
  void to_physical(Rows members, ConstRows states) const override;
  void to_states(Rows states, ConstRows members) const override;
  Real flops() const override;
  Real response(const std::array<Index, 3>& mode) const override;
  /// Notes the step for the rate at which the filter dissipates.
  void kick(Rows states, Index number, Index step, Real dt) override;
  void reference(Real* member) const override { draw(member, 0); }
  void draw(Real* member, Index number) const override;

  /// Means over the domain, energies and their budget per unit of total depth.
  std::vector<diagnostics::Quantity> quantities() const override;
  void measure(Real* out, ConstRows state, Real t) override;
  /// Sums over shells of wavenumbers; fluxes are from scales larger than the shell, it included, to
  /// smaller ones.
  std::vector<diagnostics::Quantity> spectra() const override;
  std::vector<Real> bins() const override;
  void measure_spectra(Real* out, ConstRows state) override;
  /// u, v and psi of each layer.
  std::vector<Component> derived() const override;
  void derive(Real* out, ConstRows state) override;
  Real courant(ConstRows state) override;

  const spectral::BoxTransform& transform() const { return transform_; }
  /// psi of each layer from q, as coefficients, and q from psi.
  void invert(Complex* psi, const Complex* q) const;
  void potential_vorticity(Complex* q, const Complex* psi) const;
  /// Fields that N takes to points and back.
  Index fields_in() const;
  Index fields_out() const;

  /// The kinds of states to start from, and what each of them is.
  static const std::vector<std::pair<std::string, std::string>>& starts();
  static ModelEntry entry();

 private:
  struct Sums;

  std::vector<std::pair<std::size_t, diagnostics::Quantity>> measured() const;
  void add_up(Sums& sums, const Complex* q, const Complex* rate) const;
  void make_tables();
  void make_sources();
  void prepare(Complex* fields, const Complex* q) const;
  void advect(Complex* fields) const;
  void stress(Complex* fields) const;
  void tendency(Complex* out, const Complex* fields, const Complex* q) const;
  void add_sources(Complex* out, const Complex* fields) const;
  void velocities(Complex* uv, const Complex* psi) const;
  /// Coefficients of a field that is given at my points.
  std::vector<Complex> coefficients_of(const Field& field) const;
  Real decay(Index i) const;
  Real cut_off(Real kx, Real ky) const;
  Real energy_of(Index i, const Complex* q) const;
  Real largest(ConstRows state, Real scale_x, Real scale_y, bool add);
  void random_field(Complex* out, Index number, std::uint64_t layer,
                    const std::function<Real(Real mode)>& variance, Real total) const;
  void start(Complex* q, Index number) const;
  void start_noise(Complex* q, Index number) const;
  void start_cosines(Complex* q, Index number) const;
  void start_wave(Complex* q, Index number) const;
  void start_jet(Complex* q, Index number) const;
  void start_random_phase(Complex* q, Index number) const;

  Settings settings_;
  MPI_Comm space_;
  spectral::BoxTransform transform_;
  Index layers_, n_;               // n_ coefficients of a field
  bool flux_form_;                 // products u q, v q; else those of basdevant1983
  std::array<Real, 2> share_, f_;  // H_i / H and F_i
  std::array<Real, 2> gradient_;   // Q_i
  Real kd2_;
  Real dt_ = 0;                 // of the last step
  Array<Real*> kx_, ky_;        // of my coefficients
  Array<Real*> barotropic_;     // psi = barotropic_ q of the depth mean, or of one layer
  Array<Real*> baroclinic_;     // psi_1 - psi_2 = baroclinic_ (q_1 - q_2)
  Array<Complex*> topography_;  // empty: none
  Array<Complex*> sponge_;      // s(y); empty: none
  Array<Complex*> source_;      // steady, of each layer; empty: none
  Array<Complex*> forcing_;     // its part that is forcing_i
  Array<Index*> bin_;           // shell of each coefficient
  std::vector<std::complex<Real>> symbol_;  // linear()
  std::vector<Real> factors_, decay_;       // filter() and nu k^2p, of one layer
  std::vector<std::size_t> measured_;       // of the sums
  Real shell_ = 1;
  Index shells_ = 0;
  Array<Complex*> fields_;          // in and out of the products
  Array<Complex*> psi_, tendency_;  // for measurements
  Array<Real*> values_;             // at my points, of two fields
};

}  // namespace starling::models
