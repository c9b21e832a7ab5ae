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

}  // namespace

Schema LocalSettings::schema() {
  return Localization::schema() +
         Schema{
             Key::integer("domain_points", "successive grid points that share one analysis")
                 .at_least(1)
                 .otherwise(1),
             Key::boolean("rotation", "rotate the analysis anomalies at random, keeping the mean")
                 .otherwise(false)} +
         InflationSettings::schema();
}

LocalSettings LocalSettings::from(const Section& section) {
  return {Localization::read(section), static_cast<Index>(section.integer("domain_points")),
          InflationSettings::from(section), section.boolean("rotation")};
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
      first_place_(context.columns.begin / settings.domain_points * settings.domain_points),
      wanted_(at(context.all_observations)),
      local_(64, context.members + 1),
      weight_(at(context.all_observations)),
      last_weight_(weight_.size()),
      buffer_(at(dof_block * linalg::round_up(context.members))),
      before_(at(context.members)),
      anomalies_(at(linalg::round_up(context.members))),
      number_(weight_.size()),
      last_number_(weight_.size()),
      turned_(settings.rotation ? context.members : 1, context.members) {
  require(context.members >= 2,
          "an ensemble filter needs at least 2 members to see a covariance, not {}",
          context.members);
  STARLING_ASSERT(settings.domain_points >= 1);
  const Range columns = context.columns;
  const Index g = settings.domain_points;
  const Index end = std::min(context.dofs, (columns.end + g - 1) / g * g);
  if (columns.size() > 0)
    for (Index j = first_place_; j < end; ++j) place_.push_back(context.place(j));
  if (settings.rotation) {
    rotation_.emplace(context.members);
    combination_.emplace(context.members);
  }
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
  if (size_of(context_.comm) > 1) mark();
  observations_.collect(analysis, wanted_);
  prepared_ = last_count_ = -1;
  const Index columns = context_.columns.size();
  for (Index first = 0; first < columns; first += dof_block)
    analyse_block(analysis, first, std::min(dof_block, columns - first));
  if (settings_.rotation) rotate(analysis);
  inflation_.finish(analysis);
  return {inflation_.reported()};
}

// What my domains need, block by block.
void LocalFilter::mark() {
  std::fill(wanted_.begin(), wanted_.end(), 0);
  const auto places = static_cast<Index>(place_.size());
  for (Index first = 0; first < places; first += dof_block) {
    const Index found = neighbours_.near(&place_[at(first)], std::min(dof_block, places - first));
    for (Index k = 0; k < found; ++k) wanted_[at(neighbours_.found()[k])] = 1;
  }
}

// False where no observation counts.
bool LocalFilter::prepare(Index domain) {
  if (domain == prepared_) return seen_;
  prepared_ = domain;
  const Range points = columns_of(domain);
  const Index found = neighbours_.find(&place_[at(points.begin - first_place_)], points.size());
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

  if (count > local_.rows())
    local_ = linalg::Matrix(std::min(context_.all_observations, count + count / 4),
                            context_.members + 1);
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

// Columns [first, first + count) of mine, column by column in cache.
void LocalFilter::analyse_block(const Analysis& analysis, Index first, Index count) {
  const Index n = context_.members, stride = linalg::round_up(n);
  const Index width = width_of(analysis.ensemble);
  Real* block = analysis.ensemble.data() + first;
  for (Index m = 0; m < n; ++m)
    for (Index j = 0; j < count; ++j) buffer_[at(j * stride + m)] = block[m * width + j];
  const bool relaxes =
      settings_.inflation.relax_perturbations > 0 || settings_.inflation.posterior != 1;
  for (Index j = 0; j < count; ++j) {
    const Index dof = context_.columns.begin + first + j;
    if (!prepare(dof / settings_.domain_points)) continue;
    Real* x = &buffer_[at(j * stride)];
    if (relaxes) std::copy_n(x, n, before_.data());
    Inflation::scale(x, n, inflation_.background());
    Real mean = 0;
    for (Index m = 0; m < n; ++m) mean += x[m];
    mean /= static_cast<Real>(n);
    for (Index m = 0; m < n; ++m) anomalies_[at(m)] = x[m] - mean;
    transform_->apply(x, anomalies_.data());
    if (relaxes) inflation_.relax_column(x, before_.data());
  }
  for (Index m = 0; m < n; ++m)
    for (Index j = 0; j < count; ++j) block[m * width + j] = buffer_[at(j * stride + m)];
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
  return neighbours_.bytes() + observations_.bytes() +
         8 * (static_cast<Real>(local_.rows() * local_.stride()) + 6 * n * n +
              4 * static_cast<Real>(weight_.size()) + 5 * static_cast<Real>(place_.size()));
}

}  // namespace starling::filters
