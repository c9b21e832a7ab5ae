// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/ensemble_update.hpp"
#include "filters/entry.hpp"
#include "filters/iterative_filter.hpp"
#include "filters/observation_space.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <vector>

namespace starling::filters {

/// Iterative ensemble Kalman smoother (bocquet2014; with lag 1 the iterative filter of sakov2012),
/// in the form that assimilates every observation once. Gauss-Newton minimisation of
///     J(w) = z / 2 w^T w + 1/2 |R^-1/2 (y - H M(x̄ + X^T w))|^2,    z = N - 1,
/// over the weights w of the N members' anomalies X at the start of the window, M the forecast to
/// its end. Iteration: run the ensemble x̄ + X^T w + e T X, e = 1 ("transform") or small
/// ("bundle", finite differences); with S = T^-1 S_run / e and d of ObservationSpace,
///     w <- w + (S S^T + z I)^-1 (S d - z w),    T <- (N - 1)^1/2 (S S^T + z I)^-1/2,
/// until |dw|^2 < tolerance N. At the end the ensemble is x̄ + X^T w + T X at the start; at the
/// analysis it is that of the last run with the last step added linearly, so that one iteration
/// is the ETKF. Then rotation and inflation, of the start.
///
/// finite_size > 0 is the iEnKS-N (bocquet2012): z = (N - 1) c / (e_N + w^T w) at every iteration,
/// with the constants of the hyper-prior, e_N = 1 + 1/N and c = N / (N - 1), both times
/// finite_size and mode-corrected (bocquet2015, eq. 36).
///
/// Cost: iterations x lag cycles of forecast, and for each N^2 (p + n) / ranks + 10 N^3. Memory of
/// a rank: 3 N n / ranks numbers besides the members.
class IterativeEnks : public IterativeFilter {
 public:
  struct Options {
    Index lag = 1;          ///< cycles of the window, >= 1
    Index iterations = 10;  ///< at most, >= 1
    Real tolerance = 0;     ///< of |dw|^2 / N; 0: all iterations
    bool bundle = false;    ///< finite differences rather than the ensemble's own spread
    Real inflation = 1;     ///< factor on the anomalies, > 0
    bool rotation = false;
    Real finite_size = 0;  ///< 0: none
  };

  /// Collective. Throws InputError.
  IterativeEnks(const FilterContext& context, const Options& options);

  Index lag() const override { return options_.lag; }
  Report analyse(const Window& window) override;
  Real bytes() const override;
  static FilterEntry entry();

 private:
  Real prior_precision();
  void condition(Real scale);
  void step(Real precision);
  void set_deviation(Real scale);
  void finish(const Window& window);

  Options options_;
  Index members_;
  ObservationSpace space_;
  linalg::SymmetricEigen eigen_;
  EnsembleUpdate run_, update_;
  linalg::RowCombination combination_;
  linalg::Matrix transform_, last_transform_, inverse_, gram_, product_;  // T - I, T^-1, ...
  std::vector<Real> weights_, step_, innovation_, factors_;
  Array<Real*> start_, background_;  // members x my dofs
};

}  // namespace starling::filters
