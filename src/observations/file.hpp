// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "io/hdf5.hpp"
#include "io/provenance.hpp"
#include "io/series_file.hpp"
#include "observations/batch.hpp"

#include <mpi.h>

#include <string>
#include <vector>

/// An observation file is HDF5 with, of one length, the batches
///     /time            time of the batch, strictly ascending [time units of the model]
///     /offset          observations of earlier batches, an integer
///     /count           observations of this one, an integer, also 0
/// and, of another length, all observations in the order of the batches
///     /location        coordinate in the domain [length units of the model]
///     /kind            what is measured, an integer: see observations/kinds.hpp
///     /value           finite, or not a number where it is missing
///     /error_variance  of independent Gaussian errors, > 0
/// and, where there are averages,
///     /extent          width of their boxes [length units of the model]; ignored for other kinds
/// A file from elsewhere needs nothing more. Files written here also carry provenance.
namespace starling::observations {

/// Writes the batches of an experiment as it goes on: PATH.part, which becomes PATH when all is
/// done.
///
///     Writer writer(world, "observations.h5", provenance, cycles, twin.size());
///     writer.create(force);              // or writer.resume(next) after a restart
///     for (...) writer.append(batch);    // every rank brings the same batch
///     writer.commit();
///
/// Everything but next() and append() is collective; append() is now and then. Throws InputError
/// for what the user can mend, IoError for a write that failed, on all ranks.
class Writer {
 public:
  /// For exactly `batches` batches with up to `observations` observations in all.
  Writer(MPI_Comm comm, const std::string& path, const io::Provenance& provenance, Index batches,
         Index observations);

  void create(bool force) { file_.create(force); }
  /// Goes on with the PATH.part of an interrupted run: `next` is what next() said then.
  void resume(const std::vector<Index>& next);

  /// The next batch. Its `first` is not looked at.
  void append(const Batch& batch);

  /// What a checkpoint keeps: batches and observations appended. The same on all ranks.
  std::vector<Index> next() const { return {batches_, observations_}; }
  /// Returns when the storage has all that was appended: before a checkpoint is committed.
  void sync() { file_.sync(); }
  void commit() { file_.commit(); }

 private:
  io::SeriesFile file_;
  io::Series time_, offset_, count_, location_, kind_, extent_, value_, variance_;
  Index batches_ = 0, observations_ = 0;
};

/// The batches of an observation file, ours or anybody's. All is checked at construction:
/// InputError "path: observation i at time t: what; allowed: ..." for a file that is missing,
/// truncated or of another kind, for lengths that do not agree, times that do not ascend, numbers
/// that are not finite, variances that are not positive, kinds that nobody knows and locations
/// outside `domain`.
class Reader {
 public:
  /// Collective on `comm`.
  Reader(MPI_Comm comm, const std::string& path, const Domain& domain);

  const std::string& path() const { return file_.path(); }
  Index batches() const { return static_cast<Index>(times_.size()); }
  Real time(Index n) const { return times_.at(static_cast<std::size_t>(n)); }
  Index size(Index n) const { return counts_.at(static_cast<std::size_t>(n)); }
  /// The largest size().
  Index max_size() const;

  /// Batch number n. Reads ahead, so that going forward is fast. Collective.
  void read(Batch& out, Index n);

 private:
  void check_index();
  void check(const Batch& batch) const;
  void load(Index n);

  io::File file_;
  Domain domain_;
  bool has_extent_;
  std::vector<Real> times_;
  std::vector<std::int64_t> offsets_, counts_;
  Range loaded_{};  // observations in memory
  std::vector<Real> location_, kind_, extent_, value_, variance_;
};

}  // namespace starling::observations
