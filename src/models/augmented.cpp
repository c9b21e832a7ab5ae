// SPDX-License-Identifier: BSD-3-Clause
#include "models/augmented.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <utility>

namespace starling::models {

// The extra columns have no tendency: 1 - shift L is 1 there.
class Augmented::Implicit final : public steppers::ImplicitLinear {
 public:
  Implicit(Augmented& of, steppers::ImplicitLinear& inner) : of_(of), inner_(inner) {}
  void explicit_part(Rows out, ConstRows u, Real t) override {
    of_.each_state(out, u, [&](Rows n, ConstRows state) { inner_.explicit_part(n, state, t); });
  }
  void prepare(Real shift) override { inner_.prepare(shift); }
  void solve(Rows u, Real shift) override {
    for (Index r = 0; r < rows_of(u); ++r)
      inner_.solve(make_rows(u.data() + r * width_of(u), 1, of_.inner_->width()), shift);
  }

 private:
  Augmented& of_;
  steppers::ImplicitLinear& inner_;
};

Augmented::Augmented(std::unique_ptr<Model> inner, std::vector<ExtraColumn> columns)
    : inner_(std::move(inner)),
      columns_(std::move(columns)),
      members_("augmented::members", static_cast<std::size_t>(inner_->members_per_state()),
               static_cast<std::size_t>(inner_->dofs())) {
  for (const ExtraColumn& column : columns_) {
    STARLING_ASSERT(!column.in_model || parameter_of(*inner_, column.name));
    reference_.push_back(column.z(column.mean));
    targets_.push_back(column.in_model ? inner_->vary(column.name) : nullptr);
  }
  is_complex_ = 2 * static_cast<Index>(inner_->linear().size()) == inner_->width();
  if (steppers::ImplicitLinear* implicit = inner_->implicit())
    implicit_ = std::make_unique<Implicit>(*this, *implicit);
}

Augmented::~Augmented() = default;

std::vector<std::complex<Real>> Augmented::linear() const {
  auto symbol = inner_->linear();
  if (symbol.empty()) return symbol;
  // One entry a coefficient: a pair of z is a complex number where a state is made of them.
  const Index reals = inner_->width() / static_cast<Index>(symbol.size());
  symbol.resize(symbol.size() + static_cast<std::size_t>(extra_reals() / reals));
  return symbol;
}

std::vector<Real> Augmented::filter() const {
  auto filter = inner_->filter();
  if (!filter.empty())
    filter.resize(filter.size() + static_cast<std::size_t>(extra_reals()) * filter.size() /
                                      static_cast<std::size_t>(inner_->width()),
                  1);
  return filter;
}

ConstRows Augmented::inner_part(ConstRows state) const {
  return make_rows(state.data(), 1, inner_->width());
}

void Augmented::measure(Real* out, ConstRows state, Real t) {
  inner_->measure(out, inner_part(state), t);
}

void Augmented::measure_spectra(Real* out, ConstRows state) {
  inner_->measure_spectra(out, inner_part(state));
}

void Augmented::derive(Real* out, ConstRows state) { inner_->derive(out, inner_part(state)); }

Real Augmented::courant(ConstRows state) { return inner_->courant(inner_part(state)); }

void Augmented::kick(Rows states, Index number, Index step, Real dt) {
  for (Index s = 0; s < rows_of(states); ++s)
    inner_->kick(make_rows(states.data() + s * width(), 1, inner_->width()),
                 number + s * members_per_state(), step, dt);
}

void Augmented::nonlinear(Rows out, ConstRows u, Real t) {
  each_state(out, u, [&](Rows n, ConstRows state) { inner_->nonlinear(n, state, t); });
}

template <class Rate>
void Augmented::each_state(Rows out, ConstRows u, const Rate& rate) {
  const Index inner = inner_->width(), each = members_per_state();
  for (Index r = 0; r < rows_of(u); ++r) {
    const Real* state = u.data() + r * width();
    Real* tendency = out.data() + r * width();
    const Real* z = state + inner;
    for (std::size_t p = 0; p < columns_.size(); ++p, z += each)
      for (Index m = 0; m < each && targets_[p] != nullptr; ++m)
        targets_[p][m] = columns_[p].value(z[m]);
    rate(make_rows(tendency, 1, inner), make_rows(state, 1, inner));
    std::fill_n(tendency + inner, extra_reals(), 0.0);
  }
}

void Augmented::to_physical(Rows members, ConstRows states) const {
  const Index inner = inner_->width(), each = members_per_state(), points = inner_->dofs();
  for (Index s = 0; s < rows_of(states); ++s) {
    const Real* state = states.data() + s * width();
    inner_->to_physical(members_, ConstRows(state, 1, static_cast<std::size_t>(inner)));
    for (Index m = 0; m < each; ++m) {
      Real* member = members.data() + (s * each + m) * dofs();
      std::copy_n(members_.data() + m * points, points, member);
      for (Index p = 0; p < extras(); ++p) member[points + p] = state[inner + p * each + m];
    }
  }
}

void Augmented::to_states(Rows states, ConstRows members) const {
  const Index inner = inner_->width(), each = members_per_state(), points = inner_->dofs();
  for (Index s = 0; s < rows_of(states); ++s) {
    Real* state = states.data() + s * width();
    std::fill_n(state + inner, extra_reals(), 0.0);
    for (Index m = 0; m < each; ++m) {
      const Real* member = members.data() + (s * each + m) * dofs();
      std::copy_n(member, points, members_.data() + m * points);
      for (Index p = 0; p < extras(); ++p) state[inner + p * each + m] = member[points + p];
    }
    inner_->to_states(make_rows(state, 1, inner), members_);
  }
}

void Augmented::reference(Real* member) const {
  inner_->reference(member);
  std::copy(reference_.begin(), reference_.end(), member + inner_->dofs());
}

void Augmented::draw(Real* member, Index number) const {
  inner_->draw(member, number);
  std::copy(reference_.begin(), reference_.end(), member + inner_->dofs());
}

}  // namespace starling::models
