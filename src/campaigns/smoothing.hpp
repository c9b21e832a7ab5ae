// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "filters/additive_smoother.hpp"

#include <string>
#include <vector>

namespace starling::campaigns {

/// A smoother as `describe` prints it and [smoother] names it.
struct SmootherEntry {
  std::string name, summary, reference;
  Schema schema;  ///< the keys of [smoother] besides `name`
};

/// fixed_lag, which is that of ensemble filters, and those of particle filters.
const std::vector<SmootherEntry>& smoothers();

/// What [smoother] says.
struct Smoothing {
  Smoothing() = default;
  /// [smoother], with the name of one of smoothers(), fixed_lag if there is none. Throws
  /// InputError.
  explicit Smoothing(Config& config);

  /// A smoother that particles carry with them, from analysis to analysis.
  bool is_running() const { return name == "genealogical" || name == "forward" || name == "paris"; }
  /// A smoother that goes back over the whole run at its end.
  bool goes_back() const { return name == "backward_sampling" || name == "particle_gibbs"; }
  filters::AdditiveSmoother::Method method() const;

  std::string name;   ///< empty: there is none
  Index lag = 0;      ///< fixed_lag [cycles]
  Index draws = 1;    ///< paris
  Index sweeps = 0;   ///< particle_gibbs
  Index burn_in = 0;  ///< particle_gibbs [sweeps]
  Index cycles = 0;   ///< of the run, which Assimilation knows
};

}  // namespace starling::campaigns
