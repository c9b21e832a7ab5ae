// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"
#include "models/terms.hpp"
#include "spectral/transform.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace starling::models {

/// u_t + sum over p, d of lambda_pd u^p d^d u / dx^d = 0 on the periodic domain [0, length): among
/// others Kuramoto-Sivashinsky (uu_x + u_xx + u_xxxx), Korteweg-de Vries (6 uu_x + u_xxx) and
/// viscous Burgers (uu_x - nu u_xx). Terms without a power are L, the others N. Terms u^p u_x are
/// evaluated in conservation form, d/dx u^(p+1) / (p+1).
///
/// A state is a packed pair of members: points() complex coefficients (spectral/transform.hpp).
class Semilinear1d final : public Model {
 public:
  using Profile = std::function<Real(Real x)>;
  /// Coefficients 1, ..., count of draw `number` (models/initial_waves1d.hpp).
  using Waves = std::function<std::vector<Complex>(Index number, Index count)>;

  Semilinear1d(const spectral::Grid& grid, std::vector<Term> terms, spectral::Dealiasing dealiasing,
               spectral::Planning planning, Profile profile);
  /// Starts from random states.
  Semilinear1d(const spectral::Grid& grid, std::vector<Term> terms, spectral::Dealiasing dealiasing,
               spectral::Planning planning, Waves waves);

  Index width() const override { return 2 * grid().points(); }
  Index dofs() const override { return grid().points(); }
  Index members_per_state() const override { return 2; }
  std::vector<std::complex<Real>> linear() const override;
  void nonlinear(Rows out, ConstRows u, Real t) override;
  Domain domain() const override;
  void to_physical(Rows members, ConstRows states) const override;
  void to_states(Rows states, ConstRows members) const override;
  Real flops() const override;
  Real response(const std::array<Index, 3>& mode) const override;
  void reference(Real* member) const override;
  void draw(Real* member, Index number) const override;
  /// "terms.u_xx", ... A linear coefficient that varies costs O(N) a state, another one that is
  /// multiplied with powers of u a polynomial for each member.
  std::vector<std::pair<std::string, Real>> parameters() const override;
  Real* vary(const std::string& name) override;

  const spectral::Grid& grid() const { return transform_.grid(); }
  const spectral::Transform& transform() const { return transform_; }

  static ModelEntry entry();

 private:
  // sum over p of coefficient[p] u^p, u^0 and u^1 included.
  using Polynomial = std::vector<Real>;
  // For both members of a pair; the same unless a coefficient varies.
  using Polynomials = std::array<Polynomial, 2>;
  // Q(u) d^d u / dx^d with the symbol of the derivative on the grid.
  struct Product {
    Polynomials factor;
    std::vector<std::complex<Real>> derivative;
  };
  // A coefficient that varies, of both members of a pair, and what it belongs to.
  struct Varied {
    const Term* term;
    std::array<Real, 2> coefficient;
    Polynomials* polynomials;                    // null for a linear term
    std::size_t place;                           // in the polynomial
    Real divisor;                                // of the coefficient, there
    std::vector<std::complex<Real>> derivative;  // of a linear term
  };

  void build();
  void place(const Term& term, Polynomials& polynomials, int power, Real divisor);
  void set_coefficients();
  void add_linear(Complex* out, const Complex* u, Index rows) const;
  void evaluate_flux(Complex* values, Index count) const;
  void add_sources(Complex* out, const Complex* u, Index rows);

  std::vector<Term> terms_;
  spectral::Transform transform_;
  Profile profile_;
  Waves waves_;                  // instead of a profile
  bool quadratic_ = true;        // the flux is lambda u^2 / 2 and nothing else
  Polynomials flux_, reaction_;  // N = -d/dx flux(u) - reaction(u) - sum of products
  std::vector<Product> products_;
  std::vector<std::unique_ptr<Varied>> varied_;
  Array<Real*> flux_symbol_, source_symbol_;          // tables over the Reals of a state
  Array<Complex*> values_, slopes_, sum_, spectrum_;  // one tile each
};

}  // namespace starling::models
