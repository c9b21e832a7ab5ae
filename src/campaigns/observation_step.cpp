// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/observation_step.hpp"

namespace starling::campaigns {

ObservationStep::ObservationStep(ObservationSource& source, const Domain& domain, Index rows)
    : source_(&source),
      domain_(domain),
      operator_(domain, source.max_size()),
      block_("observations::observed", static_cast<std::size_t>(rows * source.max_size())) {
  batch_.reserve(source.max_size());
  places_.reserve(static_cast<std::size_t>(source.max_size()));
}

void ObservationStep::read(Index n, const Real* truth) {
  source_->read(batch_, n, truth);
  operator_.set(batch_, source_->name());
  places_.clear();
  for (const Real x : batch_.location) places_.push_back(place_at(domain_, x));
}

Rows ObservationStep::observe(ConstRows members) {
  const Rows observed = make_rows(block_.data(), rows_of(members), batch_.size());
  operator_.apply(observed, members);
  return observed;
}

}  // namespace starling::campaigns
