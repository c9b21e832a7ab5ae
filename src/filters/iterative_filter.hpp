// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/filter.hpp"

namespace starling::filters {

/// What the forecast makes of an ensemble at the start of a window, for filters that ask more than
/// once. Collective.
class WindowForecast {
 public:
  virtual ~WindowForecast() = default;
  /// Runs Window::start, as it now is, to the analysis: Window::end, and what the observations see
  /// of it (members x my observations, until the next call). Throws NumericalError on every rank
  /// if a member blows up.
  virtual ConstRows run() = 0;
};

/// One analysis of an iterative filter: the ensemble at the start of a window of several cycles and
/// at its end, where the observations are. Shares and order as in Analysis.
struct Window {
  Rows start;          ///< members x my dofs; becomes the smoothed ensemble
  Rows end;            ///< members x my dofs: the forecast of `start`; becomes the analysis
  ConstRows observed;  ///< members x my observations: H applied to each member of `end`
  WindowForecast& forecast;
  const Real* value;     ///< my observations
  const Real* variance;  ///< their error variances, > 0; may be infinite
  Index first_observation;
  Index observations;  ///< of all ranks
  Index cycle;
};

/// A filter that looks for the ensemble at the start of a window whose forecast fits the
/// observations at its end. analyse() is collective, gives the same bits for any number of ranks
/// and allocates nothing. Without observations it changes nothing. Throws NumericalError as Filter.
class IterativeFilter {
 public:
  virtual ~IterativeFilter() = default;
  /// Cycles of a window, >= 1: it starts at the analysis so many before, or at the start of the
  /// run.
  virtual Index lag() const = 0;
  virtual Report analyse(const Window& window) = 0;
  /// Bytes of workspace on this rank.
  virtual Real bytes() const { return 0; }
};

}  // namespace starling::filters
