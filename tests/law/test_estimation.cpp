// SPDX-License-Identifier: BSD-3-Clause
// Parameters and sensors estimated with the state. A linear model whose parameter is a constant
// forcing, or a sensor with a constant bias, is a linear Gaussian problem for both together: the
// Kalman filter is exact.
#include "app/build.hpp"
#include "diagnostics/time_mean.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace starling;

/// dx_j/dt = x_{j-1} - x_j + F, j periodic.
class Chain final : public models::Model {
 public:
  explicit Chain(Real forcing) : forcing_(forcing) {}
  Index width() const override { return points; }
  void nonlinear(Rows out, ConstRows u, Real) override {
    for (Index r = 0; r < rows_of(u); ++r)
      for (Index j = 0; j < points; ++j)
        out(r, j) = u(r, (j + points - 1) % points) - u(r, j) + forcing_;
  }
  void reference(Real* member) const override { std::fill_n(member, points, 0.0); }
  std::vector<std::pair<std::string, Real>> parameters() const override {
    return {{"forcing", forcing_}};
  }
  Real* vary(const std::string&) override { return &forcing_; }

  static constexpr Index points = 12;

 private:
  Real forcing_;
};

app::Registry registry() {
  app::Registry all = app::builtin_registry();
  all.models.push_back({"chain",
                        "",
                        "",
                        {Key::real("forcing", "F").otherwise(2.0)},
                        [](const Section& section, MPI_Comm) -> std::unique_ptr<models::Model> {
                          return std::make_unique<Chain>(section.real("forcing"));
                        }});
  return all;
}

app::AssimilationRun build(const std::string& more, MPI_Comm comm,
                           const std::vector<std::string>& overrides = {}) {
  Config config = Config::parse(
      "[model]\nname = \"chain\"\n[stepper]\nscheme = \"rk4\"\ndt = 0.05\n"
      "[ensemble]\nmembers = 30\ninitial = \"gaussian\"\nstd = 1.0\n"
      "[observations]\nsource = \"twin\"\nnetwork = \"every\"\nstride = 3\ninterval = 5\n"
      "error_std = 0.5\n[filter]\nname = \"etkf\"\n[assimilation]\ncycles = 12\n" +
          more,
      "chain.toml", overrides);
  return app::build_assimilation(config, registry(), {}, comm);
}

// Mean and covariance of rows.
struct Gaussian {
  std::vector<Real> mean;
  std::vector<std::vector<Real>> covariance;
};

Gaussian sample(ConstRows members) {
  const auto n = members.extent(1), count = members.extent(0);
  Gaussian g{std::vector<Real>(n), std::vector<std::vector<Real>>(n, std::vector<Real>(n))};
  for (std::size_t m = 0; m < count; ++m)
    for (std::size_t i = 0; i < n; ++i) g.mean[i] += members(m, i) / static_cast<Real>(count);
  for (std::size_t m = 0; m < count; ++m)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        g.covariance[i][j] += (members(m, i) - g.mean[i]) * (members(m, j) - g.mean[j]) /
                              static_cast<Real>(count - 1);
  return g;
}

// The forecast is linear in state and parameter: columns of its matrix by stepping unit vectors.
void forecast(Gaussian& g, ensemble::Forecast& model, Index steps) {
  const std::size_t n = g.mean.size();
  Array<Real**> u("u", n, n), none("none", n, 0);
  for (std::size_t i = 0; i < n; ++i) u(i, i) = 1;
  ASSERT_FALSE(model.advance(u, none, 0, 0, steps).has_value());
  const auto apply = [&](const std::vector<Real>& x) {
    std::vector<Real> y(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) y[i] += u(j, i) * x[j];
    return y;
  };
  g.mean = apply(g.mean);
  for (int both = 0; both < 2; ++both) {
    std::vector<std::vector<Real>> rows;
    for (const auto& row : g.covariance) rows.push_back(apply(row));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) g.covariance[i][j] = rows[j][i];
  }
}

