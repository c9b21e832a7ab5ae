// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"
#include "datasets/field.hpp"

#include <mpi.h>

#include <string>
#include <utility>
#include <vector>

namespace starling::datasets {

/// Numbers beside the fields, in a group of their own: of each trajectory a row.
struct Extra {
  std::string name;            ///< "probes/u"
  std::vector<Index> extents;  ///< of one trajectory
  std::string long_name, units;

  Index size() const;
};

/// What one file of The Well's format (ohana2024) holds: trajectories of one parameter set.
struct WellLayout {
  std::string name;  ///< of the data set
  Domain grid;
  std::vector<Real> times;
  Index trajectories = 1;
  std::vector<Field> fields;
  /// The same for all trajectories: root attributes, and scalars.
  std::vector<std::pair<std::string, Real>> parameters;
  /// One value a trajectory.
  std::vector<std::pair<std::string, std::vector<Real>>> scalars;
  std::vector<Extra> extras;
  /// One value a frame, of all trajectories together.
  std::vector<std::pair<std::string, std::vector<Real>>> series;
  /// Further root attributes.
  std::vector<std::pair<std::string, std::string>> texts;
  /// Texts of /provenance. Nothing here may change from run to run, or files would.
  std::vector<std::pair<std::string, std::string>> provenance;

  Index frames() const { return static_cast<Index>(times.size()); }
  /// Single-precision numbers of one frame of one trajectory.
  Index frame_size(const Field& field) const { return grid.points() * field.elements(); }
  /// Of all fields.
  Real bytes() const;
};

/// Writes one file: t0_fields, t1_fields and t2_fields of (trajectory, time, x[, y[, z]][, element
/// [, element]]) in single precision, chunked by frame, in pages, all space taken at once. The same
/// numbers make the same bytes, whoever writes them.
///
/// One rank makes the structure and closes the file. Then each rank writes the numbers it has where
/// HDF5 has put their chunks, by the operating system alone: nothing is to be agreed about, no call
/// can hang where the disk is full, and frames of a trajectory that follow one another are brought
/// to the file together.
///
///     WellFile file(comm, "data/train/qg_hf256_000000.hdf5", layout);
///     file.create();                           // collective; PATH.part
///     file.write(field, trajectory, frame, numbers);   // whoever has them
///     file.close();                            // collective; then PATH is there
class WellFile {
 public:
  WellFile(MPI_Comm comm, std::string path, WellLayout layout);
  WellFile(const WellFile&) = delete;
  WellFile& operator=(const WellFile&) = delete;
  ~WellFile();

  const std::string& path() const { return path_; }
  const WellLayout& layout() const { return layout_; }

  /// Collective. Throws InputError for what the user can mend, IoError for a full disk.
  void create();
  /// frame_size() numbers of one frame, [x][y][z][element]. Not collective. Throws IoError.
  void write(std::size_t field, Index trajectory, Index frame, const float* numbers);
  /// Extra::size() numbers of one trajectory. Not collective. Throws IoError.
  void write_extra(std::size_t extra, Index trajectory, const double* numbers);
  /// Brings all to the storage and gives it its name. Collective. Throws IoError on every rank.
  void close();
  /// Removes what is not finished. For one rank.
  void discard();

 private:
  /// Frames of one trajectory that wait to be written.
  struct Waiting {
    Index first = 0;  // number of the first of them, over all trajectories
    std::vector<float> numbers{};
  };
  /// Where the numbers of a dataset are.
  struct Block {
    Index offset = 0;            // of its first byte in the file
    Index frame = 0, chunk = 0;  // numbers of a frame, and of a chunk of it
    Index chunks = 0;            // of a frame
    std::vector<Waiting> waiting{};

    Index padded() const { return chunk * chunks; }
  };

  std::vector<Index> find_offsets() const;
  void put(Block& block, Index trajectory, Index frame, const float* numbers);
  void flush(const Block& block, Waiting& waiting) const;
  void write_at(const Block& block, Index frame, const float* numbers, Index count) const;
  void flush();

  MPI_Comm comm_;
  std::string path_, part_;
  WellLayout layout_;
  int descriptor_ = -1;
  std::vector<Block> blocks_;  // of the fields, then of the extras
  Index most_waiting_ = 0;     // numbers of a dataset and trajectory
};

/// The group that fields of an order are in: "t0_fields".
std::string group_of(int order);

}  // namespace starling::datasets
