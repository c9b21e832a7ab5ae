// SPDX-License-Identifier: BSD-3-Clause
#include "filters/bootstrap.hpp"
#include "filters/denkf.hpp"
#include "filters/enkf_n.hpp"
#include "filters/entry.hpp"
#include "filters/estkf.hpp"
#include "filters/etkf.hpp"
#include "filters/free_run.hpp"
#include "filters/optimal_proposal.hpp"
#include "filters/stochastic_enkf.hpp"

namespace starling::filters {

const std::vector<FilterEntry>& builtin() {
  static const std::vector<FilterEntry> all = {
      Etkf::entry(),           Estkf::entry(),   Denkf::entry(),     EnkfN::entry(),
      StochasticEnkf::entry(), FreeRun::entry(), Bootstrap::entry(), OptimalProposal::entry(),
  };
  return all;
}

}  // namespace starling::filters
