// SPDX-License-Identifier: BSD-3-Clause
#include "io/checkpoint.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process_grid.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"
#include "io/hdf5.hpp"
#include "io/layout.hpp"

#include <algorithm>
#include <utility>

namespace starling::io {
namespace {

std::string previous_of(const std::string& path) { return path + ".previous"; }
std::string temporary_of(const std::string& path) { return path + ".tmp"; }

template <class T>
const T& find(const std::map<std::string, T>& things, const std::string& name,
              const std::string& path) {
  const auto found = things.find(name);
  require(found != things.end(), "{}: the checkpoint has no {}", path, name);
  return found->second;
}

}  // namespace

CheckpointWriter::CheckpointWriter(MPI_Comm comm, std::string path)
    : comm_(comm), path_(std::move(path)) {}

void CheckpointWriter::text(const std::string& name, std::string value) {
  STARLING_ASSERT(value.find('\0') == std::string::npos);
  content_.texts[name] = std::move(value);
}

void CheckpointWriter::integer(const std::string& name, std::int64_t value) {
  content_.integers[name] = {value};
}

void CheckpointWriter::integers(const std::string& name, std::vector<std::int64_t> values) {
  content_.integers[name] = std::move(values);
}

void CheckpointWriter::reals(const std::string& name, std::vector<Real> values) {
  content_.reals[name] = std::move(values);
}

void CheckpointWriter::rows(const std::string& name, Index rows, Index first, ConstRows mine) {
  this->rows(name, rows, first, mine, Columns(width_of(mine)));
}

void CheckpointWriter::rows(const std::string& name, Index rows, Index first, ConstRows mine,
                            Columns columns) {
  STARLING_ASSERT(columns.count() == width_of(mine));
  content_.blocks[name] = {rows, columns.all(), 0};
  mine_[name] = {first, mine, std::move(columns)};
}

void CheckpointWriter::commit() {
  for (auto& [name, block] : content_.blocks) {
    const auto& [first, mine, columns] = mine_.at(name);
    const Index count = rows_of(mine);
    std::uint64_t sums[2] = {hash_rows(mine.data(), first, count, columns),
                             static_cast<std::uint64_t>(count * columns.count())};
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_UINT64_T, MPI_SUM, comm_));
    STARLING_ASSERT(sums[1] == static_cast<std::uint64_t>(block.rows * block.width));
    block.hash = sums[0];
  }
  const std::string temporary = temporary_of(path_);
  try {
    on_root(comm_, [&] { content_.write(temporary); });
    write_blocks(temporary);
    std::string damage;
    if (!Checkpoint::open(comm_, temporary, damage)) throw IoError(damage);
  } catch (const Error&) {
    if (rank_of(comm_) == 0) remove_if_there(temporary);
    throw;
  }
  on_root(comm_, [&] {
    if (exists(path_)) rename_file(path_, previous_of(path_));
    rename_file(temporary, path_);
  });
}

void CheckpointWriter::write_blocks(const std::string& path) const {
  Handle file = open_together(path, comm_);
  agree(comm_, file.valid() ? "" : fmt::format("{}: {}", path, hdf5_message()));
  // A rank that fails goes through the rest with the others, which open and close together.
  std::string failure;
  const auto note = [&](bool done, const std::string& what) {
    if (done || !failure.empty()) return;
    failure = fmt::format("{}: {} cannot be written: {}", path, what, hdf5_message());
  };
  for (const auto& [name, block] : content_.blocks) {
    if (block.rows * block.width == 0) continue;
    const auto& [first, mine, columns] = mine_.at(name);
    const Handle dataset(H5Dopen2(file, ("/rows/" + name).c_str(), H5P_DEFAULT));
    note(write_share(dataset, H5T_NATIVE_DOUBLE, {block.rows, block.width},
                     {first, first + rows_of(mine)}, columns.pieces(), mine.data()),
         name);
  }
  note(file.close(), "the file");
  agree(comm_, failure);
  together(comm_, [&] { bring_to_storage(path); });
}

std::optional<Checkpoint> Checkpoint::open(MPI_Comm comm, const std::string& path,
                                           std::string& damage) {
  Checkpoint candidate(comm, path);
  try {
    // Rank 0 first, so that a file that nobody can read is read by one rank only.
    on_root(comm, [&] { CheckpointContent::read(path); });
    candidate.load();
  } catch (const Error& error) {
    damage = error.what();
    return std::nullopt;
  }
  return candidate;
}

