// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/kernel.hpp"
#include "models/integrator.hpp"
#include "models/quasi_geostrophic.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

namespace starling::test_support {

inline constexpr Real pi = std::numbers::pi;

/// One state of a quasi-geostrophic model, run by itself; it begins with the model's reference.
class QuasiGeostrophicCase {
 public:
  using Settings = models::QuasiGeostrophic::Settings;
  using Field = models::QuasiGeostrophic::Field;

  explicit QuasiGeostrophicCase(const Settings& settings, MPI_Comm space = MPI_COMM_SELF)
      : model(settings, space),
        members("members", 1, static_cast<std::size_t>(model.dofs())),
        state("state", 1, static_cast<std::size_t>(model.width())),
        box_(settings.box) {
    model.reference(members.data());
    model.to_states(state, members);
  }

  Complex* q(Index layer = 0) {
    return reinterpret_cast<Complex*>(state.data()) + layer * model.transform().coefficients();
  }

  void set(Index layer, const Field& field) {
    std::vector<Real> values;
    each_point([&](Real x, Real y) { values.push_back(field(x, y)); });
    model.transform().to_coefficients(q(layer), values.data(), 1);
  }

  std::unique_ptr<models::Integrator> integrator(const std::string& scheme, Real dt,
                                                 const std::string& keys = "") {
    const auto& all = steppers::builtin();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == scheme; });
    return std::make_unique<models::Integrator>(model, found->make(model, dt, keys));
  }

  /// Runs on from where it is, with a fresh history; false if it fails.
  bool run(const std::string& scheme, Real dt, Index steps, const std::string& keys = "") {
    const auto stepping = integrator(scheme, dt, keys);
    Array<Real**> history("history", 1, static_cast<std::size_t>(stepping->history_width()));
    return !stepping->advance(state, history, 0, 0, steps).has_value();
  }

  std::map<std::string, Real> measure() {
    const auto quantities = model.quantities();
    std::vector<Real> values(quantities.size());
    model.measure(values.data(), state, 0);
    std::map<std::string, Real> all;
    for (std::size_t i = 0; i < values.size(); ++i) all[quantities[i].name] = values[i];
    return all;
  }

  std::map<std::string, std::vector<Real>> spectra() {
    const auto names = model.spectra();
    const std::size_t bins = model.bins().size();
    std::vector<Real> values(names.size() * bins);
    model.measure_spectra(values.data(), state);
    std::map<std::string, std::vector<Real>> all;
    for (std::size_t i = 0; i < names.size(); ++i)
      all[names[i].name].assign(values.begin() + static_cast<std::ptrdiff_t>(i * bins),
                                values.begin() + static_cast<std::ptrdiff_t>((i + 1) * bins));
    return all;
  }

  /// Largest difference of coefficients at a point of a field, to a function.
  Real error(const Complex* coefficients, const Field& exact) const {
    std::vector<Real> values(static_cast<std::size_t>(model.transform().points()));
    model.transform().to_points(values.data(), coefficients, 1);
    Real largest = 0;
    std::size_t i = 0;
    each_point(
        [&](Real x, Real y) { largest = std::max(largest, std::abs(values[i++] - exact(x, y))); });
    return largest;
  }

  /// Sum over the points of the squares of a field.
  Real square_sum(const Complex* coefficients) const {
    Real sum = 0;
    for (Index i = 0; i < model.transform().coefficients(); ++i)
      sum +=
          model.transform().weight(i) * Kokkos::abs(coefficients[i]) * Kokkos::abs(coefficients[i]);
    return sum * static_cast<Real>(model.transform().all_points());
  }

  std::vector<Complex> rate() {
    std::vector<Complex> out(static_cast<std::size_t>(model.width() / 2));
    model.nonlinear(make_rows(reinterpret_cast<Real*>(out.data()), 1, model.width()), state, 0);
    return out;
  }

  std::vector<Complex> streamfunction() {
    std::vector<Complex> psi(static_cast<std::size_t>(model.width() / 2));
    model.invert(psi.data(), q());
    return psi;
  }

  models::QuasiGeostrophic model;
  Array<Real**> members, state;

 private:
  template <class F>
  void each_point(const F& f) const {
    for (const Range& piece : model.transform().point_pieces())
      for (Index i = piece.begin; i < piece.end; ++i)
        f(box_.spacing(0) * static_cast<Real>(i % box_.points[0]),
          box_.spacing(1) * static_cast<Real>(i / box_.points[0]));
  }

  spectral::Box box_;
};

}  // namespace starling::test_support
