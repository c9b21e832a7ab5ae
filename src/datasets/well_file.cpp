// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/well_file.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "datasets/well_structure.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"
#include "io/layout.hpp"

#include <filesystem>
#include <system_error>

namespace starling::datasets {

std::string group_of(int order) { return fmt::format("t{}_fields", order); }

Real WellLayout::bytes() const {
  Real sum = 0;
  for (const Field& field : fields)
    sum += static_cast<Real>(sizeof(float)) * static_cast<Real>(frame_size(field)) *
           static_cast<Real>(frames()) * static_cast<Real>(trajectories);
  return sum;
}

WellFile::WellFile(MPI_Comm comm, std::string path, WellLayout layout)
    : comm_(comm), path_(std::move(path)), part_(path_ + ".part"), layout_(std::move(layout)) {}

void WellFile::create() {
  io::on_root(comm_, [&] {
    std::error_code failure;
    const auto folder = std::filesystem::path(path_).parent_path();
    std::filesystem::create_directories(folder, failure);
    require(!failure, "{}: cannot be made: {}", folder.string(), failure.message());
    make_well_file(part_, layout_);
  });
  std::string problem;
  // Pages are of a format that is newer than that of other results.
  constexpr H5F_libver_t newest = H5F_LIBVER_V110;
  file_ = size_of(comm_) == 1 ? io::open_alone(part_, true, newest)
                              : io::open_together(part_, comm_, newest);
  if (!file_.valid()) problem = part_ + ": cannot be opened again: " + io::hdf5_message();
  io::agree(comm_, problem);
  for (const Field& field : layout_.fields)
    fields_.emplace_back(
        H5Dopen2(file_, (group_of(field.order) + "/" + field.name).c_str(), H5P_DEFAULT));
}

void WellFile::write(std::size_t field, Index trajectory, Index frame, const float* numbers) {
  const io::Handle& dataset = fields_[field];
  const io::Handle space(H5Dget_space(dataset));
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank)), start(extents.size(), 0);
  H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  start[0] = static_cast<hsize_t>(trajectory);
  start[1] = static_cast<hsize_t>(frame);
  extents[0] = extents[1] = 1;
  H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, extents.data(), nullptr);
  const io::Handle memory = io::flat_space(layout_.frame_size(layout_.fields[field]));
  io::require_done(H5Dwrite(dataset, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, numbers) >= 0,
                   part_, "cannot be written");
}

void WellFile::close() {
  std::string problem;
  for (io::Handle& field : fields_)
    if (!field.close()) problem = part_ + ": cannot be written: " + io::hdf5_message();
  if (file_.valid() && H5Fflush(file_, H5F_SCOPE_LOCAL) < 0)
    problem = part_ + ": cannot be written: " + io::hdf5_message();
  if (!file_.close()) problem = part_ + ": cannot be closed: " + io::hdf5_message();
  io::agree(comm_, problem);
  io::on_root(comm_, [&] {
    io::bring_to_storage(part_);
    io::rename_file(part_, path_);
  });
}

void WellFile::discard() {
  for (io::Handle& field : fields_) field.close();
  file_.close();
  io::remove_if_there(part_);
}

}  // namespace starling::datasets