// The Kalman filter, an observation after the other. Those of a sensor see its bias, the last
// number of the state.
void analyse(Gaussian& g, const observations::Batch& batch) {
  const std::size_t n = g.mean.size(), bias = n - 1;
  for (std::size_t o = 0; o < batch.value.size(); ++o) {
    const auto at = static_cast<std::size_t>(std::lround(batch.location[o][0]));
    const bool biased = batch.sensor[o] >= 0;
    std::vector<Real> gain(n), row = g.covariance[at];
    for (std::size_t i = 0; i < n && biased; ++i) row[i] += g.covariance[bias][i];
    const Real total = row[at] + (biased ? row[bias] : 0) + batch.variance[o];
    const Real innovation = batch.value[o] - g.mean[at] - (biased ? g.mean[bias] : 0);
    for (std::size_t i = 0; i < n; ++i) gain[i] = row[i] / total;
    for (std::size_t i = 0; i < n; ++i) {
      g.mean[i] += gain[i] * innovation;
      for (std::size_t j = 0; j < n; ++j) g.covariance[i][j] -= gain[i] * row[j];
    }
  }
}

// The ETKF and the augmented Kalman filter that starts from the same mean and covariance agree in
// every cycle; so does the filter's own inflation of the parameter, which the covariance shows.
TEST(Estimation, OfAConstantForcingIsTheAugmentedKalmanFilter) {
  for (const Real inflation : {1.0, 1.1}) {
    app::AssimilationRun run =
        build(fmt::format("[estimate.forcing]\nmean = 0.5\nstd = 1.0\ninflation = {}\n", inflation),
              MPI_COMM_SELF);
    run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
    campaigns::Cycle& cycle = run.campaign->cycle();
    Gaussian exact = sample(run.ensemble->members());
    const std::size_t last = Chain::points;
    for (Index n = 0; n < 12; ++n) {
      forecast(exact, *run.system.forecast, 5);
      EXPECT_EQ(cycle.forecast(5 * n, 5), "");
      const Gaussian background = exact;
      cycle.analyse(n);
      analyse(exact, cycle.batch());
      for (std::size_t i = 0; i <= last; ++i)
        exact.covariance[i][last] = exact.covariance[last][i] *=
            inflation * (i == last ? inflation : 1);
      const Gaussian found = sample(run.ensemble->members());
      for (std::size_t i = 0; i <= last; ++i) {
        EXPECT_NEAR(found.mean[i], exact.mean[i], 1e-11);
        for (std::size_t j = 0; j <= last; ++j)
          EXPECT_NEAR(found.covariance[i][j], exact.covariance[i][j], 1e-11);
      }
      const campaigns::ExtraMoments& moments = *cycle.extras();
      EXPECT_NEAR(moments.background.mean[0], background.mean[last], 1e-11);
      EXPECT_NEAR(moments.background.spread[0], std::sqrt(background.covariance[last][last]),
                  1e-11);
      EXPECT_NEAR(moments.analysis.mean[0], exact.mean[last], 1e-11);
      EXPECT_NEAR(moments.analysis.spread[0], std::sqrt(exact.covariance[last][last]), 1e-11);
    }
    // 48 observations tell the forcing to a tenth of what was known.
    EXPECT_LT(std::sqrt(exact.covariance[last][last]), inflation > 1 ? 0.25 : 0.15);
    EXPECT_NEAR(exact.mean[last], 2, 4 * std::sqrt(exact.covariance[last][last]));
  }
}

// One observation in two has a bias that is estimated: ETKF and augmented Kalman filter agree.
TEST(Estimation, OfABiasIsTheAugmentedKalmanFilter) {
  app::AssimilationRun run = build(
      "[sensor.s]\nnumber = 4\nstride = 2\n[truth.sensor.s]\nbias = 1.5\n"
      "[estimate.\"sensor.s.bias\"]\nstd = 2.0\n",
      MPI_COMM_SELF, {"model.forcing=0.0"});
  run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
  campaigns::Cycle& cycle = run.campaign->cycle();
  Gaussian exact = sample(run.ensemble->members());
  const std::size_t last = Chain::points;
  for (Index n = 0; n < 12; ++n) {
    forecast(exact, *run.system.forecast, 5);
    EXPECT_EQ(cycle.forecast(5 * n, 5), "");
    cycle.analyse(n);
    EXPECT_EQ(cycle.batch().sensor, (std::vector<std::int32_t>{4, -1, 4, -1}));
    analyse(exact, cycle.batch());
    const Gaussian found = sample(run.ensemble->members());
    for (std::size_t i = 0; i <= last; ++i) {
      EXPECT_NEAR(found.mean[i], exact.mean[i], 1e-11);
      for (std::size_t j = 0; j <= last; ++j)
        EXPECT_NEAR(found.covariance[i][j], exact.covariance[i][j], 1e-11);
    }
  }
  // 24 biased and 24 unbiased observations of a state that is nearly known in the end.
  const Real spread = std::sqrt(exact.covariance[last][last]);
  EXPECT_LT(spread, 0.25);
  EXPECT_NEAR(exact.mean[last], 1.5, 4 * spread);
}

