// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "io/hdf5.hpp"

#include <mpi.h>

#include <cstdint>
#include <string>
#include <vector>

/// How this program's own files are laid out and written. One rank makes the structure; the file is
/// complete and closed before anybody writes numbers into it, and no structure changes later.
namespace starling::io {

/// Opens for one rank; an invalid handle if that fails. Files being written elsewhere may be read.
Handle open_alone(const std::string& path, bool write);
/// Opens for reading and writing through MPI-IO. Collective; may be invalid on some ranks only.
Handle open_together(const std::string& path, MPI_Comm comm);
/// Closes a file that its own rank opened alone and that cannot be written any more.
void abandon(Handle& file);
/// A new file while its structure is made. A file that the library fails to close takes the program
/// down at its end, so this one is always closed well, on a full disk too.
class NewFile {
 public:
  /// Replaces a file of that name; `bytes` of numbers are to have space in it. Throws InputError
  /// for what the user can mend (no such folder, no permission), IoError for the rest (disk full).
  NewFile(std::string path, Index bytes);
  /// Without finish, the file is removed.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  const Handle& handle() const { return file_; }
  /// Writes and closes it, and takes the space of all numbers to come where the file system can: a
  /// disk too small is known before anything is computed. Throws IoError.
  void finish();

 private:
  void discard();

  std::string path_;
  Handle file_;
};

/// Throws IoError "path: what: why" if an HDF5 call returned failure.
void require_done(bool done, const std::string& path, const std::string& what);

/// A dataset of fixed extents whose space in the file is taken at once; groups on the way are made.
/// No extents = one value. May be invalid.
Handle make_dataset(const Handle& file, const std::string& name, hid_t type,
                    const std::vector<Index>& extents);
Handle make_group(const Handle& file, const std::string& name);
/// One text of at most `capacity` bytes, padded with zeros.
Handle text_type(Index capacity);
bool set_text(const Handle& object, const std::string& name, const std::string& value);
bool set_integer(const Handle& object, const std::string& name, std::int64_t value);

/// Elements `mine` (counted row-major in a frame, ascending) of the given frames of a dataset
/// frames x shape; `extents` has the frames first. Nothing is selected if there are no frames or
/// elements.
Handle select_frames(const std::vector<Index>& extents, Range frames,
                     const std::vector<Range>& mine);
/// Memory of `count` elements in a row; with nothing selected if there are none.
Handle flat_space(Index count);

/// This rank's share of some frames of a dataset, frame by frame in memory; nothing if there are no
/// frames or elements. Each rank
/// writes for itself: the collective writes of OpenMPI 4.1 hang on a full disk, or hide it.
bool write_share(const Handle& dataset, hid_t type, const std::vector<Index>& extents, Range frames,
                 const std::vector<Range>& mine, const void* data);
/// The whole dataset, by one rank.
bool write_whole(const Handle& dataset, hid_t type, const void* data);

}  // namespace starling::io
