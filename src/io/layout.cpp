// SPDX-License-Identifier: BSD-3-Clause
#include "io/layout.hpp"

#include "core/error.hpp"
#include "io/disk.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace starling::io {
namespace {

Index count_of(const std::vector<Range>& pieces) {
  Index sum = 0;
  for (const Range& piece : pieces) sum += piece.size();
  return sum;
}

// Datasets of a stripe of a parallel file system or more start at a stripe.
constexpr hsize_t stripe = hsize_t{1} << 20;

Handle access(H5F_libver_t newest = H5F_LIBVER_V18) {
  Handle list(H5Pcreate(H5P_FILE_ACCESS));
  // Not newer than 1.8: a later superblock marks an open file, and a killed run would leave one
  // that no reader opens.
  H5Pset_libver_bounds(list, H5F_LIBVER_V18, newest);
  H5Pset_alignment(list, stripe, stripe);
  // Small writes go to the file at once, and fail there and then.
  H5Pset_sieve_buf_size(list, 0);
#if H5_VERSION_GE(1, 10, 7)
  H5Pset_file_locking(list, false, true);
#endif
  return list;
}

std::vector<hsize_t> extents_of(const std::vector<Index>& extents) {
  return {extents.begin(), extents.end()};
}

// Adds the elements [begin, end) of a row-major array to a selection, as boxes: from axis `axis`
// on, within start/count fixed for the axes before.
void add_boxes(hid_t space, const std::vector<hsize_t>& extents, std::vector<hsize_t>& start,
               std::vector<hsize_t>& count, std::size_t axis, hsize_t begin, hsize_t end) {
  if (begin == end) return;
  hsize_t stride = 1;
  for (std::size_t later = axis + 1; later < extents.size(); ++later) stride *= extents[later];

  const auto add = [&](hsize_t first, hsize_t rows) {
    start[axis] = first;
    count[axis] = rows;
    for (std::size_t later = axis + 1; later < extents.size(); ++later) {
      start[later] = 0;
      count[later] = extents[later];
    }
    H5Sselect_hyperslab(space, H5S_SELECT_OR, start.data(), nullptr, count.data(), nullptr);
  };
  const auto descend = [&](hsize_t row, hsize_t from, hsize_t to) {
    start[axis] = row;
    count[axis] = 1;
    add_boxes(space, extents, start, count, axis + 1, from, to);
  };

  hsize_t first = begin / stride;
  const hsize_t last = end / stride;
  const hsize_t head = begin % stride, tail = end % stride;
  if (first == last) return descend(first, head, tail);
  if (head != 0) descend(first++, head, stride);
  if (first < last) add(first, last - first);
  if (tail != 0) descend(last, 0, tail);
}

}  // namespace

Handle open_alone(const std::string& path, bool write) {
  silence_hdf5();
  const unsigned mode = write ? H5F_ACC_RDWR : H5F_ACC_RDONLY;
  return Handle(H5Fopen(path.c_str(), mode, access(write ? H5F_LIBVER_V18 : H5F_LIBVER_LATEST)));
}

Handle open_together(const std::string& path, MPI_Comm comm) {
  silence_hdf5();
  const Handle list = access();
  H5Pset_fapl_mpio(list, comm, MPI_INFO_NULL);
  H5Pset_all_coll_metadata_ops(list, true);
  return Handle(H5Fopen(path.c_str(), H5F_ACC_RDWR, list));
}

NewFile::NewFile(std::string path, Index bytes) : path_(std::move(path)) {
  silence_hdf5();
  take_space(path_, bytes);
  file_ = Handle(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access()));
  if (file_.valid()) return;
  const std::string why = hdf5_message();
  remove_if_there(path_);
  throw IoError(fmt::format("{}: cannot be created: {}", path_, why));
}

NewFile::~NewFile() {
  if (file_.valid()) discard();
}

