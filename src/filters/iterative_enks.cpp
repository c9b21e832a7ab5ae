// SPDX-License-Identifier: BSD-3-Clause
#include "filters/iterative_enks.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

// Of the finite differences, in standard deviations (bocquet2014 has 1e-4).
constexpr Real bundle_scale = 1e-4;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void copy(Real* out, ConstRows block) {
  std::copy_n(block.data(), rows_of(block) * width_of(block), out);
}

Analysis of_start(const Window& window) {
  Analysis analysis{};
  analysis.ensemble = window.start;
  analysis.cycle = window.cycle;
  return analysis;
}

void centre_and_scale(Rows block, Real scale) {
  const Index columns = width_of(block), rows = rows_of(block);
  for (Index j = 0; j < columns; ++j) {
    Real mean = 0;
    for (Index m = 0; m < rows; ++m) mean += block.data()[m * columns + j];
    mean /= static_cast<Real>(rows);
    for (Index m = 0; m < rows; ++m) {
      Real& x = block.data()[m * columns + j];
      x = mean + scale * (x - mean);
    }
  }
}

}  // namespace

IterativeEnks::IterativeEnks(const FilterContext& context, const Options& options)
    : options_(options),
      members_(context.members),
      space_(context, false),
      eigen_(members_),
      run_(context, {}),
      update_(context, {.posterior = options.inflation}, options.rotation),
      combination_(members_),
      transform_(members_, members_),
      last_transform_(members_, members_),
      inverse_(members_, members_),
      gram_(members_, members_),
      product_(members_, members_),
      weights_(at(members_)),
      step_(at(members_)),
      innovation_(at(members_)),
      factors_(at(members_)),
      start_("ienks::start", at(members_ * context.columns.size())),
      background_("ienks::background", at(members_ * context.columns.size())) {
  require(options.lag >= 1, "lag is {}; allowed: at least 1", options.lag);
  require(options.iterations >= 1, "iterations is {}; allowed: at least 1", options.iterations);
  require(options.finite_size >= 0, "finite_size is {}; allowed: 0 or more", options.finite_size);
}

Report IterativeEnks::analyse(const Window& window) {
  if (window.observations == 0) return {};
  const Index columns = width_of(window.start);
  const Real scale = options_.bundle ? bundle_scale : 1;
  copy(start_.data(), window.start);
  copy(background_.data(), window.end);
  std::fill(weights_.begin(), weights_.end(), 0.0);
  for (Index m = 0; m < members_; ++m)
    for (Index k = 0; k < members_; ++k) {
      transform_(m, k) = 0;
      inverse_(m, k) = m == k ? 1 : 0;
    }

  Index iteration = 0;
  Real precision = 0;
  for (bool converged = false; !converged && iteration < options_.iterations; ++iteration) {
    ConstRows observed = window.observed;
    if (iteration > 0 || options_.bundle) {
      std::copy_n(start_.data(), members_ * columns, window.start.data());
      set_deviation(scale);
      run_.apply(of_start(window));
      observed = window.forecast.run();
      if (options_.bundle) centre_and_scale(window.end, 1 / scale);
    }
    space_.project({.ensemble = window.end,
                    .observed = observed,
                    .value = window.value,
                    .variance = window.variance,
                    .first_observation = window.first_observation,
                    .observations = window.observations,
                    .cycle = window.cycle});
    condition(scale);
    precision = prior_precision();
    step(precision);
    Real moved = 0;
    for (const Real dw : step_) moved += dw * dw;
    converged = moved < options_.tolerance * static_cast<Real>(members_);
  }
  finish(window);
  return {.inflation = options_.inflation * std::sqrt(static_cast<Real>(members_ - 1) / precision),
          .iterations = static_cast<Real>(iteration)};
}

// The members that are run: x̄ + X^T w + scale T X.
void IterativeEnks::set_deviation(Real scale) {
  linalg::Matrix& deviation = run_.deviation();
  for (Index m = 0; m < members_; ++m) {
    for (Index k = 0; k < members_; ++k)
      deviation(m, k) = weights_[at(k)] + scale * transform_(m, k);
    deviation(m, m) += scale - 1;
  }
}

// Undoes scale and T in the products: S S^T = T^-1 G T^-1 / scale^2, S d = T^-1 g / scale; then the
// eigenvectors of S S^T.
void IterativeEnks::condition(Real scale) {
  const auto times = [&](linalg::Matrix& out, linalg::Matrix& a, linalg::Matrix& b) {
    linalg::multiply({out.row(0), out.stride()}, {a.row(0), a.stride(), 1}, {b.row(0), b.stride()},
                     members_, members_, members_);
  };
  times(product_, inverse_, space_.gram());
  times(gram_, product_, inverse_);
  for (Index i = 0; i < members_; ++i) {
    Real sum = 0;
    for (Index k = 0; k < members_; ++k) sum += inverse_(i, k) * space_.innovation()[k];
    innovation_[at(i)] = sum / scale;
    for (Index k = 0; k < members_; ++k) gram_(i, k) /= scale * scale;
  }
  // Symmetric but for rounding.
  for (Index i = 0; i < members_; ++i)
    for (Index k = 0; k < i; ++k) gram_(i, k) = gram_(k, i) = 0.5 * (gram_(i, k) + gram_(k, i));
  eigen_.solve(gram_);
}

