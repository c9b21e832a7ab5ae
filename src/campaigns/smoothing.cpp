// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/smoothing.hpp"

#include "campaigns/fixed_lag_smoother.hpp"

#include <algorithm>

namespace starling::campaigns {

const std::vector<SmootherEntry>& smoothers() {
  static const std::vector<SmootherEntry> all = {
      {"fixed_lag", "ensemble filters: later weights applied to earlier ensembles", "evensen2000",
       FixedLagSmoother::schema()},
      {"paris",
       "particle filters, as they run: sums over the past, from ancestors drawn backward",
       "olsson2017",
       {Key::integer("draws", "ancestors drawn for each particle; its variance needs 2")
            .at_least(1)
            .otherwise(2)}},
      {"forward",
       "the same sums with the expectation over all ancestors instead of draws",
       "delmoral2010",
       {}},
      {"genealogical",
       "the same sums along the path each particle came: few old ancestors are left",
       "kitagawa1996",
       {}},
      {"backward_sampling",
       "particle filters, at the end of the run: trajectories drawn backward, one a particle",
       "godsill2004",
       {}},
      {"particle_gibbs",
       "the same, and then the run again and again with one trajectory held, for less bias",
       "cardoso2023",
       {Key::integer("sweeps", "runs with a trajectory held").at_least(1).otherwise(50),
        Key::integer("burn_in", "sweeps left out of the averages").at_least(0).otherwise(5)}},
  };
  return all;
}

Smoothing::Smoothing(Config& config) {
  std::vector<std::string> names;
  for (const SmootherEntry& entry : smoothers()) names.push_back(entry.name);
  name = config.choice("smoother", "name", names, "fixed_lag");
  const auto entry = std::find_if(smoothers().begin(), smoothers().end(),
                                  [&](const SmootherEntry& each) { return each.name == name; });
  const Schema which = {Key::text("name", "the smoother").one_of(names).otherwise("fixed_lag")};
  const Section section = config.section("smoother", which + entry->schema);
  if (name == "fixed_lag") lag = section.integer("lag");
  if (name == "paris") draws = section.integer("draws");
  if (name == "particle_gibbs") {
    sweeps = section.integer("sweeps");
    burn_in = section.integer("burn_in");
    if (burn_in >= sweeps)
      section.fail("burn_in", "no sweep is left", "fewer than smoother.sweeps");
  }
}

filters::AdditiveSmoother::Method Smoothing::method() const {
  using Method = filters::AdditiveSmoother::Method;
  if (name == "forward") return Method::forward;
  return name == "paris" ? Method::paris : Method::genealogical;
}

}  // namespace starling::campaigns