void NewFile::finish() {
  if (H5Fflush(file_, H5F_SCOPE_LOCAL) < 0) {
    const std::string why = hdf5_message();
    discard();
    throw IoError(fmt::format("{}: cannot be written: {}", path_, why));
  }
  file_.close();
  take_space(path_);
}

void NewFile::discard() {
  abandon(file_);
  remove_if_there(path_);
}

void abandon(Handle& file) {
  // What the library still wants to write goes to memory, where it fits.
  void* descriptor = nullptr;
  const int memory = memfd_create("starling", MFD_CLOEXEC);
  if (memory >= 0 && H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor) >= 0) {
    dup2(memory, *static_cast<int*>(descriptor));
  }
  if (memory >= 0) ::close(memory);
  file.close();
}

void require_done(bool done, const std::string& path, const std::string& what) {
  if (!done) throw IoError(fmt::format("{}: {}: {}", path, what, hdf5_message()));
}

Handle make_dataset(const Handle& file, const std::string& name, hid_t type,
                    const std::vector<Index>& extents) {
  const auto sizes = extents_of(extents);
  const Handle space(extents.empty()
                         ? H5Screate(H5S_SCALAR)
                         : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr));
  const Handle links(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_create_intermediate_group(links, 1);
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_layout(creation, H5D_CONTIGUOUS);
  H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
  H5Pset_obj_track_times(creation, false);
  return Handle(H5Dcreate2(file, name.c_str(), type, space, links, creation, H5P_DEFAULT));
}

Handle make_group(const Handle& file, const std::string& name) {
  return Handle(H5Gcreate2(file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

Handle text_type(Index capacity) {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, static_cast<std::size_t>(std::max<Index>(capacity, 1)));
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

bool set_text(const Handle& object, const std::string& name, const std::string& value) {
  const Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  const Handle space(H5Screate(H5S_SCALAR));
  const Handle attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
  const char* text = value.c_str();
  return attribute.valid() && H5Awrite(attribute, type, &text) >= 0;
}

bool set_integer(const Handle& object, const std::string& name, std::int64_t value) {
  const Handle space(H5Screate(H5S_SCALAR));
  const Handle attribute(
      H5Acreate2(object, name.c_str(), H5T_NATIVE_INT64, space, H5P_DEFAULT, H5P_DEFAULT));
  return attribute.valid() && H5Awrite(attribute, H5T_NATIVE_INT64, &value) >= 0;
}

Handle select_frames(const std::vector<Index>& extents, Range frames,
                     const std::vector<Range>& mine) {
  const auto sizes = extents_of(extents);
  Handle space(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr));
  H5Sselect_none(space);
  if (frames.size() == 0 || count_of(mine) == 0) return space;
  std::vector<hsize_t> start(sizes.size()), count(sizes.size());
  start[0] = static_cast<hsize_t>(frames.begin);
  count[0] = static_cast<hsize_t>(frames.size());
  if (sizes.size() == 1) {
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
  } else {
    for (const Range& piece : mine)
      if (piece.size() > 0)
        add_boxes(space, sizes, start, count, 1, static_cast<hsize_t>(piece.begin),
                  static_cast<hsize_t>(piece.end));
  }
  return space;
}

Handle flat_space(Index count) {
  const auto size = static_cast<hsize_t>(std::max<Index>(count, 1));
  Handle space(H5Screate_simple(1, &size, nullptr));
  if (count == 0) H5Sselect_none(space);
  return space;
}

bool write_share(const Handle& dataset, hid_t type, const std::vector<Index>& extents, Range frames,
                 const std::vector<Range>& mine, const void* data) {
  if (frames.size() == 0 || count_of(mine) == 0) return true;
  const Handle space = select_frames(extents, frames, mine);
  const Handle memory = flat_space(frames.size() * count_of(mine));
  return dataset.valid() && H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, data) >= 0;
}

bool write_whole(const Handle& dataset, hid_t type, const void* data) {
  return dataset.valid() && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
}

}  // namespace starling::io
