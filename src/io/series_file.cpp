// SPDX-License-Identifier: BSD-3-Clause
#include "io/series_file.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"
#include "io/layout.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace starling::io {
namespace {

Index product(const std::vector<Index>& shape) {
  return std::accumulate(shape.begin(), shape.end(), Index{1}, std::multiplies<>());
}

hid_t type_of(Stored stored) {
  if (stored == Stored::real32) return H5T_NATIVE_FLOAT;
  return stored == Stored::int64 ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE;
}

Index bytes_of(Stored stored) { return stored == Stored::real32 ? 4 : 8; }

void describe(const Handle& dataset, const std::string& path, const std::string& name,
              const std::string& units, const std::string& long_name) {
  const bool done = dataset.valid() && set_text(dataset, "units", units) &&
                    set_text(dataset, "long_name", long_name);
  require_done(done, path, name + " cannot be made");
}

}  // namespace

Index Share::size() const {
  Index sum = 0;
  for (const Range& piece : pieces_) sum += piece.size();
  return sum;
}

std::string written_name(const std::string& axis) { return fmt::format("/{}_written", axis); }

SeriesFile::SeriesFile(MPI_Comm comm, std::string path, Provenance provenance, Index buffer_bytes)
    : comm_(comm),
      root_(rank_of(comm) == 0),
      path_(std::move(path)),
      provenance_(std::move(provenance)),
      buffer_bytes_(buffer_bytes) {}

Axis SeriesFile::axis(const std::string& name, Index length) {
  STARLING_ASSERT(!ready_ && length >= 0);
  axes_.push_back({name, length});
  return {static_cast<int>(axes_.size()) - 1};
}

Series SeriesFile::series(Axis axis, SeriesSpec spec) {
  STARLING_ASSERT(!ready_ && spec.mine.size() >= 0);
  if (spec.shape.empty()) spec.mine = Range{0, root_ ? 1 : 0};
  for (const Range& piece : spec.mine.pieces())
    STARLING_ASSERT(piece.begin >= 0 && piece.end <= product(spec.shape));
  series_.push_back({std::move(spec), axis.index});
  return {static_cast<int>(series_.size()) - 1};
}

Fixed SeriesFile::fixed(FixedSpec spec) {
  STARLING_ASSERT(!ready_);
  fixed_.push_back({std::move(spec)});
  return {static_cast<int>(fixed_.size()) - 1};
}

Text SeriesFile::text(const std::string& name, Index capacity) {
  STARLING_ASSERT(!ready_);
  texts_.push_back({name, std::max<Index>(capacity, 1)});
  return {static_cast<int>(texts_.size()) - 1};
}

void SeriesFile::attribute(const std::string& name, const std::string& value) {
  STARLING_ASSERT(!ready_);
  attributes_.emplace_back(name, value);
}

void SeriesFile::create(bool force) {
  on_root(comm_, [&] {
    require(force || !exists(path_), "{}: the file exists; --force replaces it", path_);
    require(path_.empty() || path_.back() != '/', "{}: a folder, not a file", path_);
    const std::string fresh = part_path() + ".new";
    lay_out(fresh);
    rename_file(fresh, part_path());
  });
  make_buffers(std::vector<Index>(axes_.size(), 0));
}

void SeriesFile::resume(const std::vector<Index>& next) {
  STARLING_ASSERT(next.size() == axes_.size());
  on_root(comm_, [&] {
    compare_layout(next);
    const File file = File::open(part_path());
    earlier_wall_ = file.read_reals("/provenance/wall_seconds").at(0);
    restarts_ = file.read_integers("/provenance/restarts").at(0) + 1;
  });
  make_buffers(next);
}

const void* SeriesFile::data_of(const SeriesState& series) {
  return std::visit([](const auto& buffer) -> const void* { return buffer.data(); }, series.buffer);
}

Range SeriesFile::frames_of(const SeriesState& series) {
  return {series.first, series.first + series.count};
}

// Whether others than rank 0 bring something.
bool SeriesFile::shared(const SeriesState& series) {
  return series.shares[0].size() < product(series.spec.shape);
}

std::vector<Index> SeriesFile::extents_of(const SeriesState& series) const {
  std::vector<Index> extents = {axes_[series.axis].length};
  extents.insert(extents.end(), series.spec.shape.begin(), series.spec.shape.end());
  return extents;
}

