// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/well_file.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "datasets/well_structure.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"
#include "io/layout.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

// HDF5 stores single precision as this machine has it, little-endian IEEE 754.
static_assert(sizeof(float) == 4);

namespace starling::datasets {
namespace {

// Numbers of all datasets and trajectories that wait together: 16 MiB.
constexpr Index all_waiting = Index{1} << 22;
// Frames of so many numbers, 64 KiB, are worth a call of their own.
constexpr Index large_frame = Index{1} << 14;

}  // namespace

std::string group_of(int order) { return fmt::format("t{}_fields", order); }

Index Extra::size() const {
  Index product = 1;
  for (const Index extent : extents) product *= extent;
  return product;
}

Real WellLayout::bytes() const {
  Real sum = 0;
  for (const Extra& extra : extras)
    sum += static_cast<Real>(sizeof(float)) * static_cast<Real>(extra.size() * trajectories);
  for (const Field& field : fields)
    sum += static_cast<Real>(sizeof(float)) * static_cast<Real>(frame_size(field)) *
           static_cast<Real>(frames()) * static_cast<Real>(trajectories);
  return sum;
}

WellFile::WellFile(MPI_Comm comm, std::string path, WellLayout layout)
    : comm_(comm), path_(std::move(path)), part_(path_ + ".part"), layout_(std::move(layout)) {}

WellFile::~WellFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void WellFile::create() {
  std::vector<Index> offsets;
  io::on_root(comm_, [&] {
    std::error_code failure;
    const auto folder = std::filesystem::path(path_).parent_path();
    std::filesystem::create_directories(folder, failure);
    require(!failure, "{}: cannot be made: {}", folder.string(), failure.message());
    make_well_file(part_, layout_);
    offsets = find_offsets();
  });
  offsets.resize(layout_.fields.size() + layout_.extras.size());
  STARLING_MPI(MPI_Bcast(offsets.data(), static_cast<int>(offsets.size()), MPI_INT64_T, 0, comm_));
  for (std::size_t f = 0; f < layout_.fields.size(); ++f) {
    const Chunks chunks = chunks_of(layout_, layout_.fields[f]);
    blocks_.push_back(
        {offsets[f], layout_.frame_size(layout_.fields[f]), chunks.size, chunks.count});
  }
  for (std::size_t e = 0; e < layout_.extras.size(); ++e) {
    const Index size = layout_.extras[e].size();
    blocks_.push_back({offsets[layout_.fields.size() + e], size, size, 1});
  }
  for (Block& block : blocks_) block.waiting.resize(static_cast<std::size_t>(layout_.trajectories));
  most_waiting_ =
      all_waiting / (static_cast<Index>(blocks_.size()) * std::max<Index>(1, layout_.trajectories));
  descriptor_ = ::open(part_.c_str(), O_WRONLY);
  io::agree(comm_, descriptor_ < 0 ? fmt::format("{}: cannot be opened again: {}", part_,
                                                 std::generic_category().message(errno))
                                   : "");
}

// Where HDF5 has put the chunks of each dataset. For one rank.
std::vector<Index> WellFile::find_offsets() const {
  std::vector<std::string> names;
  for (const Field& field : layout_.fields)
    names.push_back(group_of(field.order) + "/" + field.name);
  for (const Extra& extra : layout_.extras) names.push_back(extra.name);
  const io::Handle file = io::open_alone(part_, false);
  io::require_done(file.valid(), part_, "cannot be opened again");
  std::vector<Index> offsets;
  for (const std::string& name : names) {
    const io::Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT));
    const io::Handle space(H5Dget_space(dataset));
    std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, extents.data(), nullptr);
    // The first chunk and the one of the last frame: all others lie between them, in their order.
    std::vector<hsize_t> place(extents.size(), 0);
    haddr_t first = HADDR_UNDEF, last = HADDR_UNDEF;
    hsize_t bytes = 0;
    unsigned mask = 0;
    H5Dget_chunk_info_by_coord(dataset, place.data(), &mask, &first, &bytes);
    place[0] = extents[0] - 1;
    hsize_t frames = extents[0];
    Index chunks = 1;
    if (offsets.size() < layout_.fields.size()) {
      place[1] = extents[1] - 1;
      frames *= extents[1];
      chunks = chunks_of(layout_, layout_.fields[offsets.size()]).count;
    }
    H5Dget_chunk_info_by_coord(dataset, place.data(), &mask, &last, &bytes);
    STARLING_ASSERT(first != HADDR_UNDEF &&
                    last == first + (frames - 1) * static_cast<hsize_t>(chunks) * bytes);
    offsets.push_back(static_cast<Index>(first));
  }
  return offsets;
}

void WellFile::write(std::size_t field, Index trajectory, Index frame, const float* numbers) {
  put(blocks_[field], trajectory, trajectory * layout_.frames() + frame, numbers);
}

void WellFile::write_extra(std::size_t extra, Index trajectory, const double* numbers) {
  Block& block = blocks_[layout_.fields.size() + extra];
  std::vector<float> single(static_cast<std::size_t>(block.frame));
  for (std::size_t i = 0; i < single.size(); ++i) single[i] = static_cast<float>(numbers[i]);
  put(block, trajectory, trajectory, single.data());
}

// Frames that do not follow the waiting ones, or have no room, send these off; large ones do not
// wait.
void WellFile::put(Block& block, Index trajectory, Index frame, const float* numbers) {
  Waiting& waiting = block.waiting[static_cast<std::size_t>(trajectory)];
  const auto count = static_cast<Index>(waiting.numbers.size());
  if (count > 0 && (frame != waiting.first + count / block.padded() ||
                    count + block.padded() > most_waiting_))
    flush(block, waiting);
  if (block.frame >= large_frame && block.frame == block.padded())
    return write_at(block, frame, numbers, block.frame);
  if (waiting.numbers.empty()) waiting.first = frame;
  waiting.numbers.insert(waiting.numbers.end(), numbers, numbers + block.frame);
  waiting.numbers.resize(
      waiting.numbers.size() + static_cast<std::size_t>(block.padded() - block.frame), 0.0F);
}

void WellFile::flush(const Block& block, Waiting& waiting) const {
  write_at(block, waiting.first, waiting.numbers.data(),
           static_cast<Index>(waiting.numbers.size()));
  waiting.numbers.clear();
}

void WellFile::write_at(const Block& block, Index frame, const float* numbers, Index count) const {
  const char* at = reinterpret_cast<const char*>(numbers);
  std::size_t left = static_cast<std::size_t>(count) * sizeof(float);
  off_t place = block.offset + frame * block.padded() * static_cast<Index>(sizeof(float));
  while (left > 0) {
    const ssize_t written = ::pwrite(descriptor_, at, left, place);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      throw IoError(fmt::format("{}: cannot be written: {}", part_,
                                std::generic_category().message(errno)));
    at += written;
    left -= static_cast<std::size_t>(written);
    place += written;
  }
}

void WellFile::flush() {
  for (Block& block : blocks_)
    for (Waiting& waiting : block.waiting) flush(block, waiting);
  if (::fsync(descriptor_) != 0)
    throw IoError(fmt::format("{}: cannot be brought to the storage: {}", part_,
                              std::generic_category().message(errno)));
  ::close(descriptor_);
  descriptor_ = -1;
}

void WellFile::close() {
  io::together(comm_, [&] { flush(); });
  io::on_root(comm_, [&] { io::rename_file(part_, path_); });
}

void WellFile::discard() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  io::remove_if_there(part_);
}

}  // namespace starling::datasets
