// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/samples.hpp"
#include "diagnostics/strip.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace starling::diagnostics {
namespace {

// A network of exchanges sorts everything if it sorts every sequence of zeros and ones
// (knuth1998, 5.3.4, theorem Z).
TEST(Strip, SortsEverySequenceOfZerosAndOnes) {
  for (Index members = 1; members <= 13; ++members) {
    Strip strip(members);
    const Index sequences = Index{1} << members;
    for (Index first = 0; first < sequences; first += dof_block) {
      for (Index j = 0; j < members; ++j)
        for (Index l = 0; l < dof_block; ++l)
          strip.rows()[j][l] = static_cast<Real>(((first + l) >> j) & 1);
      strip.sort();
      for (Index l = 0; l < dof_block; ++l) {
        const int ones = __builtin_popcountll(static_cast<unsigned long long>(first + l) &
                                              static_cast<unsigned long long>(sequences - 1));
        for (Index j = 0; j < members; ++j)
          ASSERT_EQ(strip.rows()[j][l], j >= members - ones ? 1 : 0) << members << " " << first + l;
      }
    }
  }
}

TEST(Strip, SortsEveryColumnOnBothSidesOfTheNetworkLimit) {
  for (const Index members :
       {Index{28}, Index{50}, Index{257}, Strip::network_limit, Strip::network_limit + 1}) {
    const Sample sample(members, 13, 1);
    Strip strip(members);
    for (Index first = 0; first < 13; first += dof_block) {
      strip.load(sample.ensemble(), first);
      strip.sort();
      for (Index l = 0; l < dof_block; ++l) {
        std::vector<Real> column(static_cast<std::size_t>(members), 0.0);
        for (Index j = 0; j < members && first + l < 13; ++j)
          column[static_cast<std::size_t>(j)] = sample.ensemble()(j, first + l);
        std::sort(column.begin(), column.end());
        for (Index j = 0; j < members; ++j)
          ASSERT_EQ(strip.rows()[j][l], column[static_cast<std::size_t>(j)]) << members;
      }
    }
  }
}

}  // namespace
}  // namespace starling::diagnostics