// Each rank checks an even share of every block, whoever will want it.
void Checkpoint::load() {
  std::string failure;
  std::vector<std::uint64_t> sums;
  try {
    content_ = CheckpointContent::read(path_);
    for (const auto& [name, block] : content_.blocks) {
      const Range share = deal(block.rows, size_of(comm_), rank_of(comm_));
      sums.push_back(hash_stored_rows(path_, name, share, block.width));
    }
  } catch (const InputError& error) {
    failure = error.what();
  }
  agree(comm_, failure);
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_UINT64_T,
                             MPI_SUM, comm_));
  auto sum = sums.begin();
  for (const auto& [name, block] : content_.blocks) {
    require(*sum++ == block.hash, "{}: the checkpoint is damaged: {}", path_, name);
  }
}

std::optional<Checkpoint> Checkpoint::newest(MPI_Comm comm, const std::string& path) {
  // Killed between its two renames, the writer leaves a whole .tmp and no `path`.
  const std::string candidates[3] = {path, temporary_of(path), previous_of(path)};
  int there[3] = {exists(candidates[0]), exists(candidates[1]), exists(candidates[2])};
  STARLING_MPI(MPI_Bcast(there, 3, MPI_INT, 0, comm));
  if (there[0] != 0) there[1] = 0;

  std::string damages;
  for (int i = 0; i < 3; ++i) {
    if (there[i] == 0) continue;
    std::string damage;
    if (auto found = open(comm, candidates[i], damage)) {
      if (!damages.empty() && rank_of(comm) == 0) {
        log::warning("{}; going on from {}", damages, found->path());
      }
      return found;
    }
    damages += (damages.empty() ? "" : "; ") + damage;
  }
  // A torn .tmp alone is what a kill in the first checkpoint of a run leaves.
  require(there[0] == 0 && there[2] == 0, "no checkpoint is whole; remove them to start afresh: {}",
          damages);
  return std::nullopt;
}

void Checkpoint::remove(MPI_Comm comm, const std::string& path) {
  on_root(comm, [&] {
    remove_if_there(temporary_of(path));
    remove_if_there(previous_of(path));
    remove_if_there(path);
  });
}

bool Checkpoint::has(const std::string& name) const {
  return content_.texts.count(name) + content_.integers.count(name) + content_.reals.count(name) +
             content_.blocks.count(name) >
         0;
}

const std::string& Checkpoint::text(const std::string& name) const {
  return find(content_.texts, name, path_);
}

std::int64_t Checkpoint::integer(const std::string& name) const {
  const auto& values = integers(name);
  require(values.size() == 1, "{}: {} of the checkpoint is not one integer", path_, name);
  return values[0];
}

const std::vector<std::int64_t>& Checkpoint::integers(const std::string& name) const {
  return find(content_.integers, name, path_);
}

const std::vector<Real>& Checkpoint::reals(const std::string& name) const {
  return find(content_.reals, name, path_);
}

void Checkpoint::rows(const std::string& name, Index rows, Index first, Rows mine) const {
  this->rows(name, rows, first, mine, Columns(width_of(mine)));
}

void Checkpoint::rows(const std::string& name, Index rows, Index first, Rows mine,
                      const Columns& columns) const {
  const auto& block = find(content_.blocks, name, path_);
  require(block.rows == rows && block.width == columns.all(),
          "{}: {} of the checkpoint has {} rows of {}; expected: {} rows of {}", path_, name,
          block.rows, block.width, rows, columns.all());
  std::string failure;
  try {
    const File file = File::open(path_);
    if (columns.is_whole()) {
      file.read_reals(mine.data(), "/rows/" + name, {first, first + rows_of(mine)});
    } else {
      std::vector<Real> whole(static_cast<std::size_t>(block.width));
      Real* out = mine.data();
      for (Index r = first; r < first + rows_of(mine); ++r) {
        file.read_reals(whole.data(), "/rows/" + name, {r, r + 1});
        for (const Range& piece : columns.pieces())
          out = std::copy_n(whole.data() + piece.begin, piece.size(), out);
      }
    }
  } catch (const InputError& error) {
    failure = error.what();
  }
  agree(comm_, failure);
}

}  // namespace starling::io