void SeriesFile::lay_out(const std::string& path) const {
  Index bytes = 0;
  for (const SeriesState& series : series_) {
    bytes += product(extents_of(series)) * bytes_of(series.spec.stored);
  }
  NewFile made(path, bytes);
  const Handle& file = made.handle();
  bool done = set_text(file, "starling_verb", provenance_.verb) &&
              set_integer(file, "format_version", format_version);
  for (const auto& [name, value] : attributes_) done = done && set_text(file, name, value);
  {
    const Handle group = make_group(file, "/provenance");
    for (const auto& [name, value] : provenance_attributes(provenance_, size_of(comm_))) {
      done = done && set_text(group, name, value);
    }
  }
  require_done(done, path, "attributes cannot be written");

  describe(make_dataset(file, "/provenance/wall_seconds", H5T_NATIVE_DOUBLE, {}), path,
           "/provenance/wall_seconds", "s", "wall time of the run, restarts included");
  describe(make_dataset(file, "/provenance/restarts", H5T_NATIVE_INT64, {}), path,
           "/provenance/restarts", "1", "how often the run went on from a checkpoint");
  for (const AxisState& axis : axes_) {
    describe(make_dataset(file, written_name(axis.name), H5T_NATIVE_INT64, {}), path,
             written_name(axis.name), "1", "complete frames along " + axis.name);
  }
  for (const SeriesState& series : series_) {
    const SeriesSpec& spec = series.spec;
    const Handle dataset = make_dataset(file, spec.name, type_of(spec.stored), extents_of(series));
    describe(dataset, path, spec.name, spec.units, spec.long_name);
    require_done(set_text(dataset, "axis", axes_[series.axis].name), path, spec.name);
  }
  for (const auto& [spec, values, dirty] : fixed_) {
    describe(make_dataset(file, spec.name, type_of(spec.stored), spec.shape), path, spec.name,
             spec.units, spec.long_name);
  }
  for (const TextState& text : texts_) {
    require_done(make_dataset(file, text.name, text_type(text.capacity), {}).valid(), path,
                 text.name + " cannot be made");
  }
  made.finish();
}

void SeriesFile::compare_layout(const std::vector<Index>& next) const {
  require(exists(part_path()), "{}: no such file; a restart goes on with it", part_path());
  const File file = File::open(part_path());
  const auto other = [&](const std::string& what) {
    throw InputError(fmt::format("{}: not the file of this run: {}", part_path(), what));
  };
  if (!file.has_attribute("/", "format_version") ||
      file.integer_attribute("/", "format_version") != format_version) {
    other(fmt::format("format_version must be {}", format_version));
  }
  const auto compare = [&](const std::string& name, Stored stored,
                           const std::vector<Index>& extents) {
    file.require_shape(name, extents);
    const auto type = stored == Stored::int64 ? H5T_INTEGER : H5T_FLOAT;
    const auto wanted = std::pair(type, static_cast<std::size_t>(bytes_of(stored)));
    if (file.stored_type(name) != wanted) other(name + " has another type");
  };
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    const std::string name = written_name(axes_[axis].name);
    compare(name, Stored::int64, {});
    const Index written = file.read_integers(name).at(0);
    if (next[axis] > written) {
      other(fmt::format("it has {} frames along {}; {} were to be there", written, axes_[axis].name,
                        next[axis]));
    }
  }
  for (const auto& series : series_) {
    compare(series.spec.name, series.spec.stored, extents_of(series));
  }
  for (const auto& fixed : fixed_) compare(fixed.spec.name, fixed.spec.stored, fixed.spec.shape);
  for (const auto& text : texts_) {
    file.require_shape(text.name, {});
    if (file.stored_type(text.name) !=
        std::pair(H5T_STRING, static_cast<std::size_t>(text.capacity))) {
      other(text.name + " has another length");
    }
  }
}

void SeriesFile::make_buffers(const std::vector<Index>& next) {
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    AxisState& axis = axes_[a];
    Index frame_bytes = 1;
    for (const SeriesState& series : series_) {
      if (series.axis != static_cast<int>(a)) continue;
      frame_bytes += product(series.spec.shape) * bytes_of(series.spec.stored);
    }
    // Counted over all ranks, so that every number of ranks flushes at the same frames.
    axis.capacity =
        std::clamp<Index>(buffer_bytes_ / frame_bytes, 1, std::max<Index>(axis.length, 1));
  }
  for (SeriesState& series : series_) {
    series.first = next[static_cast<std::size_t>(series.axis)];
    series.count = 0;
    const Index capacity = axes_[static_cast<std::size_t>(series.axis)].capacity;
    const auto size = static_cast<std::size_t>(capacity * series.spec.mine.size());
    if (series.spec.stored == Stored::real64) series.buffer = std::vector<double>(size);
    if (series.spec.stored == Stored::real32) series.buffer = std::vector<float>(size);
    if (series.spec.stored == Stored::int64) series.buffer = std::vector<std::int64_t>(size);
    share_out(series);
  }
  start_ = std::chrono::steady_clock::now();
  ready_ = true;
}

