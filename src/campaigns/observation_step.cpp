// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/observation_step.hpp"

#include "core/error.hpp"

#include <cmath>
#include <utility>

namespace starling::campaigns {

ObservationStep::ObservationStep(const ProcessGrid& processes, ObservationSource& source,
                                 const Domain& domain, Index rows, Index members,
                                 const QualityControl& quality, observations::Sensors sensors,
                                 std::optional<Columns> values)
    : source_(&source),
      domain_(domain),
      quality_(quality),
      operator_(domain, source.max_size(), values.value_or(Columns(domain.values())),
                values ? processes.space() : MPI_COMM_SELF),
      sensors_(std::move(sensors)),
      keep_(static_cast<std::size_t>(source.max_size())),
      block_("observations::observed", static_cast<std::size_t>(rows * source.max_size())),
      name_(source.name()) {
  original_.reserve(source.max_size());
  batch_.reserve(source.max_size());
  places_.reserve(static_cast<std::size_t>(source.max_size()));
  if (quality.checks_background())
    background_check_ = std::make_unique<BackgroundCheck>(processes, members, source.max_size());
}

void ObservationStep::read(Index n, const Real* truth) {
  source_->read(original_, n, truth);
  batch_ = original_;
  counts_ = {};
  for (std::size_t j = 0; j < batch_.value.size(); ++j) {
    const Real value = batch_.value[j];
    const bool missing = std::isnan(value);
    const bool rejected = value < quality_.lowest || value > quality_.highest;
    counts_.missing += missing ? 1 : 0;
    counts_.rejected += rejected ? 1 : 0;
    keep_[j] = missing || rejected ? 0 : 1;
  }
  ready_ = false;
  prepare();
}

// Leaves out what is not to be kept.
void ObservationStep::prepare() {
  counts_.used = original_.size() - counts_.missing - counts_.rejected;
  if (counts_.used < batch_.size()) batch_.select(keep_);
  STARLING_ASSERT(batch_.size() == counts_.used);
  operator_.set(batch_, name_);
  sensors_.set(batch_);
  places_.clear();
  for (std::size_t j = 0; j < batch_.location.size(); ++j)
    places_.push_back(place_at(domain_, batch_.location[j], batch_.component[j]));
}

Rows ObservationStep::observe(ConstRows members) {
  const auto apply = [&] {
    const Rows observed = make_rows(block_.data(), rows_of(members), batch_.size());
    operator_.apply(observed, members);
    sensors_.apply(observed, members);
    return observed;
  };
  Rows observed = apply();
  if (!ready_) {
    if (background_check_) {
      background_check_->decide(keep_, observed, batch_, quality_.background_check);
      const Index before = counts_.rejected;
      for (Index j = 0; j < batch_.size(); ++j)
        counts_.rejected += keep_[static_cast<std::size_t>(j)] != 0 ? 0 : 1;
      if (counts_.rejected > before) {
        prepare();
        observed = apply();
      }
    }
    blocks_.set(batch_, name_);
    blocks_.decorrelate(batch_);
    ready_ = true;
  }
  blocks_.decorrelate(observed);
  return observed;
}

Real ObservationStep::bytes() const {
  const auto observations = static_cast<Real>(source_->max_size());
  return 8 * static_cast<Real>(block_.extent(0)) + 2 * 60 * observations + 40 * observations +
         (background_check_ ? background_check_->bytes() : 0);
}

}  // namespace starling::campaigns
