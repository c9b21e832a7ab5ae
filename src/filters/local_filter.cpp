// SPDX-License-Identifier: BSD-3-Clause
#include "filters/local_filter.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "filters/finite.hpp"
#include "linalg/simd.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void deviations(Real* out, const Real* x, Index members) {
  Real mean = 0;
  for (Index m = 0; m < members; ++m) mean += x[m];
  mean /= static_cast<Real>(members);
  for (Index m = 0; m < members; ++m) out[m] = x[m] - mean;
}

}  // namespace

Schema LocalSettings::schema() {
  return Localization::schema() +
         Schema{
             Key::integer("domain_points", "successive grid points that share one analysis")
                 .at_least(1)
                 .otherwise(1),
             Key::boolean("rotation", "rotate the analysis anomalies at random, keeping the mean")
                 .otherwise(false),
             Key::integer("weight_spacing",
                          "grid points in each direction from one analysis to the next; its "
                          "weights are interpolated to those between")
                 .at_least(1)
                 .otherwise(1)} +
         InflationSettings::schema();
}

LocalSettings LocalSettings::from(const Section& section) {
  return {Localization::read(section), static_cast<Index>(section.integer("domain_points")),
          InflationSettings::from(section), section.boolean("rotation"),
          static_cast<Index>(section.integer("weight_spacing"))};
}

LocalFilter::LocalFilter(const FilterContext& context, const LocalSettings& settings,
                         std::unique_ptr<LocalTransform> transform)
    : context_(context),
      settings_(settings),
      inflation_(context, settings.inflation),
      transform_(std::move(transform)),
      neighbours_(settings.localization.geometry(context.geometry),
                  settings.localization.taper.support(), context.all_observations),
      observations_(context),
      balance_(context.comm, context.members, context.columns, context.dofs),
      cost_(at(balance_.own().size())),
      wanted_(at(context.all_observations)),
      local_(1, context.members + 1),
      weight_(at(context.all_observations)),
      last_weight_(weight_.size()),
      buffer_(at(dof_block * linalg::round_up(context.members))),
      before_(at(context.members)),
      anomalies_(at(linalg::round_up(context.members))),
      shared_(anomalies_.size()),
      number_(weight_.size()),
      last_number_(weight_.size()),
      turned_(settings.rotation ? context.members : 1, context.members) {
  require(context.members >= 2,
          "an ensemble filter needs at least 2 members to see a covariance, not {}",
          context.members);
  STARLING_ASSERT(settings.domain_points >= 1 && settings.weight_spacing >= 1);
  require(settings.domain_points == 1 || settings.weight_spacing == 1,
          "filter.weight_spacing = {}: weights are those of single points; allowed: with "
          "domain_points = 1, or 1",
          settings.weight_spacing);
  const Index most_centres = 2 * std::min(settings.domain_points, context.dofs) + 4 * dof_block;
  centre_.reserve(at(most_centres));
  reserve(usual_count());
  require(settings.weight_spacing == 1 || context.line >= 0,
          "filter.weight_spacing = {}: weights are interpolated on lines and planes of one field "
          "that ranks do not share; allowed: 1",
          settings.weight_spacing);
  if (settings.weight_spacing > 1) grid_.emplace(context, settings.weight_spacing);
  if (settings.rotation) {
    rotation_.emplace(context.members);
    combination_.emplace(context.members);
  }
}

// Near a place, if observations are everywhere alike.
Index LocalFilter::usual_count() const {
  auto count = static_cast<Real>(context_.all_observations);
  const Real reach = 2 * neighbours_.radius();
  for (int d = 0; d < context_.geometry.dimensions; ++d) {
    const Real period = context_.geometry.period[at(d)];
    if (period > reach) count *= reach / period;
  }
  return 1 + static_cast<Index>(count);
}

void LocalFilter::reserve(Index observations) {
  observations = std::clamp<Index>(context_.all_observations, 1, observations);
  local_ = linalg::Matrix(observations, context_.members + 1);
  transform_->reserve(observations);
}

Range LocalFilter::columns_of(Index domain) const {
  const Index g = settings_.domain_points;
  return {domain * g, std::min((domain + 1) * g, context_.dofs)};
}

