// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/subgrid.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::datasets {
namespace {

constexpr std::array<const char*, 3> velocity = {"u", "v", "w"};
constexpr std::array<const char*, 3> direction = {"x", "y", "z"};

std::string digits_at_end(const std::string& name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  return last == std::string::npos ? "" : name.substr(last + 1);
}

// The velocities of that ending; none if one is missing.
std::vector<std::size_t> velocities(const Snapshot& of, const std::string& ending) {
  std::vector<std::size_t> all;
  for (int d = 0; d < of.grid().dimensions(); ++d) {
    const std::size_t found = of.find(velocity[static_cast<std::size_t>(d)] + ending);
    if (found == Snapshot::npos) return {};
    all.push_back(found);
  }
  return all;
}

}  // namespace

Subgrid::Subgrid(FineSpectra& spectra, models::Model& fine_model, Snapshot& coarse,
                 models::Model& coarse_model, CoarseOperator kind)
    : spectra_(&spectra),
      fine_(&spectra.snapshot()),
      coarse_(&coarse),
      coarsening_(fine_->grid(), coarse.grid(), kind,
                  [&](const std::array<Index, 3>& mode) { return coarse_model.response(mode); }),
      arrays_(coarse.arrays()) {
  const Snapshot& fine = *fine_;
  require(
      fine.arrays().size() == coarse.arrays().size() && fine.components() == coarse.components(),
      "a coarse model of {} fields for one of {}; allowed: the same fields", coarse.components(),
      fine.components());
  // What is carried is zero at walls, but the stress is not.
  if (fine.grid().periodic()) {
    find_carried(fine_model);
    find_stresses();
  }
  for (std::size_t c = 0; c < fine.components(); ++c)
    totals_.push_back(add({fine.arrays()[c].name + "_forcing_total",
                           "subgrid forcing of " + fine.arrays()[c].long_name +
                               ": tendency of the fine model less that of the coarse one",
                           fine.arrays()[c].units + "/time"}));
  const auto points = static_cast<std::size_t>(coarsening_.coarse_points());
  const auto dimensions = static_cast<std::size_t>(fine.grid().dimensions());
  targets_.resize((arrays_.size() - coarse.arrays().size()) * points);
  coarse_values_.resize(coarse.components() * points);
  coarse_fluxes_.assign(dimensions, std::vector<Real>(points));
  for (const auto& flux : coarse_fluxes_) flux_pointers_.push_back(flux.data());
  divergence_.resize(points);
}

std::string Subgrid::sign_convention(const std::string& name) {
  if (name.find("_forcing") != std::string::npos) return "add_to_tendency";
  if (name.find("_flux") != std::string::npos || name.starts_with("stress")) return "flux";
  return "";
}

std::size_t Subgrid::add(Component component) {
  arrays_.push_back(std::move(component));
  return arrays_.size() - 1 - coarse_->arrays().size();
}

void Subgrid::find_carried(const models::Model& model) {
  const bool plane = fine_->grid().dimensions() > 1;
  for (std::size_t c = 0; c < fine_->components(); ++c) {
    const Component& component = fine_->arrays()[c];
    Carried carried{c, {}, 1, {}, 0};
    if (plane) {
      carried.velocity = velocities(*fine_, digits_at_end(component.name));
      if (carried.velocity.empty()) carried.velocity = velocities(*fine_, "");
    } else if (const auto advection = models::parameter_of(model, "terms.uu_x")) {
      carried.velocity = {c};
      carried.factor = *advection / 2;
    }
    if (carried.velocity.empty()) continue;
    const bool is_velocity = plane && std::find(carried.velocity.begin(), carried.velocity.end(),
                                                c) != carried.velocity.end();
    for (std::size_t d = 0; d < carried.velocity.size() && !is_velocity; ++d)
      carried.flux.push_back(add(
          {component.name + (plane ? std::string("_flux_") + direction[d] : std::string("_flux")),
           "subgrid flux of " + component.long_name +
               (plane ? std::string(" along ") + direction[d] : ""),
           component.units + " length/time", component.level}));
    carried.forcing = add({component.name + "_forcing",
                           "subgrid forcing of " + component.long_name + " by advection",
                           component.units + "/time", component.level});
    carried_.push_back(std::move(carried));
  }
}

