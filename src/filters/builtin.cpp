// SPDX-License-Identifier: BSD-3-Clause
#include "filters/auxiliary.hpp"
#include "filters/bootstrap.hpp"
#include "filters/climatology_forecast.hpp"
#include "filters/denkf.hpp"
#include "filters/enkf_n.hpp"
#include "filters/entry.hpp"
#include "filters/estkf.hpp"
#include "filters/etkf.hpp"
#include "filters/extended_kalman.hpp"
#include "filters/free_run.hpp"
#include "filters/hybrid_gain.hpp"
#include "filters/iterative_enks.hpp"
#include "filters/letkf.hpp"
#include "filters/optimal_interpolation.hpp"
#include "filters/optimal_proposal.hpp"
#include "filters/serial_filter.hpp"
#include "filters/stochastic_enkf.hpp"
#include "filters/var3d.hpp"

namespace starling::filters {

const std::vector<FilterEntry>& builtin() {
  static const std::vector<FilterEntry> all = {
      Etkf::entry(),
      Estkf::entry(),
      Denkf::entry(),
      EnkfN::entry(),
      StochasticEnkf::entry(),
      Letkf::entry(),
      Lestkf::entry(),
      Lnetf::entry(),
      HybridGain::entry(),
      IterativeEnks::entry(),
      ExtendedKalman::linear_entry(),
      ExtendedKalman::entry(),
      Var3d::entry(),
      OptimalInterpolation::entry(),
      ClimatologyForecast::entry(),
      SerialFilter::square_root_entry(),
      SerialFilter::rank_histogram_entry(),
      Bootstrap::entry(),
      OptimalProposal::entry(),
      Auxiliary::entry(),
      FreeRun::entry(),
  };
  return all;
}

}  // namespace starling::filters
