// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/row_run.hpp"

#include "campaigns/settings.hpp"
#include "core/error.hpp"
#include "io/agree.hpp"

#include <algorithm>
#include <chrono>

namespace starling::campaigns {
namespace {

using Clock = std::chrono::steady_clock;
using datasets::CoarseOperator;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Real seconds_since(Clock::time_point start) {
  return std::chrono::duration<Real>(Clock::now() - start).count();
}

}  // namespace

void RowTimes::add(const RowTimes& other) {
  solvers += other.solvers;
  targets += other.targets;
  writing += other.writing;
  all += other.all;
}

template <class Work>
void RowRun::timed(Real& seconds, const Work& work) {
  const auto start = Clock::now();
  work();
  seconds += seconds_since(start);
}

RowRun::RowRun(const datasets::Row& row, RowSystems& systems, const std::string& folder)
    : row_(row), systems_(&systems), folder_(folder) {
  const ProcessGrid& processes = *systems.processes;
  const datasets::Settings& settings = systems.settings;
  const LevelSystem& high = systems.levels.front();
  const auto members = [&](const LevelSystem& level) {
    auto made = std::make_unique<ensemble::Ensemble>(processes, *level.forecast, row.count);
    made->set_first_number(row.first);
    return made;
  };
  high_ = members(high);
  mine_ = high_->owned();
  high_steps_ = steps_of(systems, high);
  fine_ = std::make_unique<datasets::Snapshot>(*high.model, settings.derived);
  spectra_ = std::make_unique<datasets::FineSpectra>(*fine_);
  lowers_.resize(systems.levels.size() - 1);
  for (std::size_t l = 0; l < lowers_.size(); ++l) {
    Lower& lower = lowers_[l];
    const LevelSystem& level = systems.levels[l + 1];
    lower.steps = steps_of(systems, level);
    lower.snapshot = std::make_unique<datasets::Snapshot>(*level.model, settings.derived);
    lower.coarse = std::make_unique<datasets::Snapshot>(*level.model, settings.derived);
    lower.start = std::make_unique<datasets::Subgrid>(*spectra_, *high.model, *lower.coarse,
                                                      *level.model, CoarseOperator::sharp);
    lower.free = members(level);
    if (settings.levels[l].restarted) lower.restarted = members(level);
  }
  make_products();
}

void RowRun::make_products() {
  free_products_.resize(lowers_.size(), nullptr);
  restarted_products_.resize(lowers_.size(), nullptr);
  for (ProductPlan& plan : plan_products(row_, *systems_)) {
    const Index copies = plan.layout.trajectories / row_.count;
    products_.push_back(std::make_unique<datasets::Product>(
        systems_->processes->world(), folder_, plan.path, row_.split, plan.layout,
        Range{mine_.begin * copies, mine_.end * copies}));
    datasets::Product* product = products_.back().get();
    if (plan.kind == ProductPlan::Kind::run) {
      std::vector<std::string> names;
      for (const auto& quantity :
           datasets::Snapshot(*systems_->levels[plan.level].model, {}).quantities())
        names.push_back(quantity.name);
      product->name_quantities(std::move(names));
    }
    if (plan.level == 0) {
      high_product_ = product;
    } else if (plan.kind == ProductPlan::Kind::run) {
      free_products_[plan.level - 1] = product;
    } else if (plan.kind == ProductPlan::Kind::restarted) {
      restarted_products_[plan.level - 1] = product;
    } else {
      Pair pair{plan.level - 1, nullptr, product};
      pair.subgrid = std::make_unique<datasets::Subgrid>(
          *spectra_, *systems_->levels.front().model, *lowers_[pair.level].coarse,
          *systems_->levels[plan.level].model, plan.op);
      pairs_.push_back(std::move(pair));
    }
  }
}

std::optional<datasets::RowRecord> RowRun::run(const Watch& watch) {
  const auto begin = Clock::now();
  const Index frames = systems_->settings.frames;
  const MPI_Comm comm = systems_->processes->world();
  Verdict verdict = Verdict::go_on;
  try {
    timed(times_.writing, [&] {
      for (auto& product : products_) product->create();
    });
    start();
    for (Index frame = 0; frame <= frames && verdict == Verdict::go_on; ++frame) {
      Verdict mine = Verdict::go_on;
      if (frame > 0) advance(frame);
      if (!failure_.empty()) mine = Verdict::blow_up;
      try {
        if (mine == Verdict::go_on) record(frame);
        if (mine == Verdict::go_on && frame == frames) save_samples();
      } catch (const IoError& error) {
        failure_ = error.what();
        mine = Verdict::disk;
      }
      if (watch(static_cast<Real>(frame) / static_cast<Real>(frames)) && mine == Verdict::go_on &&
          frame < frames)
        mine = Verdict::stop;
      verdict = agree(mine);
    }
    if (verdict == Verdict::disk) io::agree(comm, failure_);
    if (verdict == Verdict::blow_up) throw NumericalError(failure_);
    if (verdict == Verdict::go_on) {
      datasets::RowRecord record;
      record.row = row_.number;
      record.hash = row_.hash();
      timed(times_.writing, [&] {
        for (auto& product : products_) record.files.push_back(product->finish());
      });
      record.flux_error = flux_error();
      times_.all += seconds_since(begin);
      return record;
    }
  } catch (...) {
    for (auto& product : products_) product->discard();
    throw;
  }
  for (auto& product : products_) product->discard();
  times_.all += seconds_since(begin);
  return std::nullopt;
}

// The same on every rank; a blow-up is told by all as the lowest rank has it.
RowRun::Verdict RowRun::agree(Verdict mine) {
  const MPI_Comm comm = systems_->processes->world();
  int worst = static_cast<int>(mine);
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_INT, MPI_MAX, comm));
  if (static_cast<Verdict>(worst) != Verdict::blow_up) return static_cast<Verdict>(worst);
  int rank = mine == Verdict::blow_up ? rank_of(comm) : size_of(comm);
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &rank, 1, MPI_INT, MPI_MIN, comm));
  io::share_text(comm, failure_, rank);
  return Verdict::blow_up;
}

