// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/error.hpp"
#include "core/stop.hpp"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace starling::campaigns {

/// How all ranks of a campaign decide together, between steps, whether to go on.
class Control {
 public:
  struct Verdict {
    bool stop = false;        ///< a signal or the time limit, on any rank: checkpoint, then end
    bool checkpoint = false;  ///< it is time for one
    bool flush = false;       ///< it is time to bring buffered output to the file
    bool refresh = false;     ///< it is time to tell the user how far the run is
  };

  Control(MPI_Comm world, std::optional<Real> max_wall, Real checkpoint_seconds);

  /// The same verdict on every rank. If a rank brings a failure, every rank throws NumericalError:
  /// that rank with the text, the others with an empty one. Collective.
  Verdict agree(const std::string& failure = "");

  /// Calls advance(count), which returns a failure or "", until `step` is `target`, agreeing often
  /// enough that a stop is heeded soon. Returns all that became due; after a stop `step` may be
  /// short of `target`. After a failure all ranks call rescue(), which brings what is buffered to
  /// the file, before they throw. Collective.
  template <class Advance, class Rescue>
  Verdict run_to(Index& step, Index target, const Advance& advance, const Rescue& rescue) {
    Verdict due;
    while (step < target && !due.stop) {
      const auto start = Clock::now();
      const Index count = std::min(chunk_ > 0 ? chunk_ : 1, target - step);
      const std::string failure = advance(count);
      step += count;
      Verdict now;
      try {
        now = agree(failure);
      } catch (const NumericalError&) {
        rescue();
        throw;
      }
      due = {now.stop, due.checkpoint || now.checkpoint, due.flush || now.flush,
             due.refresh || now.refresh};
      if (chunk_ == 0) choose_chunk(std::chrono::duration<Real>(Clock::now() - start).count());
    }
    return due;
  }

  /// Whether this rank heard a signal or ran out of time.
  bool stop_requested() const { return stop_.requested(); }
  /// The error that ends a stopped run once its checkpoint is written.
  Error stopped(const std::string& progress, const std::string& checkpoint) const;

 private:
  using Clock = std::chrono::steady_clock;
  void choose_chunk(Real seconds_a_step);

  MPI_Comm world_;
  bool root_;
  StopRequest stop_;
  Real checkpoint_seconds_;
  Index chunk_ = 0;  // steps between two agreements; 0 = not known yet
  Clock::time_point last_checkpoint_, last_flush_, last_refresh_;
};

}  // namespace starling::campaigns