void Subgrid::find_stresses() {
  if (fine_->grid().dimensions() == 1) return;
  for (const Component& array : fine_->arrays()) {
    if (array.name.front() != 'u' || digits_at_end(array.name) != array.name.substr(1)) continue;
    const std::string ending = array.name.substr(1);
    const auto all = velocities(*fine_, ending);
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = i; j < all.size(); ++j)
        stresses_.push_back(
            {all[i], all[j],
             add({"stress" + ending + "_" + direction[i] + direction[j],
                  "subgrid stress of the velocity", "length^2/time^2", array.level})});
  }
}

const Real* Subgrid::operator[](std::size_t array) const {
  const std::size_t state = coarse_->arrays().size();
  if (array < state) return (*coarse_)[array];
  return targets_.data() + static_cast<Index>(array - state) * coarsening_.coarse_points();
}

void Subgrid::coarsen() {
  for (std::size_t c = 0; c < fine_->components(); ++c)
    coarsening_.apply(coarse_values_.data() + static_cast<Index>(c) * coarsening_.coarse_points(),
                      spectra_->array(c));
  coarse_->take_values(coarse_values_.data());
}

void Subgrid::evaluate(Real t) {
  const Index points = coarsening_.coarse_points();
  coarsen();
  for (Carried& carried : carried_) carry(carried);
  for (const Stress& stress : stresses_) {
    Real* out = target(stress.target);
    coarsening_.apply(out, spectra_->product(stress.first, stress.second));
    const Real *u = (*coarse_)[stress.first], *v = (*coarse_)[stress.second];
    for (Index i = 0; i < points; ++i) out[i] -= u[i] * v[i];
  }

  const Real* rate = coarse_->tendency(t);
  for (std::size_t c = 0; c < totals_.size(); ++c) {
    const Index first = static_cast<Index>(c) * points;
    for (Index i = 0; i < points; ++i) target(totals_[c])[i] = -rate[first + i];
    coarsening_.apply(coarse_values_.data() + first, spectra_->tendency(c, t));
  }
  coarse_->resolve(coarse_values_.data());
  for (std::size_t c = 0; c < totals_.size(); ++c)
    for (Index i = 0; i < points; ++i)
      target(totals_[c])[i] +=
          coarse_values_[c * static_cast<std::size_t>(points) + static_cast<std::size_t>(i)];
}

void Subgrid::carry(Carried& carried) {
  const Index points = coarsening_.coarse_points();
  const Real factor = carried.factor;
  for (std::size_t d = 0; d < carried.velocity.size(); ++d) {
    const Real *mean_u = (*coarse_)[carried.velocity[d]], *mean_c = (*coarse_)[carried.quantity];
    for (std::size_t i = 0; i < coarse_fluxes_[d].size(); ++i)
      coarse_fluxes_[d][i] = factor * mean_u[i] * mean_c[i];
  }
  Real* forcing = target(carried.forcing);
  coarsening_.divergence_difference(forcing, flux_pointers_, factor,
                                    spectra_->divergence(carried.velocity, carried.quantity));
  if (carried.flux.empty()) return;
  for (std::size_t d = 0; d < carried.flux.size(); ++d) {
    Real* flux = target(carried.flux[d]);
    coarsening_.apply(flux, spectra_->product(carried.velocity[d], carried.quantity));
    for (Index i = 0; i < points; ++i) {
      flux[i] = factor * flux[i] - coarse_fluxes_[d][static_cast<std::size_t>(i)];
      coarse_fluxes_[d][static_cast<std::size_t>(i)] = flux[i];
    }
  }
  if (!coarsening_.commutes()) return;
  coarsening_.coarse_divergence(divergence_.data(), flux_pointers_);
  Real largest = carried.largest, error = carried.error;
  for (std::size_t i = 0; i < divergence_.size(); ++i) {
    largest = std::max(largest, std::abs(forcing[i]));
    error = std::max(error, std::abs(forcing[i] + divergence_[i]));
  }
  carried.largest = largest;
  carried.error = error;
}

std::vector<Real> Subgrid::flux_extremes() const {
  std::vector<Real> extremes;
  for (const Carried& carried : carried_) {
    extremes.push_back(carried.error);
    extremes.push_back(carried.largest);
  }
  return extremes;
}

Real Subgrid::flux_error(const std::vector<Real>& extremes) {
  Real worst = 0;
  for (std::size_t i = 0; i + 1 < extremes.size(); i += 2)
    if (extremes[i + 1] > 0) worst = std::max(worst, extremes[i] / extremes[i + 1]);
  return worst;
}

}  // namespace starling::datasets
