// SPDX-License-Identifier: BSD-3-Clause
#include "io/checkpoint_content.hpp"

#include "core/error.hpp"
#include "io/hash.hpp"
#include "io/hdf5.hpp"
#include "io/layout.hpp"

#include <algorithm>
#include <bit>

namespace starling::io {
namespace {

constexpr std::int64_t checkpoint_version = 1;

template <class T>
std::uint64_t hash_of(const T& values, std::uint64_t seed) {
  return hash_bytes(values.data(), values.size() * sizeof(values[0]), seed);
}

void store(const Handle& file, const std::string& path, const std::string& name, hid_t type,
           const std::vector<Index>& extents, const void* data) {
  Handle dataset = make_dataset(file, name, type, extents);
  const bool empty = std::find(extents.begin(), extents.end(), 0) != extents.end();
  const bool done = dataset.valid() && (empty || write_whole(dataset, type, data));
  require_done(dataset.close() && done, path, name + " cannot be written");
}

}  // namespace

std::uint64_t CheckpointContent::hash() const {
  std::uint64_t hash = 0;
  for (const auto& [name, value] : texts) hash = hash_of(value, hash_of(name, hash));
  for (const auto& [name, values] : integers) hash = hash_of(values, hash_of(name, hash));
  for (const auto& [name, values] : reals) hash = hash_of(values, hash_of(name, hash));
  for (const auto& [name, block] : blocks) {
    const std::vector<std::uint64_t> numbers = {static_cast<std::uint64_t>(block.rows),
                                                static_cast<std::uint64_t>(block.width),
                                                block.hash};
    hash = hash_of(numbers, hash_of(name, hash));
  }
  return hash;
}

void CheckpointContent::write(const std::string& path) const {
  Index bytes = 0;
  for (const auto& [name, block] : blocks) {
    bytes += block.rows * block.width * static_cast<Index>(sizeof(Real));
  }
  NewFile made(path, bytes);
  const Handle& file = made.handle();
  const bool described = set_integer(file, "starling_checkpoint", checkpoint_version) &&
                         set_integer(file, "hash", static_cast<std::int64_t>(hash()));
  require_done(described, path, "attributes cannot be written");
  for (const auto& [name, value] : texts) {
    store(file, path, "/text/" + name, text_type(static_cast<Index>(value.size())), {},
          value.c_str());
  }
  for (const auto& [name, values] : integers) {
    const auto size = static_cast<Index>(values.size());
    store(file, path, "/integers/" + name, H5T_NATIVE_INT64, {size}, values.data());
  }
  for (const auto& [name, values] : reals) {
    const auto size = static_cast<Index>(values.size());
    store(file, path, "/reals/" + name, H5T_NATIVE_DOUBLE, {size}, values.data());
  }
  for (const auto& [name, block] : blocks) {
    const Handle dataset =
        make_dataset(file, "/rows/" + name, H5T_NATIVE_DOUBLE, {block.rows, block.width});
    const bool done =
        dataset.valid() && set_integer(dataset, "hash", static_cast<std::int64_t>(block.hash));
    require_done(done, path, name + " cannot be made");
  }
  made.finish();
}

CheckpointContent CheckpointContent::read(const std::string& path) {
  const File file = File::open(path);
  require(file.has_attribute("/", "starling_checkpoint"), "{}: not a checkpoint", path);
  const std::int64_t version = file.integer_attribute("/", "starling_checkpoint");
  require(version == checkpoint_version, "{}: a checkpoint of version {}; this program reads {}",
          path, version, checkpoint_version);
  CheckpointContent content;
  for (const std::string& name : file.datasets("/text")) {
    content.texts[name] = file.read_text("/text/" + name);
  }
  for (const std::string& name : file.datasets("/integers")) {
    content.integers[name] = file.read_integers("/integers/" + name);
  }
  for (const std::string& name : file.datasets("/reals")) {
    content.reals[name] = file.read_reals("/reals/" + name);
  }
  for (const std::string& name : file.datasets("/rows")) {
    const auto shape = file.shape("/rows/" + name);
    require(shape.size() == 2, "{}: {} is no block of rows", path, name);
    const std::int64_t hash = file.integer_attribute("/rows/" + name, "hash");
    content.blocks[name] = {shape[0], shape[1], static_cast<std::uint64_t>(hash)};
  }
  const auto stored = static_cast<std::uint64_t>(file.integer_attribute("/", "hash"));
  require(stored == content.hash(), "{}: the checkpoint is damaged", path);
  return content;
}

std::uint64_t hash_rows(const Real* rows, Index first, Index count, const Columns& columns) {
  std::uint64_t sum = 0;
  for (Index i = 0; i < count; ++i)
    for (const Range& piece : columns.pieces()) {
      const auto place = static_cast<std::uint64_t>((first + i) * columns.all() + piece.begin);
      for (Index j = 0; j < piece.size(); ++j)
        sum +=
            hash_at(std::bit_cast<std::uint64_t>(rows[j]), place + static_cast<std::uint64_t>(j));
      rows += piece.size();
    }
  return sum;
}

std::uint64_t hash_stored_rows(const std::string& path, const std::string& name, Range rows,
                               Index width) {
  constexpr Index piece_reals = Index{1} << 20;
  const File file = File::open(path);
  const Index piece = std::max<Index>(1, piece_reals / std::max<Index>(1, width));
  std::vector<Real> values(static_cast<std::size_t>(std::min(piece, rows.size()) * width));
  std::uint64_t sum = 0;
  for (Index first = rows.begin; first < rows.end; first += piece) {
    const Range some = {first, std::min(first + piece, rows.end)};
    file.read_reals(values.data(), "/rows/" + name, some);
    sum += hash_rows(values.data(), first, some.size(), Columns(width));
  }
  return sum;
}

}  // namespace starling::io
