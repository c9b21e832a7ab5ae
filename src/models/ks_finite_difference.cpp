// SPDX-License-Identifier: BSD-3-Clause
#include "models/ks_finite_difference.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::models {
namespace {

using linalg::petsc::Factors;
using linalg::petsc::Grid;

const Schema schema = {
    Key::integer("points", "grid points").at_least(6).even(),
    Key::real("length", "period L of the domain [length]").above(0),
    Key::real("advection", "a of a u u_x").otherwise(1.0),
    Key::real("second", "b of b u_xx").otherwise(1.0),
    Key::real("fourth", "c of c u_xxxx").at_least(0).otherwise(1.0),
    Key::text("initial",
              "reference state: zero; sine: s sin(2 pi m x/L); kassam: "
              "s cos(2 pi m x/L) (1 + sin(2 pi m x/L)) (kassam2005)")
        .one_of({"zero", "sine", "kassam"})
        .otherwise("zero"),
    Key::real("amplitude", "s of the reference state").otherwise(1.0),
    Key::integer("mode", "m of the reference state").at_least(1).otherwise(1),
};

KsFiniteDifference::Profile profile(const Section& section) {
  const std::string& name = section.text("initial");
  const Real s = section.real("amplitude");
  const Real k =
      2 * std::numbers::pi / section.real("length") * static_cast<Real>(section.integer("mode"));
  if (name == "sine") return [=](Real x) { return s * std::sin(k * x); };
  if (name == "kassam") return [=](Real x) { return s * std::cos(k * x) * (1 + std::sin(k * x)); };
  return [](Real) { return 0.0; };
}

}  // namespace

KsFiniteDifference::KsFiniteDifference(const Settings& s)
    : grid_({s.points}, Grid::Edge::periodic, 2),
      field_(grid_),
      dx_(s.length / static_cast<Real>(s.points)),
      advection_(s.advection),
      all_{s.second, s.fourth},
      implicit_(all_),
      start_(s.start),
      known_("ks_finite_difference::known", static_cast<std::size_t>(s.points)) {
  require(s.points >= 6, "finite differences on {} points; allowed: >= 6", s.points);
}

void KsFiniteDifference::rate(Rows out, ConstRows u, Linear linear) {
  const Index n = width();
  const Real a = advection_ / (6 * dx_);
  const Real b = linear.second / (dx_ * dx_), c = linear.fourth / (dx_ * dx_ * dx_ * dx_);
  for (Index r = 0; r < rows_of(u); ++r) {
    const Real* v = field_.fill(u.data() + r * n);
    Real* o = out.data() + r * n;
    for_each("ks_finite_difference::advection", n,
             [=](Index j) { o[j] = -a * (v[j + 1] + v[j] + v[j - 1]) * (v[j + 1] - v[j - 1]); });
    if (b == 0 && c == 0) continue;
    for_each("ks_finite_difference::linear", n, [=](Index j) {
      o[j] -= b * (v[j + 1] - 2 * v[j] + v[j - 1]) +
              c * (v[j + 2] - 4 * v[j + 1] + 6 * v[j] - 4 * v[j - 1] + v[j - 2]);
    });
  }
}

void KsFiniteDifference::nonlinear(Rows out, ConstRows u, Real) { rate(out, u, all_); }

void KsFiniteDifference::explicit_part(Rows out, ConstRows u, Real) {
  rate(out, u, {all_.second - implicit_.second, all_.fourth - implicit_.fourth});
}

Real KsFiniteDifference::growth(Real k) const {
  const Real k2 = 2 * std::sin(k * dx_ / 2) / dx_;
  return (implicit_.second - implicit_.fourth * k2 * k2) * k2 * k2;
}

void KsFiniteDifference::prepare(Real shift) {
  for (const Shifted& each : shifted_)
    if (each.shift == shift) return;
  Real largest = 0;
  for (Index m = 0; m <= width() / 2; ++m)
    largest = std::max(largest, growth(2 * std::numbers::pi * static_cast<Real>(m) /
                                       (dx_ * static_cast<Real>(width()))));
  require(shift * largest < 1,
          "an implicit step of {} for a mode that grows at the rate {}; allowed: below {}", shift,
          largest, 1 / largest);
  const Real b = shift * implicit_.second / (dx_ * dx_);
  const Real c = shift * implicit_.fourth / (dx_ * dx_ * dx_ * dx_);
  shifted_.push_back({shift, Factors(grid_.matrix({{0, 0, 1 - 2 * b + 6 * c},
                                                   {-1, 0, b - 4 * c},
                                                   {1, 0, b - 4 * c},
                                                   {-2, 0, c},
                                                   {2, 0, c}}),
                                     Factors::Order::natural)});
}

void KsFiniteDifference::solve(Rows u, Real shift) {
  const auto found = std::find_if(shifted_.begin(), shifted_.end(),
                                  [=](const Shifted& each) { return each.shift == shift; });
  STARLING_ASSERT(found != shifted_.end());
  for (Index r = 0; r < rows_of(u); ++r) {
    Real* v = u.data() + r * width();
    std::copy_n(v, width(), known_.data());
    found->factors.solve(v, known_.data());
  }
}

void KsFiniteDifference::reference(Real* member) const {
  for (Index j = 0; j < width(); ++j) member[j] = start_(dx_ * static_cast<Real>(j));
}

std::vector<std::pair<std::string, Real>> KsFiniteDifference::parameters() const {
  return {{"advection", advection_}, {"second", all_.second}, {"fourth", all_.fourth}};
}

Real* KsFiniteDifference::vary(const std::string& name) {
  if (name == "advection") return &advection_;
  return name == "second" ? &all_.second : &all_.fourth;
}

ModelEntry KsFiniteDifference::entry() {
  return {"ks_finite_difference",
          "u_t + a u u_x + b u_xx + c u_xxxx = 0, periodic, by central differences of second order",
          "zabusky1965",
          schema,
          [](const Section& section, MPI_Comm) -> std::unique_ptr<Model> {
            return std::make_unique<KsFiniteDifference>(Settings{
                section.integer("points"), section.real("length"), section.real("advection"),
                section.real("second"), section.real("fourth"), profile(section)});
          },
          false,
          "u on [x]; measured: energy <u^2>/2, mean, largest value, energy spectrum"};
}

}  // namespace starling::models