void RowRun::start() {
  const models::Model& model = *systems_->levels.front().model;
  for (Index i = 0; i < mine_.size(); ++i)
    model.draw(high_->members().data() + i * high_->dofs(), row_.first + mine_.begin + i);
  high_->update_states();
  if (high_steps_.spin_up > 0)
    timed(times_.solvers,
          [&] { advance(*high_, systems_->levels.front(), 0, high_steps_.spin_up); });
  if (!systems_->samples || !systems_->samples->any()) return;
  for (Index i = 0; i < mine_.size(); ++i)
    samples_.push_back(systems_->samples->start(fine_->grid(), row_.first + mine_.begin + i));
  probe(0);
}

void RowRun::advance(ensemble::Ensemble& members, const LevelSystem& level, Index first,
                     Index count) {
  const auto failure = members.advance(first, count);
  if (failure && failure_.empty())
    failure_ = fmt::format("level {}: {}", level.name, describe_failure(*failure, members));
}

void RowRun::advance(Index frame) {
  timed(times_.solvers, [&] {
    advance_high(frame);
    for (std::size_t l = 0; l < lowers_.size(); ++l)
      for (ensemble::Ensemble* members : {lowers_[l].free.get(), lowers_[l].restarted.get()})
        if (members != nullptr)
          advance(*members, systems_->levels[l + 1], (frame - 1) * lowers_[l].steps.interval,
                  lowers_[l].steps.interval);
  });
}

// In parts, with a look at the probes after each.
void RowRun::advance_high(Index frame) {
  const LevelSystem& high = systems_->levels.front();
  const Index first = (frame - 1) * high_steps_.interval;
  const Index part = systems_->samples && systems_->samples->probe_steps() > 0
                         ? systems_->samples->probe_steps()
                         : high_steps_.interval;
  for (Index done = 0; done < high_steps_.interval; done += part) {
    advance(*high_, high, high_steps_.spin_up + first + done, part);
    probe(high.forecast->dt() * static_cast<Real>(first + done + part));
  }
}

void RowRun::probe(Real time) {
  if (samples_.empty() || systems_->samples->probe_steps() == 0) return;
  for (Index i = 0; i < mine_.size(); ++i) {
    take(*fine_, *high_, i);
    systems_->samples->probe(samples_[at(i)], *fine_, time);
  }
}

// The same for any number of ranks: ratios of maxima over all trajectories.
Real RowRun::flux_error() const {
  Real worst = 0;
  for (const Pair& pair : pairs_) {
    std::vector<Real> extremes = pair.subgrid->flux_extremes();
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, extremes.data(), static_cast<int>(extremes.size()),
                               MPI_DOUBLE, MPI_MAX, systems_->processes->world()));
    worst = std::max(worst, datasets::Subgrid::flux_error(extremes));
  }
  return worst;
}

