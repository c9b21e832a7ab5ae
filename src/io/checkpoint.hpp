// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/types.hpp"
#include "io/checkpoint_content.hpp"

#include <mpi.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace starling::io {

/// Collects what a run needs to go on and writes it as PATH, all or nothing.
///
///     CheckpointWriter checkpoint(world, "run.checkpoint");
///     checkpoint.text("config", config.resolved());
///     checkpoint.integer("cycle", cycle);
///     checkpoint.integers("frames", results.next());
///     checkpoint.reals("inflation", inflation);
///     checkpoint.rows("states", all_states, ensemble.first_state(), ensemble.states());
///     results.sync();
///     checkpoint.commit();
///
/// The file is written under PATH.tmp, brought to the storage, read back and compared with its
/// checksums; then the present PATH becomes PATH.previous and the new one PATH. Killed at any
/// moment, one of the two is whole.
class CheckpointWriter {
 public:
  CheckpointWriter(MPI_Comm comm, std::string path);

  // Small things, the same on all ranks; rank 0's are stored.
  void text(const std::string& name, std::string value);
  void integer(const std::string& name, std::int64_t value);
  void integers(const std::string& name, std::vector<std::int64_t> values);
  void reals(const std::string& name, std::vector<Real> values);

  /// A block of `rows` x width over all ranks, of which this rank brings the rows from `first` on.
  /// `mine` is not copied: it must stay unchanged until commit. The width is the same on all ranks,
  /// also on those that bring no row.
  void rows(const std::string& name, Index rows, Index first, ConstRows mine);
  /// The same of blocks whose columns are shared out, too: the width is columns.all(), of which
  /// `mine` has these.
  void rows(const std::string& name, Index rows, Index first, ConstRows mine, Columns columns);

  /// Throws IoError on every rank if it could not be written; PATH is then as it was. Collective.
  void commit();

 private:
  struct Mine {
    Index first;
    ConstRows rows;
    Columns columns;
  };
  void write_blocks(const std::string& path) const;

  MPI_Comm comm_;
  std::string path_;
  CheckpointContent content_;
  std::map<std::string, Mine> mine_;
};

/// A checkpoint to go on from, on any number of ranks.
///
///     if (auto checkpoint = Checkpoint::newest(world, "run.checkpoint")) {
///       cycle = checkpoint->integer("cycle");
///       checkpoint->rows("states", all_states, ensemble.first_state(), ensemble.states());
///     }
class Checkpoint {
 public:
  /// The newest whole one of PATH and PATH.previous, with a warning if that is not PATH; none if
  /// there is neither file. Throws InputError if there are files but none is whole. Collective.
  static std::optional<Checkpoint> newest(MPI_Comm comm, const std::string& path);

  /// Removes the checkpoints of a run that has ended. Collective.
  static void remove(MPI_Comm comm, const std::string& path);

  /// The file it came from.
  const std::string& path() const { return path_; }

  // What was stored under a name; InputError if there is no such thing. On every rank, without
  // communication.
  bool has(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  std::int64_t integer(const std::string& name) const;
  const std::vector<std::int64_t>& integers(const std::string& name) const;
  const std::vector<Real>& reals(const std::string& name) const;

  /// Fills `mine` with the rows from `first` on. Throws InputError unless the stored block has
  /// `rows` rows of the width of `mine`. Collective.
  void rows(const std::string& name, Index rows, Index first, Rows mine) const;
  /// The same with some columns of a block of columns.all().
  void rows(const std::string& name, Index rows, Index first, Rows mine,
            const Columns& columns) const;

 private:
  friend class CheckpointWriter;
  Checkpoint(MPI_Comm comm, std::string path) : comm_(comm), path_(std::move(path)) {}
  /// None, and what is wrong with it, unless this very file is whole. Collective.
  static std::optional<Checkpoint> open(MPI_Comm comm, const std::string& path,
                                        std::string& damage);
  void load();

  MPI_Comm comm_;
  std::string path_;
  CheckpointContent content_;
};

}  // namespace starling::io
