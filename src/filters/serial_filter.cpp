// SPDX-License-Identifier: BSD-3-Clause
#include "filters/serial_filter.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "filters/etkf.hpp"
#include "filters/finite.hpp"
#include "linalg/simd.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace starling::filters {
namespace {

std::size_t size(Index n) { return static_cast<std::size_t>(n); }

// Vectors of `count` with room for whole vectors behind them, which holds zeros.
Real dot(const Real* a, const Real* b, Index count) {
  linalg::Vector sums{};
  for (Index m = 0; m < count; m += linalg::vector_width)
    sums += linalg::load(a + m) * linalg::load(b + m);
  return linalg::sum(sums);
}

}  // namespace

SerialFilter::SerialFilter(const FilterContext& context, const Options& options)
    : comm_(context.comm),
      members_(context.members),
      stride_(linalg::round_up(context.members + 1, Index{8})),
      first_column_(context.columns.begin),
      seed_(context.seed),
      rule_(options.rule, context.members, context.seed),
      random_order_(options.random_order),
      local_(std::isfinite(options.localization.taper.support())),
      taper_(options.localization.taper),
      place_(context.place),
      update_(context, options.inflation, options.rotation),
      images_(size(context.all_observations * stride_)),
      steps_(size((local_ ? context.all_observations : 1) * stride_)),
      mine_(size(context.observations * stride_)),
      order_(size(context.all_observations)),
      turn_(order_.size()),
      needed_(order_.size()),
      acts_(order_.size()),
      current_(size(stride_)),
      sums_(size(stride_)),
      counts_(size(size_of(context.comm))),
      displacements_(counts_.size()) {
  require(members_ >= 2, "an ensemble filter needs at least 2 members to see a covariance, not {}",
          members_);
  if (!local_) return;
  neighbours_ = std::make_unique<Neighbours>(options.localization.geometry(context.geometry),
                                             taper_.support(), context.all_observations);
  near_.reserve(order_.size());
  columns_.resize(size(members_ * lanes));
  background_.resize(size(members_));
  weights_.resize(order_.size() * size(lanes));
  slot_.assign(order_.size(), -1);
}

Report SerialFilter::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  STARLING_ASSERT(analysis.observations <= static_cast<Index>(order_.size()));
  require_finite(analysis, comm_);
  update_.inflation().begin(analysis);
  gather(analysis);
  put_in_order(analysis);
  if (local_)
    update_locally(analysis);
  else
    update_globally(analysis);
  return {update_.inflation().reported()};
}

// The images of all observations to every rank, as anomalies of the inflated background over the
// error, then the innovation.
void SerialFilter::gather(const Analysis& analysis) {
  const Index count = width_of(analysis.observed);
  const Real f = update_.inflation().background();
  for (Index i = 0; i < count; ++i) {
    Real* row = mine_.data() + i * stride_;
    Real mean = 0;
    for (Index m = 0; m < members_; ++m) mean += analysis.observed(m, i);
    mean /= static_cast<Real>(members_);
    const Real precision = 1 / std::sqrt(analysis.variance[i]);
    for (Index m = 0; m < members_; ++m)
      row[m] = f * ((analysis.observed(m, i) - mean) * precision);
    row[members_] = (analysis.value[i] - mean) * precision;
  }
  if (size_of(comm_) == 1) {
    std::copy_n(mine_.data(), count * stride_, images_.data());
  } else {
    const int own = static_cast<int>(count);
    STARLING_MPI(MPI_Allgather(&own, 1, MPI_INT, counts_.data(), 1, MPI_INT, comm_));
    std::exclusive_scan(counts_.begin(), counts_.end(), displacements_.begin(), 0);
    MPI_Datatype row = MPI_DATATYPE_NULL;
    STARLING_MPI(MPI_Type_contiguous(static_cast<int>(stride_), MPI_DOUBLE, &row));
    STARLING_MPI(MPI_Type_commit(&row));
    STARLING_MPI(MPI_Allgatherv(mine_.data(), own, row, images_.data(), counts_.data(),
                                displacements_.data(), row, comm_));
    STARLING_MPI(MPI_Type_free(&row));
  }
  if (!all_finite(images_.data(), analysis.observations * stride_))
    throw NumericalError(
        fmt::format("analysis {}: the spread of a member over the observation error overflows",
                    analysis.cycle));
}

// Fisher and Yates's shuffle, the same on every rank.
void SerialFilter::put_in_order(const Analysis& analysis) {
  const Index count = analysis.observations;
  std::iota(order_.begin(), order_.begin() + count, Index{0});
  if (random_order_) {
    const Stream stream(seed_, Purpose::observation_order, 0,
                        static_cast<std::uint64_t>(analysis.cycle));
    for (Index i = count - 1; i > 0; --i) {
      const Real u = stream.uniform(static_cast<std::uint64_t>(i));
      std::swap(order_[i], order_[std::min(i, static_cast<Index>(u * static_cast<Real>(i + 1)))]);
    }
  }
  for (Index t = 0; t < count; ++t) turn_[order_[t]] = t;
}