// Of a known state x gain and bias are a Bayesian linear regression: with h = (1, x) the precision
// grows by h h' / R with each observation, precision times mean by h y / R.
TEST(Estimation, OfGainAndBiasForAKnownStateIsALinearRegression) {
  app::AssimilationRun run = build(
      "[sensor.s]\nnumber = 0\n[truth.sensor.s]\nbias = 1.5\ngain = 1.1\n"
      "[estimate.\"sensor.s.bias\"]\nstd = 2.0\n"
      "[estimate.\"sensor.s.gain\"]\nstd = 0.4\n",
      MPI_COMM_SELF, {"ensemble.std=0.0"});
  run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
  campaigns::Cycle& cycle = run.campaign->cycle();
  constexpr std::size_t bias = Chain::points, gain = bias + 1;
  const Gaussian prior = sample(run.ensemble->members());
  const auto& p = prior.covariance;
  Real determinant = p[bias][bias] * p[gain][gain] - p[bias][gain] * p[bias][gain];
  // Precision (a b; b c) and what it makes of the mean.
  Real a = p[gain][gain] / determinant, b = -p[bias][gain] / determinant;
  Real c = p[bias][bias] / determinant;
  Real u = a * prior.mean[bias] + b * prior.mean[gain];
  Real v = b * prior.mean[bias] + c * prior.mean[gain];
  for (Index n = 0; n < 12; ++n) {
    EXPECT_EQ(cycle.forecast(5 * n, 5), "");
    cycle.analyse(n);
    // dx/dt = F from 0 on.
    const Real x = 2 * 0.25 * static_cast<Real>(n + 1);
    for (const Real y : cycle.batch().value) {
      a += 1 / 0.25;
      b += x / 0.25;
      c += x * x / 0.25;
      u += y / 0.25;
      v += x * y / 0.25;
    }
    determinant = a * c - b * b;
    const Gaussian found = sample(run.ensemble->members());
    EXPECT_NEAR(found.mean[bias], (c * u - b * v) / determinant, 1e-11);
    EXPECT_NEAR(found.mean[gain], (a * v - b * u) / determinant, 1e-11);
    EXPECT_NEAR(found.covariance[bias][bias], c / determinant, 1e-11);
    EXPECT_NEAR(found.covariance[bias][gain], -b / determinant, 1e-11);
    EXPECT_NEAR(found.covariance[gain][gain], a / determinant, 1e-11);
  }
}

// Lorenz-96 with half of its points seen through gain 1.1 and bias 1.5: what is estimated is the
// truth within its spread, a tenth of what was known, and the state is estimated as well as with a
// known sensor, within the errors of both means (wolff2004). A wrong sensor ruins it.
TEST(Estimation, OfASensorCostsNoAccuracyOfLorenz96) {
  struct Result {
    diagnostics::Estimate rmse;
    campaigns::ExtraMoments moments;
  };
  const auto run = [](const std::string& more) {
    Config config = Config::parse(
        "[run]\nseed = 3000\n[model]\nname = \"lorenz96\"\nvariables = 40\nforcing = 8.0\n"
        "[stepper]\nscheme = \"rk4\"\ndt = 0.05\n"
        "[ensemble]\nmembers = 40\ninitial = \"gaussian\"\nstd = 0.03\n"
        "[observations]\nsource = \"twin\"\nnetwork = \"all\"\nerror_std = 1.0\n"
        "[truth.sensor.s]\ngain = 1.1\nbias = 1.5\n"
        "[filter]\nname = \"etkf\"\ninflation = 1.02\nrotation = true\n"
        "[assimilation]\ncycles = 800\n[sensor.s]\nnumber = 1\nstride = 2\n" +
            more,
        "sensor.toml");
    app::AssimilationRun all =
        app::build_assimilation(config, app::builtin_registry(), {}, MPI_COMM_SELF);
    all.initial->start(*all.ensemble, all.truth.get(), *all.system.forecast);
    campaigns::Cycle& cycle = all.campaign->cycle();
    std::vector<Real> errors;
    for (Index n = 0; n < 800; ++n) {
      EXPECT_EQ(cycle.forecast(n, 1), "");
      const Real error = cycle.analyse(n).analysis.rmse;
      if (n >= 300) errors.push_back(error);
    }
    return Result{diagnostics::estimate_mean(errors),
                  cycle.extras() != nullptr ? *cycle.extras() : campaigns::ExtraMoments{}};
  };
  const Result known = run("gain = 1.1\nbias = 1.5\n"), wrong = run("");
  const Result estimated =
      run("[estimate.\"sensor.s.gain\"]\nstd = 0.2\nrandom_walk = 0.0003\n"
          "[estimate.\"sensor.s.bias\"]\nstd = 2.0\nrandom_walk = 0.002\n");
  const campaigns::Moments& found = estimated.moments.analysis;
  EXPECT_NEAR(found.mean[0], 1.5, 3 * found.spread[0]);
  EXPECT_NEAR(found.mean[1], 1.1, 3 * found.spread[1]);
  EXPECT_LT(found.spread[0], 0.2);
  EXPECT_LT(found.spread[1], 0.02);
  EXPECT_NEAR(estimated.rmse.mean, known.rmse.mean,
              3 * std::hypot(estimated.rmse.standard_error, known.rmse.standard_error));
  EXPECT_LT(known.rmse.mean, 0.25);
  EXPECT_GT(wrong.rmse.mean, 1);
}

