// SPDX-License-Identifier: BSD-3-Clause
// Statistically steady turbulence: balance of energy in three dimensions, and the two cascades of
// two dimensions (kraichnan1967).
#include "core/config.hpp"
#include "models/integrator.hpp"
#include "models/navier_stokes2d.hpp"
#include "models/navier_stokes3d.hpp"
#include "steppers/stepper.hpp"
#include "support/mpi_test.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;

std::size_t find(const std::vector<diagnostics::Quantity>& all, const std::string& name) {
  return static_cast<std::size_t>(
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; }) -
      all.begin());
}

// One member of a flow, and its means over samples.
class Flow {
 public:
  Flow(const models::ModelEntry& entry, const std::string& keys, Real dt)
      : model_(entry.make(Config::parse("[model]\n" + keys, "test").section("model", entry.schema),
                          test_support::world())),
        integrator_(*model_, scheme().make(*model_, dt)),
        state_("state", 1, static_cast<std::size_t>(model_->width())),
        history_("history", 1, 0),
        now_(model_->quantities().size()),
        values_(now_.size()),
        spectrum_(model_->spectra().size() * model_->bins().size()),
        spectra_(spectrum_.size()) {
    const Array<Real**> members("members", 1, static_cast<std::size_t>(model_->dofs()));
    model_->reference(members.data());
    model_->to_states(state_, members);
  }

  void advance(Index steps) {
    ASSERT_FALSE(integrator_.advance(state_, history_, 0, step_, steps).has_value());
    step_ += steps;
    model_->measure(now_.data(), state_, 0);
  }
  Real now(const std::string& name) const { return now_[find(model_->quantities(), name)]; }

  // Means over `samples` states that are `between` steps apart, the ends with half their weight.
  void average(Index samples, Index between) {
    std::fill(values_.begin(), values_.end(), 0.0);
    std::fill(spectra_.begin(), spectra_.end(), 0.0);
    for (Index n = 0; n <= samples; ++n) {
      if (n > 0) advance(between);
      const Real share = (n == 0 || n == samples ? 0.5 : 1) / static_cast<Real>(samples);
      for (std::size_t i = 0; i < now_.size(); ++i) values_[i] += share * now_[i];
      model_->measure_spectra(spectrum_.data(), state_);
      for (std::size_t i = 0; i < spectrum_.size(); ++i) spectra_[i] += share * spectrum_[i];
    }
  }
  Real mean(const std::string& name) const { return values_[find(model_->quantities(), name)]; }
  // Mean of a spectrum over wavenumbers from <= k <= to.
  Real mean(const std::string& name, Real from, Real to) const {
    Real sum = 0, count = 0;
    for_each_bin(name, from, to, [&](Real, Real value) {
      sum += value;
      ++count;
    });
    return sum / count;
  }
  // Of least squares through log E against log k.
  Real slope(const std::string& name, Real from, Real to) const {
    Real n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for_each_bin(name, from, to, [&](Real k, Real value) {
      const Real a = std::log(k), b = std::log(value);
      ++n;
      x += a;
      y += b;
      xx += a * a;
      xy += a * b;
    });
    return (n * xy - x * y) / (n * xx - x * x);
  }

 private:
  static const steppers::Scheme& scheme() {
    return *std::find_if(steppers::builtin().begin(), steppers::builtin().end(),
                         [](const auto& each) { return each.name == "rk4"; });
  }
  template <class F>
  void for_each_bin(const std::string& name, Real from, Real to, const F& f) const {
    const std::vector<Real> k = model_->bins();
    const Real* values = spectra_.data() + find(model_->spectra(), name) * k.size();
    for (std::size_t b = 0; b < k.size(); ++b)
      if (from <= k[b] && k[b] <= to) f(k[b], values[b]);
  }

  std::unique_ptr<models::Model> model_;
  models::Integrator integrator_;
  Array<Real**> state_, history_;
  Index step_ = 0;
  std::vector<Real> now_, values_, spectrum_, spectra_;
};