// What every rank brings.
void SeriesFile::share_out(SeriesState& series) const {
  static_assert(sizeof(Range) == 2 * sizeof(std::int64_t));
  const std::vector<Range>& mine = series.spec.mine.pieces();
  const auto ranks = static_cast<std::size_t>(size_of(comm_));
  const int count = 2 * static_cast<int>(mine.size());
  std::vector<int> counts(ranks), places(ranks);
  STARLING_MPI(MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm_));
  std::exclusive_scan(counts.begin(), counts.end(), places.begin(), 0);
  std::vector<Range> pieces(static_cast<std::size_t>(places.back() + counts.back()) / 2);
  STARLING_MPI(MPI_Allgatherv(mine.data(), count, MPI_INT64_T, pieces.data(), counts.data(),
                              places.data(), MPI_INT64_T, comm_));
  Index covered = 0;
  series.shares.clear();
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    const auto first = pieces.begin() + places[rank] / 2;
    series.shares.emplace_back(std::vector<Range>(first, first + counts[rank] / 2));
    covered += series.shares.back().size();
  }
  STARLING_ASSERT(covered == product(series.spec.shape));
}

void SeriesFile::put(Series handle, Index frame, const Real* mine) {
  SeriesState& series = series_[static_cast<std::size_t>(handle.index)];
  const AxisState& axis = axes_[static_cast<std::size_t>(series.axis)];
  STARLING_ASSERT(ready_ && frame == series.first + series.count && frame < axis.length);
  STARLING_ASSERT(series.count < axis.capacity);
  const Index size = series.spec.mine.size(), from = series.count * size;
  if (auto* doubles = std::get_if<std::vector<double>>(&series.buffer)) {
    std::copy_n(mine, size, doubles->data() + from);
  } else if (auto* floats = std::get_if<std::vector<float>>(&series.buffer)) {
    float* out = floats->data() + from;
    for (Index i = 0; i < size; ++i) out[i] = static_cast<float>(mine[i]);
  } else {
    std::int64_t* out = std::get<std::vector<std::int64_t>>(series.buffer).data() + from;
    for (Index i = 0; i < size; ++i) out[i] = std::llround(mine[i]);
  }
  ++series.count;
}

bool SeriesFile::full() const {
  return std::any_of(series_.begin(), series_.end(), [&](const SeriesState& series) {
    return series.count == axes_[static_cast<std::size_t>(series.axis)].capacity;
  });
}

void SeriesFile::write(Fixed handle, const Real* values) {
  FixedState& fixed = fixed_[static_cast<std::size_t>(handle.index)];
  if (root_) fixed.values.assign(values, values + product(fixed.spec.shape));
  fixed.dirty = true;
}

void SeriesFile::write(Text handle, const std::string& value) {
  TextState& text = texts_[static_cast<std::size_t>(handle.index)];
  STARLING_ASSERT(static_cast<Index>(value.size()) <= text.capacity);
  text.value = value;
  text.dirty = true;
}

std::vector<Index> SeriesFile::next() const {
  std::vector<Index> next(axes_.size(), 0);
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    bool first = true;
    for (const SeriesState& series : series_) {
      if (series.axis != static_cast<int>(a)) continue;
      const Index frame = series.first + series.count;
      next[a] = first ? frame : std::min(next[a], frame);
      first = false;
    }
  }
  return next;
}

Real SeriesFile::wall_seconds() const {
  const std::chrono::duration<Real> elapsed = std::chrono::steady_clock::now() - start_;
  return earlier_wall_ + elapsed.count();
}

void SeriesFile::write_out(bool durable) {
  STARLING_ASSERT(ready_);
  gather();
  write_shares();
  // Only now, when every rank's numbers are written, may the counts of frames say so.
  on_root(comm_, [&] { write_own(); });
  if (durable) together(comm_, [&] { bring_to_storage(part_path()); });
  for (SeriesState& series : series_) {
    series.first += series.count;
    series.count = 0;
  }
  for (FixedState& fixed : fixed_) fixed.dirty = false;
  for (TextState& text : texts_) text.dirty = false;
}

// Whether rank 0 writes for all: many frames of small shares are one large write to the file.
bool SeriesFile::gathered(const SeriesState& series) const {
  constexpr Index large_share = Index{1} << 16;  // [B]
  const auto ranks = static_cast<Index>(series.shares.size());
  const Index bytes = product(series.spec.shape) * bytes_of(series.spec.stored);
  return ranks == 1 || bytes < ranks * large_share;
}

