// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/types.hpp"
#include "io/provenance.hpp"

#include <mpi.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace starling::io {

/// Of the schema in docs/files.md: attribute format_version of every result file.
inline constexpr std::int64_t format_version = 1;

/// Name of the number that says how many frames along an axis are complete: "/<axis>_written".
std::string written_name(const std::string& axis);

/// How numbers are stored in a file. In memory they are Real.
enum class Stored { real64, real32, int64 };

/// Elements of a frame, counted row-major: pieces in ascending order.
class Share {
 public:
  Share(Range range = {}) : pieces_{range} {}
  Share(const Columns& columns) : pieces_(columns.pieces()) {}
  explicit Share(std::vector<Range> pieces) : pieces_(std::move(pieces)) {}

  const std::vector<Range>& pieces() const { return pieces_; }
  Index size() const;

 private:
  std::vector<Range> pieces_;
};

/// A dataset that grows frame by frame along an axis: frames x shape in the file.
struct SeriesSpec {
  std::string name;               ///< absolute, "/fields/truth"
  std::vector<Index> shape = {};  ///< of one frame; empty = one number
  /// What this rank brings of a frame; over all ranks it covers the frame once. A single number is
  /// brought by rank 0 whatever is said here.
  Share mine{};
  std::string units = "1";
  std::string long_name = {};
  Stored stored = Stored::real64;
};

/// An array that does not grow: coordinates, histograms, spectra. Brought by rank 0.
struct FixedSpec {
  std::string name;
  std::vector<Index> shape = {};
  std::string units = "1";
  std::string long_name = {};
  Stored stored = Stored::real64;
};

// What was declared in a SeriesFile.
struct Axis {
  int index;
};
struct Series {
  int index;
};
struct Fixed {
  int index;
};
struct Text {
  int index;
};

/// The result file of a run (docs/files.md): one HDF5 file, written by all ranks.
///
/// All extents are declared before the run. `create` lays the whole file out as PATH.part, so that
/// later writes change numbers and never structure: killed at any moment, PATH.part is a readable
/// file, and /<axis>_written says how many frames of an axis are in it. `commit` renames it to
/// PATH.
///
///     SeriesFile file(world, "run.h5", {"assimilate", command_line, seed});
///     const Axis cycles = file.axis("cycles", 20000);
///     const Series time = file.series(cycles, {.name = "/cycles/time", .units = "model time"});
///     const Series mean = file.series(cycles, {.name = "/fields/analysis_mean", .shape = {dofs},
///                                              .mine = my_dofs, .stored = Stored::real32});
///     const Text config = file.text("/config", resolved.size());
///     file.create(force);                     // or file.resume(frames) after a restart
///     file.write(config, resolved);
///     for (Index cycle = 0; ...; ++cycle) {
///       file.put(time, cycle, t);             // every rank puts every frame of every series
///       file.put(mean, cycle, my_share);
///       if (file.full() || some_seconds_passed_on_rank_0_and_all_know) file.flush();
///     }
///     file.commit();
///
/// Errors: what the user can mend is an InputError, a write that failed an IoError; both are thrown
/// on every rank. PATH is never touched before the rename. No file is open between calls, so an
/// object may die at any time without communication; PATH.part then stays.
class SeriesFile {
 public:
  /// Frames are buffered in memory for `buffer_bytes` of whole frames of an axis, at least one.
  SeriesFile(MPI_Comm comm, std::string path, Provenance provenance,
             Index buffer_bytes = Index{16} << 20);

  // Declarations, the same on all ranks but for SeriesSpec::mine; before create or resume.
  Axis axis(const std::string& name, Index length);
  Series series(Axis axis, SeriesSpec spec);
  Fixed fixed(FixedSpec spec);
  /// A text of at most `capacity` bytes, which may be written again and again.
  Text text(const std::string& name, Index capacity);
  /// A text attribute of the whole file.
  void attribute(const std::string& name, const std::string& value);

  /// Makes PATH.part, replacing what an earlier run left there. Throws InputError if PATH exists
  /// and not `force`, or its folder does not; IoError if there is no space for all of it.
  /// Collective.
  void create(bool force);
  /// Goes on with the PATH.part of an interrupted run: next[a] is the frame of axis a to be put
  /// next, at most the frames written. Throws InputError if there is none, or its layout is
  /// another. Collective.
  void resume(const std::vector<Index>& next);

  /// Frame `frame` of a series; frames come in order. `mine` points to SeriesSpec::mine elements in
  /// host memory, which are copied; a rank that brings nothing passes anything. Communicates and
  /// allocates nothing.
  void put(Series series, Index frame, const Real* mine);
  void put(Series series, Index frame, Real value) { put(series, frame, &value); }
  /// Whether the next put may not fit, in which case flush must be called. The same on all ranks.
  bool full() const;

  /// Rank 0's numbers or text, kept until the next flush. Others may pass anything.
  void write(Fixed fixed, const Real* values);
  /// Throws LogicError if the text is longer than its capacity.
  void write(Text text, const std::string& value);

  /// Writes what is buffered. Collective.
  void flush() { write_out(false); }
  /// The same, and returns when the storage has it: before a checkpoint is committed. Collective.
  void sync() { write_out(true); }
  /// sync, then PATH.part becomes PATH. Collective.
  void commit();

  /// Frames complete so far on each axis: what resume wants. The same on all ranks.
  std::vector<Index> next() const;
  /// Of all numbers and texts declared.
  Real bytes() const;
  MPI_Comm comm() const { return comm_; }
  const std::string& path() const { return path_; }
  std::string part_path() const { return path_ + ".part"; }

 private:
  struct AxisState {
    std::string name;
    Index length;
    Index capacity = 0;  // frames a buffer holds
  };
  struct SeriesState {
    SeriesSpec spec;
    int axis;
    Index first = 0, count = 0;  // frames in the buffer
    std::variant<std::vector<double>, std::vector<float>, std::vector<std::int64_t>> buffer = {};
    std::vector<Share> shares = {};  // of every rank
    std::vector<char> whole = {};    // the frames of all ranks on rank 0, if it writes for them
  };
  struct FixedState {
    FixedSpec spec;
    std::vector<Real> values = {};
    bool dirty = false;
  };
  struct TextState {
    std::string name;
    Index capacity;
    std::string value = {};
    bool dirty = false;
  };

  static const void* data_of(const SeriesState& series);
  static Range frames_of(const SeriesState& series);
  static bool shared(const SeriesState& series);
  bool gathered(const SeriesState& series) const;
  std::vector<Index> extents_of(const SeriesState& series) const;
  void share_out(SeriesState& series) const;
  void lay_out(const std::string& path) const;
  void compare_layout(const std::vector<Index>& next) const;
  void make_buffers(const std::vector<Index>& next);
  void write_out(bool durable);
  void gather();
  void write_shares() const;
  void write_own() const;
  Real wall_seconds() const;

  MPI_Comm comm_;
  bool root_;
  std::string path_;
  Provenance provenance_;
  Index buffer_bytes_;
  bool ready_ = false;
  std::vector<AxisState> axes_;
  std::vector<SeriesState> series_;
  std::vector<FixedState> fixed_;
  std::vector<TextState> texts_;
  std::vector<std::pair<std::string, std::string>> attributes_;
  std::chrono::steady_clock::time_point start_;
  Real earlier_wall_ = 0;  // of the runs before a restart [s]
  std::int64_t restarts_ = 0;
};

}  // namespace starling::io
