// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace starling::paper {

/// Where Starling must not agree with the published number: why, and what it must agree with.
struct Cause {
  std::string why;  ///< empty: it must agree
  /// What the published code gives without that difference, one number a seed.
  std::vector<double> expected = {};
};

/// A row of a published table: the time-mean RMSE of the analysis of a twin experiment. Claims are
/// those of the comment tables of DAPPER (raanes2024), taken from the papers that the inputs name;
/// re-runs are of its code, one number a seed.
struct Row {
  std::string input;                  ///< under inputs/
  double claim = 0;                   ///< 0: none
  std::vector<double> rerun = {};     ///< empty: nobody has run it again
  std::vector<std::string> set = {};  ///< overrides
  /// Filters that lose the truth for good now and then are scored for as long as they had not,
  /// where the published means are of runs that did not. How many were lost stands beside it.
  bool until_lost = false;
  Cause cause = {};
};

// DAPPER 1.8.1 propagates the covariance with exp(J dt), J at the state *after* the step; Starling
// with the tangent of the step itself. Measured: DAPPER's filter with that tangent.
inline constexpr const char* tangent = "DAPPER: exp(J dt), J after the step";
// DAPPER makes the gain of optimal interpolation from the very truth that it then estimates.
// Measured: DAPPER's truths and observations with the climatology of another run of 20,000 cycles.
inline constexpr const char* own_truth = "DAPPER: gain from the truth itself";
// DAPPER's Kuramoto-Sivashinsky equation neither damps nor moves the mode of wavenumber 64 (of 128
// points), so that the members' spread in it decays by analyses alone. Measured: with k^2 - k^4.
inline constexpr const char* undamped = "DAPPER: Nyquist mode not damped";