// d/dt E = input - dissipation (pope2000, section 5.3), over more than ten turnover times L / u' of
// a flow whose smallest scales are resolved, k_max eta >= 1 (the same, section 9.1).
TEST(ForcedTurbulence, DissipatesWhatIsPutInInThreeDimensions) {
  const Real input = 0.1, dt = 0.02;
  Flow flow(models::NavierStokes3d::entry(),
            "points = [48, 48, 48]\nviscosity = 0.015\nforcing = \"low_shells\"\n"
            "forcing_cutoff = 2.5\nenergy_input = 0.1\ninitial = \"random\"\n"
            "initial_energy = 0.5\ninitial_wavenumber = 2.0\n",
            dt);
  flow.advance(1500);
  const Real before = flow.now("energy");
  flow.average(600, 5);
  const Real time = 3000 * dt, stored = (flow.now("energy") - before) / time;
  const Real dissipation = -flow.mean("energy_dissipation");
  // L <= the box / 2, u'^2 = 2 E / 3: a turnover takes no longer than this.
  const Real turnover = std::numbers::pi / std::sqrt(2 * flow.mean("energy") / 3);
  fmt::print("input {} dissipation {:.5f} stored {:.5f} k_max eta {:.3f} turnovers {:.1f}\n", input,
             dissipation, stored, flow.mean("resolution"), time / turnover);
  EXPECT_GE(time / turnover, 10);
  EXPECT_GE(flow.mean("resolution"), 1);
  EXPECT_NEAR(flow.mean("energy_input"), input, 1e-9);
  EXPECT_NEAR(dissipation + stored, input, 0.01 * input);
}

// Energy goes to larger scales with E ~ k^-5/3 (kraichnan1967), the more constant the flux the less
// drag takes on the way; the slope of simulations is within 0.3 of that (boffetta2012, section 3).
TEST(ForcedTurbulence, EnergyGoesToLargeScalesInTwoDimensions) {
  const Real input = 0.1, dt = 0.004;
  Flow flow(models::NavierStokes2d::entry(),
            "points = [256, 256]\nhyperviscosity = 1e-14\nhyperviscosity_power = 4\ndrag = 0.05\n"
            "forcing = \"ring\"\nforcing_wavenumber = 40.0\nforcing_width = 2.0\n"
            "energy_input = 0.1\nforcing_seed = 1\ninitial = \"mcwilliams1984\"\n"
            "initial_energy = 0.01\n",
            dt);
  flow.advance(12000);
  const Real before = flow.now("energy");
  flow.average(600, 20);
  const Real stored = (flow.now("energy") - before) / (12000 * dt);
  const Real slope = flow.slope("energy_spectrum", 6, 25);
  const Real flux = flow.mean("energy_flux", 15, 30);
  fmt::print(
      "energy {:.3f} dissipation {:.4f} drag {:.4f} stored {:.4f} slope {:.3f} flux {:.4f}\n",
      flow.mean("energy"), flow.mean("energy_dissipation"), flow.mean("energy_drag"), stored, slope,
      flux);
  EXPECT_NEAR(input + flow.mean("energy_dissipation") + flow.mean("energy_drag"), stored,
              0.02 * input);
  EXPECT_NEAR(slope, -5.0 / 3, 0.3);
  EXPECT_LT(flux, -0.5 * input);
  EXPECT_GT(flux, -1.1 * input);
}

// Enstrophy goes to smaller scales, with E ~ k^-3 and a logarithm (kraichnan1967), steeper the more
// drag there is (boffetta2012, section 4).
TEST(ForcedTurbulence, EnstrophyGoesToSmallScalesInTwoDimensions) {
  const Real input = 0.1, forced = 4, dt = 0.005;
  Flow flow(models::NavierStokes2d::entry(),
            "points = [256, 256]\nhyperviscosity = 4e-15\nhyperviscosity_power = 4\ndrag = 0.1\n"
            "forcing = \"ring\"\nforcing_wavenumber = 4.0\nforcing_width = 1.0\n"
            "energy_input = 0.1\nforcing_seed = 1\ninitial = \"mcwilliams1984\"\n"
            "initial_energy = 0.1\n",
            dt);
  flow.advance(8000);
  flow.average(600, 20);
  const Real slope = flow.slope("energy_spectrum", 10, 45);
  const Real flux = flow.mean("enstrophy_flux", 12, 35);
  fmt::print("energy {:.3f} enstrophy {:.2f} slope {:.3f} enstrophy flux {:.3f}\n",
             flow.mean("energy"), flow.mean("enstrophy"), slope, flux);
  EXPECT_LT(slope, -3);
  EXPECT_GT(slope, -4.2);
  EXPECT_GT(flux, 0.2 * forced * forced * input);
  EXPECT_LT(flux, 1.1 * forced * forced * input);
}

}  // namespace