void RowRun::save_samples() {
  for (std::size_t i = 0; i < samples_.size(); ++i)
    for (std::size_t e = 0; e < samples_[i].rows.size(); ++e)
      high_product_->put_extra(e, mine_.begin + static_cast<Index>(i), samples_[i].rows[e]);
}

void RowRun::record(Index frame) {
  const datasets::Settings& settings = systems_->settings;
  const bool segment_ends = settings.segment > 0 && frame > 0 && frame % settings.segment == 0;
  const bool segment_begins =
      settings.segment > 0 && frame % settings.segment == 0 && frame < settings.frames;
  const Index segments = settings.segment > 0 ? settings.frames / settings.segment : 1;
  const auto restarted = [&](std::size_t l, Index segment, Index lead) {
    if (restarted_products_[l] != nullptr)
      record_run(*lowers_[l].restarted, *lowers_[l].snapshot, *restarted_products_[l], segment,
                 segments, lead);
  };
  for (std::size_t l = 0; l < lowers_.size() && segment_ends; ++l)
    restarted(l, frame / settings.segment - 1, settings.segment);
  record_high(frame, segment_begins);
  for (std::size_t l = 0; l < lowers_.size(); ++l) {
    record_run(*lowers_[l].free, *lowers_[l].snapshot, *free_products_[l], 0, 1, frame);
    if (settings.segment > 0 && frame < settings.frames)
      restarted(l, frame / settings.segment, frame % settings.segment);
  }
}

void RowRun::take(datasets::Snapshot& snapshot, const ensemble::Ensemble& members, Index member) {
  const Index per_state = members.members_per_state();
  const Rows states = members.states();
  timed(times_.targets, [&] {
    snapshot.take(states.data() + member / per_state * width_of(states), member % per_state);
  });
}

void RowRun::put(datasets::Snapshot& snapshot, datasets::Product& product, Index trajectory,
                 Index frame) {
  timed(times_.targets, [&] {
    if (!product.has_quantities()) return;
    quantities_.resize(product.quantities().size());
    snapshot.measure(quantities_.data(), systems_->settings.interval * static_cast<Real>(frame));
    product.measure(trajectory, quantities_);
  });
  timed(times_.writing, [&] {
    product.put(trajectory, frame, [&](std::size_t array) { return snapshot[array]; });
  });
}

void RowRun::record_run(const ensemble::Ensemble& members, datasets::Snapshot& snapshot,
                        datasets::Product& product, Index first, Index stride, Index frame) {
  for (Index i = 0; i < mine_.size(); ++i) {
    take(snapshot, members, i);
    put(snapshot, product, (mine_.begin + i) * stride + first, frame);
  }
}

// All that is made of the first level: its own fields, pairs, and where lower levels start.
void RowRun::record_high(Index frame, bool segment_begins) {
  const Real time = systems_->levels.front().forecast->dt() *
                    static_cast<Real>(high_steps_.spin_up + frame * high_steps_.interval);
  for (Index i = 0; i < mine_.size(); ++i) {
    take(*fine_, *high_, i);
    put(*fine_, *high_product_, mine_.begin + i, frame);
    if (!samples_.empty()) systems_->samples->sense(samples_[at(i)], *fine_, frame);
    for (Lower& lower : lowers_) {
      const bool restarts = segment_begins && lower.restarted;
      if (frame > 0 && !restarts) continue;
      timed(times_.targets, [&] { lower.start->coarsen(); });
      const auto set = [&](const ensemble::Ensemble& members) {
        std::copy_n(lower.start->state(), members.dofs(),
                    members.members().data() + i * members.dofs());
      };
      if (frame == 0) set(*lower.free);
      if (restarts) set(*lower.restarted);
    }
    for (Pair& pair : pairs_) {
      timed(times_.targets, [&] { pair.subgrid->evaluate(time); });
      timed(times_.writing, [&] {
        pair.product->put(mine_.begin + i, frame,
                          [&](std::size_t array) { return (*pair.subgrid)[array]; });
      });
    }
  }
  for (Lower& lower : lowers_) {
    if (frame == 0) lower.free->update_states();
    if (segment_begins && lower.restarted) lower.restarted->update_states();
  }
}

}  // namespace starling::campaigns
