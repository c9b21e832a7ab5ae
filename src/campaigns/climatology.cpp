// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/climatology.hpp"

#include "campaigns/settings.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/tree_sum.hpp"
#include "filters/filter.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <algorithm>
#include <cmath>

namespace starling::campaigns {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// Members are summed pair by pair, as they are dealt.
constexpr Index pair = 2;

}  // namespace

const Schema& ClimatologySettings::schema() {
  static const Schema keys = {
      Key::integer("members", "of the sample whose mean and covariance are the climatology")
          .at_least(2),
      Key::real("spin_up", "time each of them runs by itself [time units of the model]").above(0),
  };
  return keys;
}

ClimatologySettings::ClimatologySettings(const Section& section, Real dt)
    : members(section.integer("members")), spin_up_steps(steps_of(section, "spin_up", dt)) {}

Index ClimatologySettings::rank(Index dofs) const { return std::min(members, dofs); }

Climatology::Climatology(const ProcessGrid& processes, ensemble::Forecast& forecast,
                         const Initial& initial, const ClimatologySettings& settings,
                         Index observations)
    : processes_(processes),
      forecast_(forecast),
      initial_(initial),
      settings_(settings),
      rank_(settings.rank(forecast.dofs())),
      owned_(processes.members_of(1 + rank_, processes.group())),
      states_(processes, 1 + rank_, forecast.dofs()),
      observed_(processes, 1 + rank_, observations, filters::observation_block),
      members_("climatology::members", at(owned_.size()), at(forecast.dofs())),
      roots_("climatology::roots", at(1 + rank_), at(states_.share().size())),
      observed_roots_("climatology::observed",
                      at((1 + rank_) * ensemble::MembersTranspose::widest_share(
                                           processes, observations, filters::observation_block))) {}

void Climatology::prepare() {
  ensemble::Ensemble sample(processes_, forecast_, settings_.members);
  initial_.sample(sample, forecast_, settings_.spin_up_steps);
  if (settings_.members > forecast_.dofs()) {
    keep_eigenvectors(sample);
  } else {
    keep_roots(sample);
  }
  spread();
  ready_ = true;
}

// Anomalies are taken where all members of a column are.
void Climatology::keep_roots(const ensemble::Ensemble& sample) {
  ensemble::MembersTranspose transpose(processes_, settings_.members, forecast_.dofs());
  const ConstRows all = transpose.forward(sample.members());
  const Index members = settings_.members, columns = width_of(all);
  const Real share = 1 / std::sqrt(static_cast<Real>(members - 1));
  for (Index j = 0; j < columns; ++j) {
    Real mean = 0;
    for (Index m = 0; m < members; ++m) mean += all(at(m), at(j));
    mean /= static_cast<Real>(members);
    roots_(0, at(j)) = mean;
    for (Index m = 0; m < members; ++m)
      roots_(at(1 + m), at(j)) = (all(at(m), at(j)) - mean) * share;
  }
}

void Climatology::keep_eigenvectors(const ensemble::Ensemble& sample) {
  const Index n = forecast_.dofs(), mine = sample.owned().size();
  const ConstRows members = sample.members();
  const Range pairs = blocks_of(sample.owned(), pair);

  std::vector<Real> mean(at(n));
  TreeSum means(processes_.members(), pairs, n);
  for (Index first = 0; first < mine; first += pair) {
    Real* out = means.next();
    std::fill_n(out, n, 0.0);
    for (Index m = first; m < std::min(first + pair, mine); ++m)
      for (Index j = 0; j < n; ++j) out[j] += members(at(m), at(j));
    means.add();
  }
  means.finish(mean.data());
  for (Real& each : mean) each /= static_cast<Real>(settings_.members);

  linalg::Matrix covariance(n, n);
  std::vector<Real> anomaly(at(n));
  TreeSum products(processes_.members(), pairs, n * covariance.stride());
  for (Index first = 0; first < mine; first += pair) {
    Real* out = products.next();
    std::fill_n(out, n * covariance.stride(), 0.0);
    for (Index m = first; m < std::min(first + pair, mine); ++m) {
      for (Index j = 0; j < n; ++j) anomaly[at(j)] = members(at(m), at(j)) - mean[at(j)];
      for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j)
          out[i * covariance.stride() + j] += anomaly[at(i)] * anomaly[at(j)];
    }
    products.add();
  }
  products.finish(covariance.row(0));

  linalg::SymmetricEigen eigen(n);
  eigen.solve(covariance);
  const Range columns = states_.share();
  for (Index j = 0; j < columns.size(); ++j) roots_(0, at(j)) = mean[at(columns.begin + j)];
  for (Index k = 0; k < n; ++k) {
    const Real scale =
        std::sqrt(std::max(eigen.values()[k], 0.0) / static_cast<Real>(settings_.members - 1));
    for (Index j = 0; j < columns.size(); ++j)
      roots_(at(1 + k), at(j)) = scale * eigen.vectors()(k, columns.begin + j);
  }
}

// What is observed are whole states: from (all rows x my dofs) to (my rows x all dofs).
void Climatology::spread() {
  const Rows all = states_.forward(members_);
  for (Index k = 0; k <= rank_; ++k)
    for (Index j = 0; j < width_of(all); ++j)
      all(at(k), at(j)) = roots_(0, at(j)) + (k > 0 ? roots_(at(k), at(j)) : 0);
  states_.backward(members_);
}

filters::StaticCovariance Climatology::observe(ObservationStep& observations) {
  STARLING_ASSERT(ready_);
  const Rows seen = observations.observe(members_);
  observed_.resize(width_of(seen));
  const ConstRows all = observed_.forward(seen);
  const Index columns = width_of(all);
  const Rows own = make_rows(observed_roots_.data(), 1 + rank_, columns);
  for (Index k = 0; k <= rank_; ++k)
    for (Index i = 0; i < columns; ++i)
      own(at(k), at(i)) = all(at(k), at(i)) - (k > 0 ? all(0, at(i)) : 0);
  return {.mean = roots_.data(),
          .roots = row_range(ConstRows(roots_), 1, rank_),
          .observed_mean = own.data(),
          .observed_roots = row_range(ConstRows(own), 1, rank_)};
}

Real Climatology::bytes() const {
  const auto numbers = members_.extent(0) * members_.extent(1) +
                       roots_.extent(0) * roots_.extent(1) + observed_roots_.extent(0);
  return 8 * static_cast<Real>(numbers) + states_.bytes() + observed_.bytes();
}

}  // namespace starling::campaigns
