// SPDX-License-Identifier: BSD-3-Clause
#include "models/semilinear1d.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "steppers/stepper.hpp"

#include <cmath>
#include <map>
#include <utility>

namespace starling::models {
namespace {

using spectral::Dealiasing;
using spectral::Planning;

void set_coefficient(std::vector<Real>& polynomial, int power, Real value) {
  const auto p = static_cast<std::size_t>(power);
  if (polynomial.size() <= p) polynomial.resize(p + 1);
  polynomial[p] += value;
}

Real horner(const std::vector<Real>& polynomial, Real u) {
  Real sum = 0;
  for (auto c = polynomial.rbegin(); c != polynomial.rend(); ++c) sum = sum * u + *c;
  return sum;
}

const Complex* complex(ConstRows rows) { return reinterpret_cast<const Complex*>(rows.data()); }
Complex* complex(Rows rows) { return reinterpret_cast<Complex*>(rows.data()); }

}  // namespace

Semilinear1d::Semilinear1d(const spectral::Grid& grid, std::vector<Term> terms,
                           Dealiasing dealiasing, Planning planning, Profile profile)
    : terms_(std::move(terms)),
      transform_(grid, dealiasing, product_degree(terms_), planning),
      profile_(std::move(profile)) {
  std::map<int, Polynomial> factors;
  for (const Term& term : terms_) {
    if (term.is_linear() || term.coefficient == 0) continue;
    const Real lambda = term.coefficient;
    if (term.derivative == 1) {
      set_coefficient(flux_, term.power + 1, lambda / (term.power + 1));
      quadratic_ = quadratic_ && term.power == 1;
    } else if (term.derivative == 0) {
      set_coefficient(reaction_, term.power + 1, lambda);
    } else {
      set_coefficient(factors[term.derivative], term.power, lambda);
    }
  }
  for (auto& [d, factor] : factors) products_.push_back({factor, grid.derivative(d)});

  // Both tables carry the truncation and the 1/M of the transform. The flux comes multiplied by i,
  // a rotation done in physical space, so that -ik becomes the real factor -k.
  const auto n = static_cast<std::size_t>(grid.points());
  const Real quadratic = quadratic_ && flux_.size() == 3 ? flux_[2] : 1;
  flux_symbol_ = Array<Real*>("semilinear1d::flux", 2 * n);
  source_symbol_ = Array<Real*>("semilinear1d::source", 2 * n);
  for (std::size_t r = 0; r < 2 * n; ++r) {
    const auto j = static_cast<Index>(r / 2);
    const Real scale = transform_.kept(j) / static_cast<Real>(transform_.product_points());
    flux_symbol_(r) = -quadratic * grid.wavenumber(j) * scale;
    source_symbol_(r) = -scale;
  }
  const auto rows = static_cast<std::size_t>(steppers::tile_rows(width()));
  const auto m = static_cast<std::size_t>(transform_.product_points());
  values_ = Array<Complex*>("semilinear1d::values", rows * m);
  if (reaction_.empty() && products_.empty()) return;
  slopes_ = Array<Complex*>("semilinear1d::slopes", rows * m);
  sum_ = Array<Complex*>("semilinear1d::sum", rows * m);
  spectrum_ = Array<Complex*>("semilinear1d::spectrum", rows * n);
}

std::vector<std::complex<Real>> Semilinear1d::linear() const {
  std::vector<std::complex<Real>> symbol(static_cast<std::size_t>(grid().points()));
  for (const Term& term : terms_) {
    if (!term.is_linear()) continue;
    const auto derivative = grid().derivative(term.derivative);
    for (std::size_t j = 0; j < symbol.size(); ++j) symbol[j] -= term.coefficient * derivative[j];
  }
  return symbol;
}

void Semilinear1d::nonlinear(Rows out, ConstRows u, Real) {
  const Index rows = rows_of(u);
  const Index count = rows * transform_.product_points();
  if (flux_.empty()) {
    Kokkos::deep_copy(out, 0.0);
  } else {
    transform_.to_product_grid(values_.data(), complex(u), rows);
    evaluate_flux(values_.data(), count);
    transform_.from_product_grid(complex(out), values_.data(), rows);
    const Real* symbol = flux_symbol_.data();
    for (Index r = 0; r < rows; ++r) {
      Real* spectrum = out.data() + r * width();
      for_each("semilinear1d::derivative", width(), [=](Index j) { spectrum[j] *= symbol[j]; });
    }
  }
  if (!reaction_.empty() || !products_.empty()) add_sources(complex(out), complex(u), rows);
}

// i flux(u) at every point, for both members of the pair.
void Semilinear1d::evaluate_flux(Complex* values, Index count) const {
  auto* v = reinterpret_cast<Real*>(values);
  if (quadratic_) {
    for_each("semilinear1d::square", count, [=](Index j) {
      const Real a = v[2 * j], b = v[2 * j + 1];
      v[2 * j] = -b * b;
      v[2 * j + 1] = a * a;
    });
    return;
  }
  for (Index j = 0; j < count; ++j) {
    const Real a = v[2 * j], b = v[2 * j + 1];
    v[2 * j] = -horner(flux_, b);
    v[2 * j + 1] = horner(flux_, a);
  }
}

// out -= spectrum of reaction(u) + sum of factor(u) d^d u / dx^d.
void Semilinear1d::add_sources(Complex* out, const Complex* u, Index rows) {
  const Index n = grid().points(), reals = 2 * rows * transform_.product_points();
  const auto* value = reinterpret_cast<const Real*>(values_.data());
  const auto* slope = reinterpret_cast<const Real*>(slopes_.data());
  auto* sum = reinterpret_cast<Real*>(sum_.data());
  transform_.to_product_grid(values_.data(), u, rows);
  for (Index i = 0; i < reals; ++i) sum[i] = horner(reaction_, value[i]);
  for (const Product& product : products_) {
    for (Index i = 0; i < rows * n; ++i) {
      const std::complex<Real> d = product.derivative[static_cast<std::size_t>(i % n)];
      spectrum_.data()[i] = Complex(d.real(), d.imag()) * u[i];
    }
    transform_.to_product_grid(slopes_.data(), spectrum_.data(), rows);
    for (Index i = 0; i < reals; ++i) sum[i] += horner(product.factor, value[i]) * slope[i];
  }
  transform_.from_product_grid(spectrum_.data(), sum_.data(), rows);
  const Real* symbol = source_symbol_.data();
  for (Index r = 0; r < rows; ++r) {
    auto* o = reinterpret_cast<Real*>(out + r * n);
    const auto* s = reinterpret_cast<const Real*>(spectrum_.data() + r * n);
    for_each("semilinear1d::source", 2 * n, [=](Index j) { o[j] += symbol[j] * s[j]; });
  }
}

Domain Semilinear1d::domain() const { return {grid().points(), 0, grid().spacing(), true}; }

void Semilinear1d::to_physical(Rows members, ConstRows states) const {
  const Index n = grid().points();
  for (Index s = 0; s < rows_of(states); ++s)
    transform_.unpack(members.data() + 2 * s * n, members.data() + (2 * s + 1) * n,
                      complex(states) + s * n);
}

void Semilinear1d::to_states(Rows states, ConstRows members) const {
  const Index n = grid().points();
  for (Index s = 0; s < rows_of(states); ++s)
    transform_.pack(complex(states) + s * n, members.data() + 2 * s * n,
                    members.data() + (2 * s + 1) * n);
}

// A transform counts 5 M log2 M.
Real Semilinear1d::flops() const {
  const auto m = static_cast<Real>(transform_.product_points());
  const auto transforms = static_cast<Real>(2 + (products_.empty() ? 0 : 2 + products_.size()));
  return transforms * 5 * m * std::log2(m) + 4 * m;
}

void Semilinear1d::reference(Real* member) const {
  for (Index j = 0; j < dofs(); ++j) member[j] = profile_(grid().coordinate(j));
}

}  // namespace starling::models