// The members are x̄ + (I + D) (inflated anomalies) throughout; so are the images.
void SerialFilter::update_globally(const Analysis& analysis) {
  linalg::Matrix& deviation = update_.deviation();
  const Index stride = deviation.stride();
  for (Index m = 0; m < members_; ++m) std::fill_n(deviation.row(m), stride, 0.0);
  Real* y = current_.data();
  Real* next = steps_.data();
  for (Index t = 0; t < analysis.observations; ++t) {
    const Index o = order_[t];
    const Real* image = images(o);
    Real mean = 0;
    for (Index m = 0; m < members_; ++m) {
      const Real* row = deviation.row(m);
      Real change = 0;
      for (Index k = 0; k < members_; ++k) change += row[k] * image[k];
      y[m] = image[m] + change;
      mean += y[m];
    }
    mean /= static_cast<Real>(members_);
    for (Index m = 0; m < members_; ++m) y[m] -= mean;
    if (!rule_(next, y, image[members_] - mean, o, analysis.cycle)) continue;
    // D <- D + step (y^T (I + D)).
    std::copy_n(y, members_, sums_.begin());
    for (Index m = 0; m < members_; ++m) {
      const Real* row = deviation.row(m);
      for (Index k = 0; k < members_; ++k) sums_[k] += y[m] * row[k];
    }
    for (Index m = 0; m < members_; ++m) {
      Real* row = deviation.row(m);
      for (Index k = 0; k < members_; ++k) row[k] += next[m] * sums_[k];
    }
  }
  update_.apply(analysis);
}

void SerialFilter::update_locally(const Analysis& analysis) {
  neighbours_->build(analysis.places, analysis.all_variance, analysis.observations);
  mark_needed(analysis);
  for (Index t = 0; t < analysis.observations; ++t)
    if (needed_[order_[t]] != 0) update_image(analysis, order_[t]);
  const Index width = width_of(analysis.ensemble);
  for (Index first = 0; first < width; first += lanes)
    update_columns(analysis, first, std::min(lanes, width - first));
  update_.finish_columns(analysis);
}

// Observations that act on my columns, and those that act on these before their turn.
void SerialFilter::mark_needed(const Analysis& analysis) {
  const Index count = analysis.observations;
  if (size_of(comm_) == 1) {
    std::fill_n(needed_.begin(), count, char{1});
    return;
  }
  std::fill_n(needed_.begin(), count, char{0});
  for (Index j = 0; j < width_of(analysis.ensemble); ++j) {
    const Index found = neighbours_->find(std::array{place_(first_column_ + j)}.data());
    for (Index i = 0; i < found; ++i) needed_[neighbours_->found()[i]] = 1;
  }
  for (Index t = count - 1; t >= 0; --t) {
    if (needed_[order_[t]] == 0) continue;
    const Index found = neighbours_->find(&analysis.places[order_[t]]);
    for (Index i = 0; i < found; ++i) {
      const Index o = neighbours_->found()[i];
      if (turn_[o] < t) needed_[o] = 1;
    }
  }
}

// near_ = what acts on a place before the turn `before`, by turns.
void SerialFilter::find(const Place& centre, Index before) {
  const Index found = neighbours_->find(&centre);
  near_.clear();
  for (Index i = 0; i < found; ++i) {
    const Index o = neighbours_->found()[i], turn = turn_[o];
    if (turn < before && acts_[o] != 0) near_.push_back({turn, o, neighbours_->distances()[i]});
  }
  std::sort(near_.begin(), near_.end(),
            [](const Near& a, const Near& b) { return a.turn < b.turn; });
}

// The images of an observation after all that came before it, and what it will do itself.
void SerialFilter::update_image(const Analysis& analysis, Index observation) {
  find(analysis.places[observation], turn_[observation]);
  Real* y = images(observation);
  const Real innovation = y[members_];
  y[members_] = 0;
  Real mean = 0;
  for (const Near& other : near_) {
    const Real along = taper_(other.distance) * dot(y, images(other.observation), members_);
    const Real* move = step(other.observation);
    for (Index m = 0; m < members_; ++m) y[m] += along * move[m];
  }
  for (Index m = 0; m < members_; ++m) mean += y[m];
  mean /= static_cast<Real>(members_);
  for (Index m = 0; m < members_; ++m) y[m] -= mean;
  acts_[observation] =
      rule_(step(observation), y, innovation - mean, observation, analysis.cycle) ? 1 : 0;
}