// Scores, fields and histograms are those of the grid points: what is estimated does not enter.
TEST(Estimation, OfAKnownParameterChangesNothingElse) {
  const auto scores = [&](const std::string& more) {
    app::AssimilationRun run = build(more, test_support::world());
    run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
    campaigns::Cycle& cycle = run.campaign->cycle();
    std::vector<Real> all;
    for (Index n = 0; n < 5; ++n) {
      EXPECT_EQ(cycle.forecast(5 * n, 5), "");
      const campaigns::CycleReport report = cycle.analyse(n);
      for (const auto& each : {report.background, report.analysis})
        all.insert(all.end(), {each.rmse, each.spread, each.crps, each.fair_crps});
    }
    for (const auto count : cycle.analysis_ranks()) all.push_back(static_cast<Real>(count));
    return all;
  };
  const auto known = scores(""), estimated = scores("[estimate.forcing]\nstd = 0.0\n");
  ASSERT_EQ(known.size(), estimated.size());
  // Steps of wider rows may round differently.
  for (std::size_t i = 0; i < known.size(); ++i) EXPECT_NEAR(known[i], estimated[i], 1e-12);
}

TEST(Estimation, InputsThatCannotBeAreRefused) {
  const auto refused = [](const std::string& more) {
    EXPECT_THROW(build(more, MPI_COMM_SELF), InputError) << more;
  };
  refused("[estimate.mass]\nstd = 1.0\n");
  refused("[estimate.\"sensor.s.bias\"]\nstd = 1.0\n");
  refused("[sensor.s]\nnumber = 1\n[estimate.\"sensor.s.drift\"]\nstd = 1.0\n");
  refused("[sensor.s]\n");
  refused("[sensor.s]\nnumber = 1\n[sensor.t]\nnumber = 1\n");
  refused("[sensor.s]\nnumber = 1\nregion = [40.0, 50.0]\n");
  refused("[truth.sensor.s]\nnumber = 1\n");
  const auto refused_by = [](const std::string& filter, const std::string& more = "") {
    EXPECT_THROW(build("[estimate.forcing]\nstd = 1.0\n" + more, MPI_COMM_SELF,
                       {"filter.name=" + filter, "ensemble.members=26"}),
                 InputError)
        << filter;
  };
  refused_by("kalman");
  refused_by("hybrid_gain", "[climatology]\nmembers = 9\nspin_up = 5.0\n");
  refused_by("bootstrap");
  refused("[estimate.forcing]\n");
  refused("[estimate.forcing]\nstd = -1.0\n");
  refused("[estimate.forcing]\nstd = 1.0\nmean = -1.0\ntransform = \"log\"\n");
  refused("[estimate.forcing]\nstd = 1.0\ntransform = \"logit\"\n");
  refused("[estimate.forcing]\nstd = 1.0\ntransform = \"logit\"\nbounds = [3.0, 4.0]\n");
  refused("[estimate.forcing]\nstd = 1.0\nbounds = [0.0, 4.0]\n");
}

}  // namespace
