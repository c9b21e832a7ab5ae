// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/quality_control.hpp"

#include "core/error.hpp"
#include "filters/filter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace starling::campaigns {

Schema QualityControl::schema() {
  return {
      Key::real("background_check",
                "observations further from the background mean than so many standard deviations "
                "of the innovation are rejected; no check if absent")
          .above(0)
          .optional(),
      Key::reals("range", "[least, largest]: values outside are rejected; no check if absent")
          .optional(),
  };
}

QualityControl::QualityControl(const Section& section) {
  if (section.has("background_check")) background_check = section.real("background_check");
  if (!section.has("range")) return;
  const std::vector<Real>& range = section.reals("range");
  if (range.size() != 2 || !(range[0] < range[1]))
    section.fail("range", "is no range", "two numbers, the smaller one first");
  lowest = range[0];
  highest = range[1];
}

BackgroundCheck::BackgroundCheck(const ProcessGrid& processes, Index members, Index observations)
    : processes_(&processes),
      members_(static_cast<std::size_t>(members)),
      transpose_(processes, members, observations, filters::observation_block) {
  std::iota(members_.begin(), members_.end(), Index{0});
}

void BackgroundCheck::decide(std::vector<char>& keep, Rows observed,
                             const observations::Batch& batch, Real k) {
  transpose_.resize(batch.size());
  const ConstRows all = transpose_.forward(observed);
  const Range share = transpose_.share();
  const Index mine = share.size();
  STARLING_ASSERT(width_of(all) == mine && rows_of(all) > members_.back());
  std::fill_n(keep.begin(), batch.size(), 1);
  const auto members = static_cast<Real>(members_.size());
  const Real per_degree = members > 1 ? 1 / (members - 1) : 0;
  for (Index i = 0; i < mine; ++i) {
    Real mean = 0, squares = 0;
    for (const Index m : members_) mean += all.data()[m * mine + i];
    mean /= members;
    for (const Index m : members_) {
      const Real anomaly = all.data()[m * mine + i] - mean;
      squares += anomaly * anomaly;
    }
    const auto j = static_cast<std::size_t>(share.begin + i);
    const Real expected = squares * per_degree + batch.variance[j];
    keep[j] = std::abs(batch.value[j] - mean) > k * std::sqrt(expected) ? 0 : 1;
  }
  if (processes_->groups() > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, keep.data(), static_cast<int>(batch.size()),
                               MPI_SIGNED_CHAR, MPI_MIN, processes_->members()));
}

Real BackgroundCheck::bytes() const { return transpose_.bytes(); }

}  // namespace starling::campaigns