// Brings whole frames of the small series to rank 0.
void SeriesFile::gather() {
  for (SeriesState& series : series_) {
    if (series.count == 0 || !gathered(series) || !shared(series)) continue;
    const Index unit = bytes_of(series.spec.stored), frame = product(series.spec.shape);
    std::vector<int> sizes, places;
    Index total = 0;
    for (const Share& share : series.shares) {
      places.push_back(static_cast<int>(total));
      sizes.push_back(static_cast<int>(share.size() * series.count * unit));
      total += sizes.back();
    }
    STARLING_ASSERT(total <= std::numeric_limits<int>::max());
    std::vector<char> pieces(root_ ? static_cast<std::size_t>(total) : 0);
    STARLING_MPI(MPI_Gatherv(data_of(series), sizes[static_cast<std::size_t>(rank_of(comm_))],
                             MPI_BYTE, pieces.data(), sizes.data(), places.data(), MPI_BYTE, 0,
                             comm_));
    if (!root_) continue;
    series.whole.resize(static_cast<std::size_t>(total));
    const char* from = pieces.data();
    for (const Share& share : series.shares) {
      for (Index f = 0; f < series.count; ++f) {
        for (const Range& piece : share.pieces()) {
          std::copy_n(from, piece.size() * unit,
                      series.whole.data() + (f * frame + piece.begin) * unit);
          from += piece.size() * unit;
        }
      }
    }
  }
}

// The series of large shares. A rank that fails goes through the rest with the others, which open
// and close together.
void SeriesFile::write_shares() const {
  const auto pending = [&](const SeriesState& series) {
    return series.count > 0 && !gathered(series);
  };
  if (std::none_of(series_.begin(), series_.end(), pending)) return;
  Handle file = open_together(part_path(), comm_);
  agree(comm_, file.valid() ? "" : fmt::format("{}: {}", part_path(), hdf5_message()));

  std::string failure;
  const auto note = [&](bool done, const std::string& what) {
    if (done || !failure.empty()) return;
    failure = fmt::format("{}: {} cannot be written: {}", part_path(), what, hdf5_message());
  };
  for (const SeriesState& series : series_) {
    if (!pending(series)) continue;
    const SeriesSpec& spec = series.spec;
    const Handle dataset(H5Dopen2(file, spec.name.c_str(), H5P_DEFAULT));
    note(write_share(dataset, type_of(spec.stored), extents_of(series), frames_of(series),
                     spec.mine.pieces(), data_of(series)),
         spec.name);
  }
  note(file.close(), "the file");
  agree(comm_, failure);
}

// What rank 0 writes.
void SeriesFile::write_own() const {
  const std::string path = part_path();
  Handle file = open_alone(path, true);
  require_done(file.valid(), path, "cannot be opened");
  for (const SeriesState& series : series_) {
    if (series.count == 0 || !gathered(series)) continue;
    const SeriesSpec& spec = series.spec;
    const Handle dataset(H5Dopen2(file, spec.name.c_str(), H5P_DEFAULT));
    const void* whole = shared(series) ? series.whole.data() : data_of(series);
    const bool written = write_share(dataset, type_of(spec.stored), extents_of(series),
                                     frames_of(series), {{0, product(spec.shape)}}, whole);
    require_done(written, path, spec.name + " cannot be written");
  }
  const auto write = [&](const std::string& name, hid_t type, const void* data) {
    const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT));
    require_done(write_whole(dataset, type, data), path, name + " cannot be written");
  };
  for (const FixedState& fixed : fixed_) {
    if (fixed.dirty) write(fixed.spec.name, H5T_NATIVE_DOUBLE, fixed.values.data());
  }
  for (const TextState& text : texts_) {
    if (!text.dirty) continue;
    std::string padded = text.value;
    padded.resize(static_cast<std::size_t>(text.capacity), '\0');
    write(text.name, text_type(text.capacity), padded.data());
  }
  const Real wall = wall_seconds();
  write("/provenance/wall_seconds", H5T_NATIVE_DOUBLE, &wall);
  write("/provenance/restarts", H5T_NATIVE_INT64, &restarts_);
  const auto counts = next();
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    const std::int64_t written = counts[axis];
    write(written_name(axes_[axis].name), H5T_NATIVE_INT64, &written);
  }
  require_done(file.close(), path, "cannot be written");
}

void SeriesFile::commit() {
  sync();
  on_root(comm_, [&] { rename_file(part_path(), path_); });
  ready_ = false;
}

Real SeriesFile::bytes() const {
  Real sum = 0;
  for (const SeriesState& series : series_)
    sum += static_cast<Real>(bytes_of(series.spec.stored) * product(series.spec.shape)) *
           static_cast<Real>(axes_[static_cast<std::size_t>(series.axis)].length);
  for (const FixedState& fixed : fixed_)
    sum += static_cast<Real>(bytes_of(fixed.spec.stored) * product(fixed.spec.shape));
  for (const TextState& text : texts_) sum += static_cast<Real>(text.capacity);
  return sum;
}

}  // namespace starling::io