void SerialFilter::update_columns(const Analysis& analysis, Index first, Index count) {
  // What is near any of the columns, with a weight for each.
  near_.clear();
  for (Index lane = 0; lane < count; ++lane) {
    const Place centre = place_(first_column_ + first + lane);
    const Index found = neighbours_->find(&centre);
    for (Index i = 0; i < found; ++i) {
      const Index o = neighbours_->found()[i];
      if (acts_[o] == 0) continue;
      if (slot_[o] < 0) {
        slot_[o] = static_cast<Index>(near_.size());
        std::fill_n(weights_.data() + slot_[o] * lanes, lanes, 0.0);
        near_.push_back({turn_[o], o, 0});
      }
      weights_[slot_[o] * lanes + lane] = taper_(neighbours_->distances()[i]);
    }
  }
  const Inflation& inflation = update_.inflation();
  if (near_.empty() && inflation.background() == 1 && inflation.settings().posterior == 1) return;
  std::sort(near_.begin(), near_.end(),
            [](const Near& a, const Near& b) { return a.turn < b.turn; });

  const Index width = width_of(analysis.ensemble);
  const Real f = inflation.background();
  Real* x = analysis.ensemble.data() + first;
  std::array<Real, lanes> mean{};
  for (Index m = 0; m < members_; ++m)
    for (Index lane = 0; lane < count; ++lane) mean[lane] += x[m * width + lane];
  for (Index lane = 0; lane < count; ++lane) mean[lane] /= static_cast<Real>(members_);
  std::fill(columns_.begin(), columns_.end(), 0.0);
  for (Index m = 0; m < members_; ++m)
    for (Index lane = 0; lane < count; ++lane)
      columns_[m * lanes + lane] = f * (x[m * width + lane] - mean[lane]);

  for (const Near& other : near_) {
    const Real* y = images(other.observation);
    const Real* move = step(other.observation);
    const Real* weight = weights_.data() + slot_[other.observation] * lanes;
    Real* a = columns_.data();
    std::array<Real, lanes> even{}, odd{};
    Index m = 0;
    for (; m + 1 < members_; m += 2)
      for (Index lane = 0; lane < lanes; ++lane) {
        even[lane] += y[m] * a[m * lanes + lane];
        odd[lane] += y[m + 1] * a[(m + 1) * lanes + lane];
      }
    if (m < members_)
      for (Index lane = 0; lane < lanes; ++lane) even[lane] += y[m] * a[m * lanes + lane];
    for (Index lane = 0; lane < lanes; ++lane) even[lane] = weight[lane] * (even[lane] + odd[lane]);
    for (m = 0; m < members_; ++m)
      for (Index lane = 0; lane < lanes; ++lane) a[m * lanes + lane] += move[m] * even[lane];
    slot_[other.observation] = -1;
  }

  Real* column = current_.data();
  for (Index lane = 0; lane < count; ++lane) {
    for (Index m = 0; m < members_; ++m) {
      background_[m] = x[m * width + lane];
      column[m] = mean[lane] + columns_[m * lanes + lane];
    }
    inflation.relax_column(column, background_.data());
    for (Index m = 0; m < members_; ++m) x[m * width + lane] = column[m];
  }
}

// Images, steps, the rank's own, and the cell list.
Real SerialFilter::bytes() const {
  const auto n = static_cast<Real>(members_);
  return 8 * (static_cast<Real>(images_.size() + steps_.size() + mine_.size() + weights_.size() +
                                4 * order_.size()) +
              3 * n * n) +
         (neighbours_ ? neighbours_->bytes() : 0);
}

namespace {

Schema common_keys() {
  return Schema{Key::text("order", "of the observations: their index, or drawn for each analysis")
                    .one_of({"index", "random"})
                    .otherwise("index")} +
         Localization::schema(true) + InflationSettings::schema() + Schema{rotation_key()};
}

std::unique_ptr<Filter> make(const Section& section, const FilterContext& context,
                             ScalarUpdate::Rule rule) {
  return std::make_unique<SerialFilter>(
      context,
      SerialFilter::Options{rule, section.text("order") == "random", Localization::read(section),
                            InflationSettings::from(section), section.boolean("rotation")});
}

}  // namespace

FilterEntry SerialFilter::square_root_entry() {
  return {"ensrf", "serial ensemble square-root filter (EnSRF, EAKF), with covariance taper",
          "whitaker2002",
          Schema{Key::text("update",
                           "of an observation's images in the members: square_root, the "
                           "same as the adjustment filter's, or perturbed observations")
                     .one_of({"square_root", "stochastic"})
                     .otherwise("square_root")} +
              common_keys(),
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return make(section, context,
                        section.text("update") == "stochastic" ? ScalarUpdate::Rule::stochastic
                                                               : ScalarUpdate::Rule::square_root);
          }};
}

FilterEntry SerialFilter::rank_histogram_entry() {
  return {"rhf", "rank histogram filter, serial, with covariance taper", "anderson2010",
          common_keys(),
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return make(section, context, ScalarUpdate::Rule::rank_histogram);
          }};
}

}  // namespace starling::filters
