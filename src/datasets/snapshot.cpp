// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/snapshot.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace starling::datasets {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

Snapshot::Snapshot(models::Model& model, const std::vector<std::string>& derived)
    : model_(&model),
      grid_(model.domain()),
      arrays_(grid_.components()),
      symbol_(model.linear()),
      state_("datasets::state", 1, at(model.width())),
      work_("datasets::rate", 1, at(model.width())),
      members_("datasets::members", at(model.members_per_state()), at(model.dofs())),
      scratch_("datasets::scratch", at(model.members_per_state()), at(model.dofs())),
      rates_("datasets::rates", at(model.members_per_state()), at(model.dofs())) {
  require(size_of(model.space()) == 1, "a data set of members that ranks share; allowed: 1 rank");
  const std::vector<Component> known = model.derived();
  for (const std::string& name : derived) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Component& c) { return c.name == name; });
    std::vector<std::string> names;
    for (const Component& component : known) names.push_back(component.name);
    require(found != known.end(), "dataset.derived: '{}' is unknown; allowed: {}", name,
            names.empty() ? "none of this model" : fmt::format("{}", fmt::join(names, ", ")));
    derived_.push_back(static_cast<std::size_t>(found - known.begin()));
    arrays_.push_back(*found);
  }
  values_.resize(arrays_.size() * at(grid_.points()));
  all_derived_.resize(known.size() * at(grid_.points()));
}

std::size_t Snapshot::find(const std::string& name) const {
  for (std::size_t i = 0; i < arrays_.size(); ++i)
    if (arrays_[i].name == name) return i;
  return npos;
}

void Snapshot::take(const Real* state, Index member) {
  // Members of one state come one after the other.
  if (version_ == 0 || std::memcmp(state, state_.data(), state_.size() * sizeof(Real)) != 0) {
    std::copy_n(state, model_->width(), state_.data());
    look();
  }
  show(member);
}

void Snapshot::take_values(const Real* values) {
  spread(values);
  model_->to_states(state_, ConstRows(scratch_));
  look();
  show(0);
}

void Snapshot::look() {
  model_->to_physical(members_, ConstRows(state_));
  rates_time_.reset();
}

void Snapshot::show(Index member) {
  member_ = member;
  ++version_;
  std::copy_n(members_.data() + member * model_->dofs(), grid_.values(), values_.data());
  derive();
}

void Snapshot::spread(const Real* values) {
  for (Index m = 0; m < model_->members_per_state(); ++m)
    std::copy_n(values, model_->dofs(), scratch_.data() + m * model_->dofs());
}

std::vector<diagnostics::Quantity> Snapshot::quantities() const {
  auto all = model_->quantities();
  if (!all.empty()) return all;
  const Component& first = arrays_.front();
  return {{"energy", "energy <u^2>/2 of " + first.long_name, first.units + "^2"},
          {"largest", "largest |u| of " + first.long_name, first.units}};
}

void Snapshot::measure(Real* out, Real t) {
  if (!model_->quantities().empty()) return model_->measure(out, ConstRows(state_), t);
  const Real* u = (*this)[0];
  Real squares = 0, largest = 0;
  for (Index i = 0; i < grid_.points(); ++i) {
    squares += u[i] * u[i];
    largest = std::max(largest, std::abs(u[i]));
  }
  out[0] = squares / 2 / static_cast<Real>(grid_.points());
  out[1] = largest;
}

void Snapshot::resolve(Real* values) {
  spread(values);
  model_->to_states(work_, ConstRows(scratch_));
  model_->to_physical(scratch_, ConstRows(work_));
  std::copy_n(scratch_.data(), grid_.values(), values);
}

void Snapshot::derive() {
  if (derived_.empty()) return;
  model_->derive(all_derived_.data(), ConstRows(state_));
  Real* out = values_.data() + grid_.values();
  for (const std::size_t which : derived_) {
    std::copy_n(all_derived_.data() + static_cast<Index>(which) * grid_.points(), grid_.points(),
                out);
    out += grid_.points();
  }
}

const Real* Snapshot::tendency(Real t) {
  const Real* mine = rates_.data() + member_ * model_->dofs();
  if (rates_time_ == t) return mine;
  rates_time_ = t;
  model_->nonlinear(work_, ConstRows(state_), t);
  const Index width = model_->width(), slots = static_cast<Index>(symbol_.size());
  STARLING_ASSERT(slots == 0 || slots == width || 2 * slots == width);
  Real* rate = work_.data();
  const Real* state = state_.data();
  const std::complex<Real>* l = symbol_.data();
  if (slots == width) {
    for (Index j = 0; j < slots; ++j) rate[j] += l[j].real() * state[j];
  } else {
    for (Index j = 0; j < slots; ++j) {
      rate[2 * j] += l[j].real() * state[2 * j] - l[j].imag() * state[2 * j + 1];
      rate[2 * j + 1] += l[j].real() * state[2 * j + 1] + l[j].imag() * state[2 * j];
    }
  }
  model_->to_physical(rates_, ConstRows(work_));
  return mine;
}

}  // namespace starling::datasets