Report LocalFilter::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  STARLING_ASSERT(analysis.places != nullptr);
  STARLING_ASSERT(width_of(analysis.ensemble) == context_.columns.size());
  require_finite(analysis, context_.comm);
  inflation_.begin(analysis);
  neighbours_.build(analysis.places, analysis.all_variance, analysis.observations);
  if (size_of(context_.comm) > 1) share_out();
  observations_.collect(analysis, wanted_);
  prepared_ = last_count_ = -1;
  if (grid_) grid_->forget();
  for (Index round = 0; round < balance_.rounds(); ++round) {
    balance_.fetch(round, analysis.ensemble);
    const Range mine = balance_.mine(round);
    for (Index b = mine.begin; b < mine.end; ++b)
      if (balance_.analyses(b)) analyse_block(b, balance_.block(b, analysis.ensemble));
    balance_.give_back(round, analysis.ensemble);
  }
  if (settings_.rotation) rotate(analysis);
  inflation_.finish(analysis);
  return {inflation_.reported()};
}

// Who analyses which blocks, and which observations mine need.
void LocalFilter::share_out() {
  std::fill(wanted_.begin(), wanted_.end(), 0);
  const Range own = balance_.own();
  for (Index b = own.begin; b < own.end; ++b) {
    const Index found = look_near(b);
    mark(found);
    const Real* distances = neighbours_.distances();
    const auto near = std::count_if(distances, distances + found, [this](Real distance) {
      return distance <= neighbours_.radius();
    });
    const Index columns = std::min(dof_block, context_.dofs - b * dof_block);
    cost_[at(b - own.begin)] = found > 0 ? columns * (1 + transform_->cost(near)) : 0;
  }
  balance_.plan(cost_.data());
  if (!balance_.moves()) return;
  std::fill(wanted_.begin(), wanted_.end(), 0);
  for (Index round = 0; round < balance_.rounds(); ++round) {
    const Range mine = balance_.mine(round);
    for (Index b = mine.begin; b < mine.end; ++b)
      if (balance_.analyses(b)) mark(look_near(b));
  }
}

// All observations that an analysis for a block may need, and their distances to one of its points.
Index LocalFilter::look_near(Index block) {
  const Range dofs{block * dof_block, std::min((block + 1) * dof_block, context_.dofs)};
  centre_.clear();
  if (grid_) {
    for (Index j = dofs.begin; j < dofs.end; ++j) {
      const WeightGrid::Stencil stencil = grid_->around(j);
      for (Index k = 0; k < stencil.count; ++k)
        centre_.push_back(context_.place(stencil.dof[at(k)]));
    }
  } else {
    const Index g = settings_.domain_points;
    const Index end = std::min(context_.dofs, (dofs.end + g - 1) / g * g);
    for (Index j = dofs.begin / g * g; j < end; ++j) centre_.push_back(context_.place(j));
  }
  return neighbours_.near(centre_.data(), static_cast<Index>(centre_.size()));
}

void LocalFilter::mark(Index found) {
  for (Index k = 0; k < found; ++k) wanted_[at(neighbours_.found()[k])] = 1;
}

// False where no observation counts.
bool LocalFilter::prepare(Index domain) {
  if (domain == prepared_) return seen_;
  prepared_ = domain;
  const Range points = columns_of(domain);
  centre_.clear();
  for (Index j = points.begin; j < points.end; ++j) centre_.push_back(context_.place(j));
  const Index found = neighbours_.find(centre_.data(), points.size());
  settings_.localization.taper.weigh(weight_.data(), neighbours_.distances(), found);
  Index count = 0;
  for (Index k = 0; k < found; ++k) {
    number_[at(count)] = neighbours_.found()[k];
    weight_[at(count)] = weight_[at(k)];
    count += weight_[at(count)] > 0 ? 1 : 0;
  }
  seen_ = count > 0;
  if (!seen_) return false;
  // Neighbours that see the same with the same weights share the analysis.
  if (count == last_count_ &&
      std::equal(number_.begin(), number_.begin() + count, last_number_.begin()) &&
      std::equal(weight_.begin(), weight_.begin() + count, last_weight_.begin()))
    return true;
  last_count_ = count;
  std::copy_n(number_.begin(), count, last_number_.begin());
  std::copy_n(weight_.begin(), count, last_weight_.begin());

  if (count > local_.rows()) reserve(count + count / 4);
  const Index n = context_.members;
  const Real factor = inflation_.background();
  for (Index i = 0; i < count; ++i) {
    const Real* from = observations_.anomalies(number_[at(i)]);
    const Real root = std::sqrt(weight_[at(i)]), scale = factor * root;
    Real* to = local_.row(i);
    for (Index m = 0; m < n; ++m) to[m] = scale * from[m];
    to[n] = root * from[n];
  }
  transform_->prepare(local_, count);
  return true;
}