inline const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      // Kuramoto-Sivashinsky
      {"ks/bocquet2019_climatology.toml", 1.3, {1.307}},
      {.input = "ks/bocquet2019_optimal_interpolation.toml",
       .claim = 0.5,
       .rerun = {0.523},
       .cause = {own_truth, {0.5271, 0.5285, 0.5290, 0.5277, 0.5298}}},
      {"ks/bocquet2019_n13.toml", 0.5, {0.523, 0.543, 0.491}},
      {"ks/bocquet2019_n20.toml", 0.115, {0.112, 0.112, 0.113}, {}, true},
      {"ks/bocquet2019_n20_stable.toml", 0, {0.127}},
      {"ks/bocquet2019_n50.toml", 0, {0.105}, {}, true},
      {.input = "ks/bocquet2019_enkf_n.toml",
       .rerun = {0.1413, 0.1378, 0.1360, 0.1393, 0.1395},
       .cause = {undamped, {0.1319, 0.1344, 0.1342, 0.1327, 0.1360}}},
      {"ks/bocquet2019_letkf.toml",
       0.18,
       {0.162},
       {"ensemble.members=4", "filter.support=23.561944901923448", "filter.inflation=1.11"},
       true},
      {"ks/bocquet2019_letkf.toml",
       0.14,
       {0.137},
       {"ensemble.members=6", "filter.support=39.269908169872416", "filter.inflation=1.06"},
       true},
      {"ks/bocquet2019_letkf.toml", 0.11, {0.111}, {}, true},
      // Lorenz-63
      {"lorenz63/sakov2012_climatology.toml", 7.6, {7.589}},
      {"lorenz63/sakov2012_optimal_interpolation.toml", 1.25, {1.255}},
      {"lorenz63/sakov2012_var3d.toml", 1.04, {1.031}},
      {.input = "lorenz63/sakov2012_extended_kalman_180.toml",
       .claim = 0.92,
       .rerun = {0.890},
       .cause = {tangent, {0.9110, 0.8896, 0.9359, 0.8792, 0.9069}}},
      {.input = "lorenz63/sakov2012_extended_kalman_90.toml",
       .claim = 0.87,
       .rerun = {0.914},
       .cause = {tangent, {0.9843, 0.9449, 1.0217, 0.9245, 0.9531}}},
      {"lorenz63/sakov2012_etkf_n3.toml", 0.80, {0.824}},
      {"lorenz63/sakov2012_etkf_n10.toml", 0.60, {0.559, 0.586, 0.555}},
      {"lorenz63/sakov2012_enkf_n10.toml", 0.65},
      {"lorenz63/sakov2012_enkf_n100.toml", 0.56, {0.565}},
      {"lorenz63/sakov2012_enkf_n_n3.toml", 0.60, {0.590}},
      {"lorenz63/sakov2012_enkf_n_n10.toml", 0.54, {0.556}},
      {"lorenz63/sakov2012_ienks.toml", 0.31, {0.296}},
      {"lorenz63/bootstrap_n100.toml", 0.38, {0.372}},
      {"lorenz63/bootstrap_n800.toml", 0.28, {0.278}},
      {"lorenz63/bootstrap_n4000.toml", 0.27},
      // Lorenz-96, 40 variables, all observed
      {"lorenz96/sakov2008_climatology.toml", 3.6, {3.619}},
      {"lorenz96/sakov2008_optimal_interpolation.toml", 0.95, {0.945}},
      {"lorenz96/sakov2008_var3d.toml", 0.41, {0.415}},
      {.input = "lorenz96/sakov2008_extended_kalman.toml",
       .claim = 0.24,
       .rerun = {0.239},
       .cause = {tangent, {0.2247, 0.2201, 0.2194, 0.2213, 0.2166}}},
      {"lorenz96/sakov2008_enkf.toml", 0.22, {0.216, 0.220, 0.219, 0.221}},
      {"lorenz96/sakov2008_enkf_n28.toml", 0.24, {0.236, 0.241, 0.239, 0.242}},
      {"lorenz96/sakov2008_denkf.toml", 0.18, {0.177, 0.181, 0.182, 0.181}},
      {"lorenz96/sakov2008_etkf.toml", 0.18, {0.176, 0.178, 0.179}},
      {"lorenz96/sakov2008_etkf_n24.toml", 0, {0.174, 0.181, 0.175, 0.182, 0.179}},
      {"lorenz96/sakov2008_etkf_n24.toml", 0.18, {0.181, 0.179}, {"filter.inflation=1.013"}, true},
      {"lorenz96/sakov2008_estkf.toml", 0.18, {0.176, 0.178, 0.179}},
      {"lorenz96/sakov2008_ensrf.toml", 0.18, {0.1774}},
      {"lorenz96/sakov2008_ensrf_stochastic.toml", 0.24},
      {"lorenz96/sakov2008_enkf_n.toml", 0.21, {0.2154}},
      {"lorenz96/sakov2008_enkf_n_xn2.toml", 0.18, {0.1770}},
      {"lorenz96/sakov2008_letkf_n7.toml", 0.22, {0.217, 0.214, 0.220}},
      {"lorenz96/sakov2008_eakf_n7.toml", 0.23, {0.235, 0.223, 0.218}},
      {"lorenz96/sakov2008_ienks.toml", 0.17, {0.190, 0.173}},
      {"lorenz96/sakov2008_ienks_dko12.toml", 0.46, {0.482, 0.503}},
      {"lorenz96/sakov2008_ienks_dko12.toml",
       0.46,
       {},
       {"filter.finite_size=2.0", "filter.inflation=1.0"}},
      {"lorenz96/sakov2008_ienks_lag4.toml", 0.31, {0.288}},
      {"lorenz96/bocquet2015_etkf.toml", 0.20, {0.1942}},
      {"lorenz96/bocquet2015_etkf.toml",
       0,
       {0.3761, 0.3874, 0.3490, 0.3580},
       {"observations.interval=3", "filter.inflation=1.10", "assimilation.burn_in=134"},
       true},
      {"lorenz96/bocquet2015_etkf.toml",
       0,
       {0.6243, 0.6006, 0.5903, 0.6121, 0.6312},
       {"observations.interval=5", "filter.inflation=1.40", "assimilation.burn_in=80"},
       true},
      {"lorenz96/bocquet2015_enkf_n.toml", 0.24, {0.2504}},
      {"lorenz96/bocquet2015_enkf_n_xn2.toml", 0.19, {0.1891}},
      {"lorenz96/bocquet2011_letkf_n6.toml", 0, {0.2725, 0.2571, 0.2541}},
      {"lorenz96/sakov2008_bootstrap_n3000.toml",
       0.35,
       {},
       {"filter.threshold=0.05", "filter.regularisation=1.2"}},
      {"lorenz96/sakov2008_bootstrap_n3000.toml",
       0.41,
       {},
       {"filter.threshold=0.05", "filter.regularisation=1.6"}},
      {"lorenz96/sakov2008_bootstrap_n3000.toml", 0.26, {0.262, 0.246}},
      {"lorenz96/sakov2008_bootstrap_n3000.toml", 0.30, {}, {"filter.regularisation=0.9"}},
      {"lorenz96/sakov2008_bootstrap_n3000.toml", 0.36, {}, {"filter.regularisation=1.2"}},
      // Lorenz-96, 10 variables, every second one observed
      {"lorenz96/bocquet2010_enkf_n.toml", 0.44, {0.439, 0.494, 0.409}},
      {"lorenz96/bocquet2010_bootstrap_n100.toml",
       1.15,
       {},
       {"ensemble.members=50", "filter.threshold=0.3", "filter.regularisation=1.7"}},
      {"lorenz96/bocquet2010_bootstrap_n100.toml", 0.43, {0.427, 0.463, 0.460}},
      {"lorenz96/bocquet2010_bootstrap_n800.toml", 0.29, {0.302, 0.314, 0.304}},
      {"lorenz96/bocquet2010_optimal_n50.toml", 0.75},
      {"lorenz96/bocquet2010_optimal_n100.toml", 0.44, {0.452, 1.285, 0.497}},
      {"lorenz96/bocquet2010_optimal_n800.toml", 0.28, {0.293, 0.306, 0.298}},
      {"lorenz96/bocquet2010_adjusted_n50.toml", 0.8},
      {"lorenz96/bocquet2010_adjusted_n100.toml", 0.46},
  };
  return all;
}

}  // namespace starling::paper
