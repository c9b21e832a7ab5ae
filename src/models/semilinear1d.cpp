// SPDX-License-Identifier: BSD-3-Clause
#include "models/semilinear1d.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "steppers/stepper.hpp"

#include <algorithm>
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
  build();
}

Semilinear1d::Semilinear1d(const spectral::Grid& grid, std::vector<Term> terms,
                           Dealiasing dealiasing, Planning planning, Waves waves)
    : Semilinear1d(grid, std::move(terms), dealiasing, planning, Profile()) {
  waves_ = std::move(waves);
}

void Semilinear1d::build() {
  const spectral::Grid& grid = this->grid();
  const auto varies = [&](const Term& term) {
    return std::any_of(varied_.begin(), varied_.end(),
                       [&](const auto& each) { return each->term == &term; });
  };
  quadratic_ = true;
  flux_ = reaction_ = {};
  products_.clear();
  products_.reserve(terms_.size());  // places point into it
  std::map<int, std::size_t> factors;
  for (const Term& term : terms_) {
    if (term.is_linear() || (term.coefficient == 0 && !varies(term))) continue;
    if (term.derivative == 1) {
      place(term, flux_, term.power + 1, term.power + 1);
      quadratic_ = quadratic_ && term.power == 1 && !varies(term);
    } else if (term.derivative == 0) {
      place(term, reaction_, term.power + 1, 1);
    } else {
      factors.try_emplace(term.derivative);
    }
  }
  for (auto& [d, index] : factors) {
    index = products_.size();
    products_.push_back({{}, grid.derivative(d)});
  }
  for (const Term& term : terms_)
    if (!term.is_linear() && term.derivative > 1 && factors.count(term.derivative) > 0 &&
        (term.coefficient != 0 || varies(term)))
      place(term, products_[factors[term.derivative]].factor, term.power, 1);

  // Both tables carry the truncation and the 1/M of the transform. The flux comes multiplied by i,
  // a rotation done in physical space, so that -ik becomes the real factor -k.
  const auto n = static_cast<std::size_t>(grid.points());
  const Real quadratic = quadratic_ && flux_[0].size() == 3 ? flux_[0][2] : 1;
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
  if (reaction_[0].empty() && products_.empty()) return;
  slopes_ = Array<Complex*>("semilinear1d::slopes", rows * m);
  sum_ = Array<Complex*>("semilinear1d::sum", rows * m);
  spectrum_ = Array<Complex*>("semilinear1d::spectrum", rows * n);
}

void Semilinear1d::place(const Term& term, Polynomials& polynomials, int power, Real divisor) {
  for (Polynomial& each : polynomials) set_coefficient(each, power, term.coefficient / divisor);
  for (const auto& each : varied_) {
    if (each->term != &term) continue;
    each->polynomials = &polynomials;
    each->place = static_cast<std::size_t>(power);
    each->divisor = divisor;
  }
}

std::vector<std::pair<std::string, Real>> Semilinear1d::parameters() const {
  std::vector<std::pair<std::string, Real>> all;
  for (const Term& term : terms_) all.emplace_back("terms." + term.name(), term.coefficient);
  return all;
}

Real* Semilinear1d::vary(const std::string& name) {
  const auto term = std::find_if(terms_.begin(), terms_.end(),
                                 [&](const Term& each) { return "terms." + each.name() == name; });
  STARLING_ASSERT(term != terms_.end());
  const Real value = term->coefficient;
  varied_.push_back(std::make_unique<Varied>(
      Varied{&*term, {value, value}, nullptr, 0, 1, grid().derivative(term->derivative)}));
  build();
  return varied_.back()->coefficient.data();
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
  set_coefficients();
  if (flux_[0].empty()) {
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
  if (!reaction_[0].empty() || !products_.empty()) add_sources(complex(out), complex(u), rows);
  if (!varied_.empty()) add_linear(complex(out), complex(u), rows);
}

void Semilinear1d::set_coefficients() {
  for (const auto& each : varied_)
    for (std::size_t m = 0; m < 2 && each->polynomials != nullptr; ++m)
      (*each->polynomials)[m][each->place] = each->coefficient[m] / each->divisor;
}

// What linear terms have over those of L, a for the first member u and b for the second, v, of w =
// u + iv: a u + i b v = (a + b)/2 w + (a - b)/2 (u - iv), and the coefficients of u - iv are
// conj(w_-k).
void Semilinear1d::add_linear(Complex* out, const Complex* u, Index rows) const {
  const Index n = grid().points();
  for (const auto& each : varied_) {
    if (each->polynomials != nullptr) continue;
    const Real a = each->coefficient[0] - each->term->coefficient;
    const Real b = each->coefficient[1] - each->term->coefficient;
    const Real mean = (a + b) / 2, half = (a - b) / 2;
    for (Index r = 0; r < rows; ++r) {
      const Complex* w = u + r * n;
      Complex* o = out + r * n;
      for (Index j = 0; j < n; ++j) {
        const std::complex<Real> d = each->derivative[static_cast<std::size_t>(j)];
        const Complex mirrored = Kokkos::conj(w[j == 0 ? 0 : n - j]);
        o[j] -= Complex(d.real(), d.imag()) * (mean * w[j] + half * mirrored);
      }
    }
  }
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
    v[2 * j] = -horner(flux_[1], b);
    v[2 * j + 1] = horner(flux_[0], a);
  }
}

// out -= spectrum of reaction(u) + sum of factor(u) d^d u / dx^d.
void Semilinear1d::add_sources(Complex* out, const Complex* u, Index rows) {
  const Index n = grid().points(), reals = 2 * rows * transform_.product_points();
  const auto* value = reinterpret_cast<const Real*>(values_.data());
  const auto* slope = reinterpret_cast<const Real*>(slopes_.data());
  auto* sum = reinterpret_cast<Real*>(sum_.data());
  transform_.to_product_grid(values_.data(), u, rows);
  for (Index i = 0; i < reals; ++i) sum[i] = horner(reaction_[i % 2], value[i]);
  for (const Product& product : products_) {
    for (Index i = 0; i < rows * n; ++i) {
      const std::complex<Real> d = product.derivative[static_cast<std::size_t>(i % n)];
      spectrum_.data()[i] = Complex(d.real(), d.imag()) * u[i];
    }
    transform_.to_product_grid(slopes_.data(), spectrum_.data(), rows);
    for (Index i = 0; i < reals; ++i) sum[i] += horner(product.factor[i % 2], value[i]) * slope[i];
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

void Semilinear1d::reference(Real* member) const { draw(member, 0); }

void Semilinear1d::draw(Real* member, Index number) const {
  if (!waves_) {
    for (Index j = 0; j < dofs(); ++j) member[j] = profile_(grid().coordinate(j));
    return;
  }
  const auto n = static_cast<std::size_t>(dofs());
  const std::vector<Complex> waves = waves_(number, dofs() / 2 - 1);
  std::vector<Complex> coefficients(n, Complex(0, 0));
  for (std::size_t m = 1; m <= waves.size(); ++m) {
    coefficients[m] = waves[m - 1];
    coefficients[n - m] = Kokkos::conj(waves[m - 1]);
  }
  std::vector<Real> nothing(n);
  transform_.unpack(member, nothing.data(), coefficients.data());
}

Real Semilinear1d::response(const std::array<Index, 3>& mode) const {
  const Index points = grid().points();
  if (2 * std::abs(mode[0]) >= points) return 0;
  return transform_.kept(mode[0] < 0 ? mode[0] + points : mode[0]);
}

}  // namespace starling::models
