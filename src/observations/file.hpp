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
///     /location        coordinates in the domain [length units of the model]: one number in one
///                      dimension, in d dimensions d numbers each, x first
///     /kind            what is measured, an integer: see observations/kinds.hpp
///     /value           finite, or not a number where it is missing
///     /error_variance  of independent Gaussian errors, > 0
/// and, where there are averages,
///     /extent          width of their boxes [length units of the model]; ignored for other kinds
/// where the state has several components,
///     /component       which of them is measured, an integer; the first, 0, if absent
/// where there are sensors (observations/sensors.hpp),
///     /sensor          number of the instrument, an integer; -1: none
/// and, where errors are correlated, of one length, the blocks of all batches,
///     /block_first     its first observation, counted over all batches, an integer; ascending
///     /block_count     its observations, an integer; all of one batch
/// and, of another length, count x count numbers a block, row by row, block by block,
///     /block_covariance  of its errors; symmetric, positive definite, diagonal /error_variance
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
  /// What all batches have together: so many batches, and up to so much of the rest.
  struct Size {
    Index batches, observations;
    Index blocks = 0, covariances = 0;
    bool sensors = false;                      ///< whether there are any
    int dimensions = 1;                        ///< of locations
    std::vector<std::string> components = {};  ///< names of all that the state has; of one if empty
  };
  Writer(MPI_Comm comm, const std::string& path, const io::Provenance& provenance,
         const Size& size);

  void create(bool force) { file_.create(force); }
  /// Goes on with the PATH.part of an interrupted run: `next` is what next() said then.
  void resume(const std::vector<Index>& next);

  /// The next batch. Its `first` is not looked at.
  void append(const Batch& batch);

  /// What a checkpoint keeps: batches and observations appended, and blocks and their entries if
  /// there may be any. The same on all ranks.
  std::vector<Index> next() const;
  /// Returns when the storage has all that was appended: before a checkpoint is committed.
  void sync() { file_.sync(); }
  void commit() { file_.commit(); }

 private:
  bool has_components() const { return size_.components.size() > 1; }
  void append_blocks(const Batch& batch);

  io::SeriesFile file_;
  Size size_;
  io::Series time_, offset_, count_, location_, kind_, extent_, value_, variance_;
  io::Series component_{}, sensor_{}, block_first_{}, block_count_{},
      covariance_{};  // where there are any
  Index batches_ = 0, observations_ = 0, blocks_ = 0, covariances_ = 0;
};

/// The batches of an observation file, ours or anybody's. All is checked at construction:
/// InputError "path: observation i at time t: what; allowed: ..." for a file that is missing,
/// truncated or of another kind, for lengths that do not agree, times that do not ascend, numbers
/// that are not finite, variances that are not positive, kinds that nobody knows, locations outside
/// `domain`, components that it does not have, and blocks that are no covariance of observations of
/// one batch.
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
  /// The numbers of the sensors that there are observations of, ascending.
  const std::vector<std::int32_t>& sensors() const { return sensors_; }

  /// Batch number n. Reads ahead, so that going forward is fast. Collective.
  void read(Batch& out, Index n);

 private:
  Index length(const char* name) const;
  Index locations() const;
  Index written(const char* name, Index all) const;
  void check_index();
  void check_blocks();
  void check(const Batch& batch) const;
  void check_covariances(const Batch& batch) const;
  void note_sensors(const Batch& batch);
  void load(Index n);
  Range blocks_of(Index n) const;
  Range covariances_of(Range blocks) const;
  void read_blocks(Batch& out, Index n);

  io::File file_;
  Domain domain_;
  bool has_component_, has_extent_, has_sensor_;
  std::vector<Real> times_;
  std::vector<std::int64_t> offsets_, counts_;
  std::vector<ErrorBlock> blocks_;  // of the whole file
  std::vector<std::int32_t> sensors_;
  Range loaded_{};              // observations in memory
  Range loaded_covariances_{};  // entries in memory
  std::vector<Real> location_, component_, kind_, extent_, sensor_, value_, variance_, covariance_;
};

}  // namespace starling::observations
