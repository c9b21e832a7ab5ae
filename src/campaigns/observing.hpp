// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "observations/batch.hpp"
#include "observations/file.hpp"
#include "observations/twin.hpp"

#include <memory>
#include <string>
#include <vector>

namespace starling::campaigns {

/// Where the batches of an experiment come from: a truth, or a file. Analysis n happens at the end
/// of step step(n).
class ObservationSource {
 public:
  virtual ~ObservationSource() = default;
  /// How many analyses there are observations for.
  virtual Index batches() const = 0;
  /// Observations of the largest batch.
  virtual Index max_size() const = 0;
  virtual Index step(Index n) const = 0;
  /// What a file with the first `batches` batches needs.
  virtual observations::Writer::Size file_size(Index batches) const {
    return {batches, batches * max_size()};
  }
  /// The batch of analysis n; `truth` may be null where it is not needed. Collective for files.
  virtual void read(observations::Batch& out, Index n, const Real* truth) = 0;
  /// For messages.
  virtual std::string name() const = 0;
};

/// A twin experiment: a truth observed every `interval` steps, at intervals that are drawn from a
/// range for each analysis, or at intervals of a list, from the beginning again after its end.
class TwinObservations final : public ObservationSource {
 public:
  /// [observations] with source = "twin".
  static const Schema& schema();
  /// `sensors` as the truth has them; `sharing` where several ranks have it.
  TwinObservations(const Section& section, const Domain& domain, Real dt, Index batches,
                   std::uint64_t seed, std::vector<observations::Sensor> sensors = {},
                   const observations::Sharing& sharing = {});
  Index batches() const override { return static_cast<Index>(steps_.size()); }
  Index max_size() const override { return twin_.size(); }
  Index step(Index n) const override { return steps_.at(static_cast<std::size_t>(n)); }
  observations::Writer::Size file_size(Index batches) const override;
  void read(observations::Batch& out, Index n, const Real* truth) override;
  std::string name() const override { return "twin experiment"; }
  const observations::Twin& twin() const { return twin_; }

 private:
  observations::Twin twin_;
  Real dt_;
  std::vector<Index> steps_;
};

/// The batches of an observation file, whose times must be ends of steps, or within
/// `time_tolerance` of one: they are then assimilated at the nearest end, which may be the same for
/// several batches. Every one of `sensors` must have made some of them. Construction is collective.
class FileObservations final : public ObservationSource {
 public:
  /// [observations] with source = "file".
  static const Schema& schema();
  FileObservations(const Section& section, const Domain& domain, Real dt, MPI_Comm world,
                   const std::vector<observations::Sensor>& sensors = {});
  Index batches() const override { return reader_.batches(); }
  Index max_size() const override { return reader_.max_size(); }
  Index step(Index n) const override { return steps_.at(static_cast<std::size_t>(n)); }
  void read(observations::Batch& out, Index n, const Real* truth) override;
  std::string name() const override { return reader_.path(); }

 private:
  observations::Reader reader_;
  std::vector<Index> steps_;
};

}  // namespace starling::campaigns
