// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/imex.hpp"

#include <cmath>
#include <numeric>

namespace starling::steppers {

using C = std::complex<Real>;

class Imex::Parts {
 public:
  virtual ~Parts() = default;
  virtual void rate(Rows out, ConstRows u, Real t) = 0;
  virtual void solve(Rows u) = 0;
};

namespace {

template <class T>
class Diagonal final : public Imex::Parts {
 public:
  Diagonal(Semilinear& system, Real shift)
      : system_(system), inverse_(coefficients<T>(symbol_of(system), system.width(), [=](C l) {
          return 1.0 / (1.0 - shift * l);
        })) {}
  void rate(Rows out, ConstRows u, Real t) override { system_.nonlinear(out, u, t); }
  void solve(Rows u) override {
    const T* inverse = inverse_.data();
    for_each_row<T>("imex::solve", u, [=](Index r) {
      T* v = row<T>(u, r);
      return [=](Index j) { v[j] = inverse[j] * v[j]; };
    });
  }

 private:
  Semilinear& system_;
  Array<T*> inverse_;
};

class Solver final : public Imex::Parts {
 public:
  Solver(ImplicitLinear& system, Real shift) : system_(system), shift_(shift) {
    system.prepare(shift);
  }
  void rate(Rows out, ConstRows u, Real t) override { system_.explicit_part(out, u, t); }
  void solve(Rows u) override { system_.solve(u, shift_); }

 private:
  ImplicitLinear& system_;
  Real shift_;
};

std::unique_ptr<Imex::Parts> parts(Semilinear& system, Real shift) {
  if (ImplicitLinear* implicit = system.implicit())
    return std::make_unique<Solver>(*implicit, shift);
  if (is_real(symbol_of(system))) return std::make_unique<Diagonal<Real>>(system, shift);
  return std::make_unique<Diagonal<Complex>>(system, shift);
}

// out += a x for each number.
void add(Rows out, Real a, Rows x) {
  if (a == 0) return;
  Real* o = out.data();
  const Real* v = x.data();
  for_each("imex::add", rows_of(out) * width_of(out), [=](Index j) { o[j] += a * v[j]; });
}

}  // namespace

const ImexTableau& ars222() {
  static const Real gamma = 1 - 1 / std::sqrt(2.0), delta = 1 - 1 / (2 * gamma);
  static const ImexTableau tableau = {2, gamma, {{gamma}, {delta, 1 - delta}}, {{}, {1 - gamma}}};
  return tableau;
}

const ImexTableau& ars443() {
  static const ImexTableau tableau = {
      3,
      0.5,
      {{1 / 2.0}, {11 / 18.0, 1 / 18.0}, {5 / 6.0, -5 / 6.0, 1 / 2.0}, {0.25, 1.75, 0.75, -1.75}},
      {{}, {1 / 6.0}, {-1 / 2.0, 1 / 2.0}, {3 / 2.0, -3 / 2.0, 1 / 2.0}}};
  return tableau;
}

Imex::Imex(Semilinear& system, Real dt, const ImexTableau& tableau)
    : Stepper(dt, tile_rows(system.width())),
      tableau_(tableau),
      stages_(static_cast<int>(tableau.explicit_part.size())),
      times_{0},
      parts_(parts(system, tableau.gamma * dt)),
      tile_(tile(), system.width(), 2 * stages_ + 1),
      filter_(system) {
  for (const auto& stage : tableau.explicit_part)
    times_.push_back(std::accumulate(stage.begin(), stage.end(), 0.0));
}

Imex::~Imex() = default;

void Imex::step(Rows u, Rows, Index, Real t) {
  const Index rows = rows_of(u), count = rows * width_of(u);
  const auto n = [&](int stage) { return tile_.rows(stage, rows); };
  const auto l = [&](int stage) { return tile_.rows(stages_ + stage, rows); };  // gamma dt L u
  const Rows known = tile_.rows(stages_, rows), stage = tile_.rows(2 * stages_, rows);
  Real *v = stage.data(), *r = known.data();
  const Real* u0 = u.data();

  for (int i = 1; i <= stages_; ++i) {
    parts_->rate(n(i - 1), i == 1 ? u : stage, t + times_[static_cast<std::size_t>(i - 1)] * dt());
    const auto& a = tableau_.explicit_part[static_cast<std::size_t>(i - 1)];
    const auto& b = tableau_.implicit_part[static_cast<std::size_t>(i - 1)];
    for_each("imex::known", count, [=](Index j) { r[j] = u0[j]; });
    for (int j = 0; j < i; ++j) add(known, a[static_cast<std::size_t>(j)] * dt(), n(j));
    for (int j = 1; j < i; ++j)
      add(known, b[static_cast<std::size_t>(j - 1)] / tableau_.gamma, l(j));
    for_each("imex::stage", count, [=](Index j) { v[j] = r[j]; });
    parts_->solve(stage);
    if (i == stages_) break;
    Real* k = l(i).data();
    for_each("imex::implicit", count, [=](Index j) { k[j] = v[j] - r[j]; });
  }
  filter_.apply([=](auto filtered) {
    for_each_row<Real>("imex::u", u, [=](Index row_number) {
      Real* to = row<Real>(u, row_number);
      const Real* from = row<Real>(stage, row_number);
      return [=](Index j) { to[j] = filtered(from[j], j); };
    });
  });
}

}  // namespace starling::steppers