// Column by column in cache.
void LocalFilter::analyse_block(Index number, const BlockBalance::Block& block) {
  const Index n = context_.members, stride = linalg::round_up(n), first = number * dof_block;
  const Index count = std::min(dof_block, context_.dofs - first);
  for (Index m = 0; m < n; ++m)
    for (Index j = 0; j < count; ++j)
      buffer_[at(j * stride + m)] = block.data[m * block.stride + j];
  const bool relaxes =
      settings_.inflation.relax_perturbations > 0 || settings_.inflation.posterior != 1;
  for (Index j = 0; j < count; ++j) {
    Real* x = &buffer_[at(j * stride)];
    if (relaxes) std::copy_n(x, n, before_.data());
    const bool seen = grid_ ? interpolate_column(first + j, x) : analyse_column(first + j, x);
    if (seen && relaxes) inflation_.relax_column(x, before_.data());
  }
  for (Index m = 0; m < n; ++m)
    for (Index j = 0; j < count; ++j)
      block.data[m * block.stride + j] = buffer_[at(j * stride + m)];
}

// False where no observation counts.
bool LocalFilter::analyse_column(Index dof, Real* x) {
  if (!prepare(dof / settings_.domain_points)) return false;
  Inflation::scale(x, context_.members, inflation_.background());
  deviations(anomalies_.data(), x, context_.members);
  transform_->apply(x, anomalies_.data());
  return true;
}

bool LocalFilter::interpolate_column(Index dof, Real* x) {
  const Index n = context_.members;
  const WeightGrid::Stencil stencil = grid_->around(dof);
  bool seen = false;
  deviations(anomalies_.data(), x, n);
  for (Index k = 0; k < stencil.count; ++k) {
    const WeightGrid::Weights& weights = weights_at(stencil.dof[at(k)]);
    if (!weights.seen) continue;
    seen = true;
    for (Index m = 0; m < n; ++m) shared_[at(m)] = stencil.share[at(k)] * anomalies_[at(m)];
    linalg::add_product({x, 0}, {shared_.data(), 0, 1},
                        {weights.change.row(0), weights.change.stride()}, 1, n, n);
  }
  return seen;
}

// The change of a column for each of its anomalies, the inflation of the background included.
const WeightGrid::Weights& LocalFilter::weights_at(Index dof) {
  WeightGrid::Weights& weights = grid_->at(dof);
  if (weights.dof == dof) return weights;
  weights.dof = dof;
  weights.seen = prepare(dof);
  if (!weights.seen) return weights;
  const Index n = context_.members;
  const Real factor = inflation_.background();
  transform_->weights(weights.change, shared_.data());
  if (factor == 1) return weights;
  for (Index k = 0; k < n; ++k) {
    Real* row = weights.change.row(k);
    for (Index m = 0; m < n; ++m) row[m] *= factor;
    row[k] += factor - 1;
  }
  return weights;
}

// x <- x̄ + Q (x - x̄), as x + (Q - I) (x - x̄).
void LocalFilter::rotate(const Analysis& analysis) {
  const Index n = context_.members;
  for (Index m = 0; m < n; ++m) {
    std::fill_n(turned_.row(m), n, 0.0);
    turned_(m, m) = 1;
  }
  rotation_->rotate(turned_, Stream(context_.seed, Purpose::rotation, 0,
                                    static_cast<std::uint64_t>(analysis.cycle)));
  for (Index m = 0; m < n; ++m) {
    turned_(m, m) -= 1;
    Real mean = 0;
    for (Index k = 0; k < n; ++k) mean += turned_(m, k);
    mean /= static_cast<Real>(n);
    for (Index k = 0; k < n; ++k) turned_(m, k) -= mean;
  }
  combination_->add(analysis.ensemble, turned_);
}

Real LocalFilter::bytes() const {
  const auto n = static_cast<Real>(context_.members);
  return neighbours_.bytes() + observations_.bytes() + balance_.bytes() +
         (grid_ ? grid_->bytes() : 0) + transform_->bytes() +
         8 * (static_cast<Real>(local_.rows() * local_.stride()) +
              (settings_.rotation ? 3 * n * n : 0) + 4 * static_cast<Real>(weight_.size()) +
              static_cast<Real>(cost_.size()));
}

}  // namespace starling::filters