Real IterativeEnks::prior_precision() {
  const auto n = static_cast<Real>(members_);
  if (options_.finite_size == 0) return n - 1;
  Real mean_unknown = (n + 1) / n, logarithm = n / (n - 1), uninformed = 0, size = 0;
  for (Index k = 0; k < members_; ++k)
    uninformed += (n - 1) / (std::max(eigen_.values()[k], 0.0) + n - 1) / n;
  const Real correction = std::sqrt(std::pow(mean_unknown / logarithm, uninformed));
  mean_unknown *= options_.finite_size / correction;
  logarithm *= options_.finite_size * correction;
  for (const Real w : weights_) size += w * w;
  return (n - 1) * logarithm / (mean_unknown + size);
}

void IterativeEnks::step(Real precision) {
  std::fill(step_.begin(), step_.end(), 0.0);
  for (Index k = 0; k < members_; ++k) {
    const Real* v = eigen_.vectors().row(k);
    Real along = 0;
    for (Index i = 0; i < members_; ++i)
      along += v[i] * (innovation_[at(i)] - precision * weights_[at(i)]);
    along /= std::max(eigen_.values()[k], 0.0) + precision;
    for (Index i = 0; i < members_; ++i) step_[at(i)] += along * v[i];
  }
  for (Index i = 0; i < members_; ++i) weights_[at(i)] += step_[at(i)];

  std::swap(last_transform_, transform_);
  const Real n1 = static_cast<Real>(members_ - 1);
  // r^-1/2 - 1 with r = 1 + s, written without a difference of nearly equal numbers.
  for (Index k = 0; k < members_; ++k) {
    const Real s = (std::max(eigen_.values()[k], 0.0) + (precision - n1)) / n1;
    const Real root = std::sqrt(1 + s);
    factors_[at(k)] = -s / (root * (1 + root));
  }
  eigen_.function(transform_, factors_.data());
  for (Index k = 0; k < members_; ++k)
    factors_[at(k)] = std::sqrt((std::max(eigen_.values()[k], 0.0) + precision) / n1);
  eigen_.function(inverse_, factors_.data());
}

void IterativeEnks::finish(const Window& window) {
  const Index columns = width_of(window.start);
  // The analysis: what was run last, and the last step times the anomalies of the background.
  const Rows background = make_rows(background_.data(), members_, columns);
  linalg::Matrix& last = product_;
  for (Index m = 0; m < members_; ++m) {
    Real mean = 0;
    for (Index k = 0; k < members_; ++k) {
      last(m, k) = step_[at(k)] + transform_(m, k) - last_transform_(m, k);
      mean += last(m, k) / static_cast<Real>(members_);
    }
    for (Index k = 0; k < members_; ++k) last(m, k) -= mean;
  }
  combination_.assign(background, last, background);
  for (Index i = 0; i < members_ * columns; ++i) window.end.data()[i] += background.data()[i];

  // The start, rotated and inflated.
  std::copy_n(start_.data(), members_ * columns, window.start.data());
  linalg::Matrix& deviation = update_.deviation();
  for (Index m = 0; m < members_; ++m) std::copy_n(transform_.row(m), members_, deviation.row(m));
  std::copy(weights_.begin(), weights_.end(), update_.shift().begin());
  update_.apply(of_start(window));
}

Real IterativeEnks::bytes() const {
  return 8 * static_cast<Real>(start_.extent(0) + background_.extent(0)) +
         8 * 12 * static_cast<Real>(members_ * gram_.stride());
}

FilterEntry IterativeEnks::entry() {
  return {
      "ienks",
      "iterative ensemble Kalman smoother, Gauss-Newton over a window of lag cycles",
      "bocquet2014",
      {Key::integer("lag", "cycles of the window").at_least(1).otherwise(1),
       Key::integer("iterations", "of Gauss-Newton, at most").at_least(1).otherwise(10),
       Key::real("tolerance", "of the squared step of the weights over N; 0: all iterations")
           .at_least(0)
           .otherwise(0.0),
       Key::text("form", "transform: runs the ensemble's own spread; bundle: finite differences")
           .one_of({"transform", "bundle"})
           .otherwise("transform"),
       Key::real("inflation", "factor on the anomalies of the start (not on the variance)")
           .above(0)
           .otherwise(Value(1.0)),
       Key::boolean("rotation", "rotate the anomalies of the start at random, keeping the mean")
           .otherwise(Value(false)),
       Key::real("finite_size",
                 "certainty of the hyper-prior of iEnKS-N, which inflates by itself; 0: none")
           .at_least(0)
           .otherwise(0.0)},
      [](const Section& section, const FilterContext& context) -> std::unique_ptr<IterativeFilter> {
        return std::make_unique<IterativeEnks>(context,
                                               Options{.lag = section.integer("lag"),
                                                       .iterations = section.integer("iterations"),
                                                       .tolerance = section.real("tolerance"),
                                                       .bundle = section.text("form") == "bundle",
                                                       .inflation = section.real("inflation"),
                                                       .rotation = section.boolean("rotation"),
                                                       .finite_size = section.real("finite_size")});
      }};
}

}  // namespace starling::filters
