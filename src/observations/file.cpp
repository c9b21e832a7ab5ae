// SPDX-License-Identifier: BSD-3-Clause
#include "observations/file.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "observations/error_blocks.hpp"
#include "observations/kinds.hpp"
#include "observations/operator.hpp"

#include <algorithm>
#include <cmath>

namespace starling::observations {
namespace {

// Read ahead and written behind: 2 MiB.
constexpr Index buffered_observations = Index{1} << 16;
constexpr Index buffer_bytes = buffered_observations * 4 * Index{sizeof(Real)};

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// Every rank has the whole batch; rank 0 brings it.
Range whole_on_root(MPI_Comm comm, Index count) { return {0, rank_of(comm) == 0 ? count : 0}; }

std::string numbered(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t c = 0; c < names.size(); ++c)
    list += fmt::format("{}{} ({})", c > 0 ? ", " : "", c, names[c]);
  return list;
}

}  // namespace

Writer::Writer(MPI_Comm comm, const std::string& path, const io::Provenance& provenance,
               const Size& size)
    : file_(comm, path, provenance, buffer_bytes), size_(size) {
  using io::Stored;
  const io::Axis along_batches = file_.axis("batches", size.batches);
  const io::Axis along_all = file_.axis("observations", size.observations);
  time_ = file_.series(
      along_batches,
      {.name = "/time", .units = "time units of the model", .long_name = "time of the batch"});
  offset_ = file_.series(
      along_batches,
      {.name = "/offset", .long_name = "observations of earlier batches", .stored = Stored::int64});
  count_ = file_.series(
      along_batches,
      {.name = "/count", .long_name = "observations of the batch", .stored = Stored::int64});
  if (size.dimensions == 1)
    location_ = file_.series(along_all, {.name = "/location",
                                         .units = "length units of the model",
                                         .long_name = "coordinate in the domain"});
  else
    location_ = file_.series(along_all, {.name = "/location",
                                         .shape = {size.dimensions},
                                         .mine = whole_on_root(comm, size.dimensions),
                                         .units = "length units of the model",
                                         .long_name = "coordinates in the domain, x first"});
  if (has_components())
    component_ = file_.series(along_all,
                              {.name = "/component",
                               .long_name = "what field is measured: " + numbered(size.components),
                               .stored = Stored::int64});
  kind_ = file_.series(along_all, {.name = "/kind",
                                   .long_name = "what is measured: " + allowed_kinds(),
                                   .stored = Stored::int64});
  extent_ = file_.series(along_all, {.name = "/extent",
                                     .units = "length units of the model",
                                     .long_name = "width of what is averaged over"});
  value_ = file_.series(
      along_all, {.name = "/value", .units = "units of the field", .long_name = "observed value"});
  variance_ = file_.series(along_all, {.name = "/error_variance",
                                       .units = "squared units of the field",
                                       .long_name = "variance of the observation error"});
  if (size.sensors)
    sensor_ = file_.series(
        along_all,
        {.name = "/sensor", .long_name = "number of the instrument", .stored = Stored::int64});
  if (size.blocks == 0) return;
  const io::Axis along_blocks = file_.axis("blocks", size.blocks);
  const io::Axis along_covariances = file_.axis("covariances", size.covariances);
  block_first_ = file_.series(along_blocks, {.name = "/block_first",
                                             .long_name = "first observation of the block",
                                             .stored = Stored::int64});
  block_count_ = file_.series(
      along_blocks,
      {.name = "/block_count", .long_name = "observations of the block", .stored = Stored::int64});
  covariance_ = file_.series(along_covariances,
                             {.name = "/block_covariance",
                              .units = "squared units of the field",
                              .long_name = "covariances of the observation errors of blocks"});
}

std::vector<Index> Writer::next() const {
  if (size_.blocks == 0) return {batches_, observations_};
  return {batches_, observations_, blocks_, covariances_};
}

void Writer::resume(const std::vector<Index>& next) {
  file_.resume(next);
  batches_ = next.at(0);
  observations_ = next.at(1);
  if (size_.blocks == 0) return;
  blocks_ = next.at(2);
  covariances_ = next.at(3);
}

void Writer::append(const Batch& batch) {
  const auto make_room = [this] {
    if (file_.full()) file_.flush();
  };
  make_room();
  file_.put(time_, batches_, batch.time);
  file_.put(offset_, batches_, static_cast<Real>(observations_));
  file_.put(count_, batches_, static_cast<Real>(batch.size()));
  ++batches_;
  append_blocks(batch);
  for (std::size_t j = 0; j < batch.value.size(); ++j, ++observations_) {
    make_room();
    file_.put(location_, observations_, batch.location[j].at.data());
    if (has_components())
      file_.put(component_, observations_, static_cast<Real>(batch.component[j]));
    file_.put(kind_, observations_, static_cast<Real>(batch.kind[j]));
    file_.put(extent_, observations_, batch.extent[j]);
    file_.put(value_, observations_, batch.value[j]);
    file_.put(variance_, observations_, batch.variance[j]);
    if (size_.sensors) file_.put(sensor_, observations_, static_cast<Real>(batch.sensor[j]));
  }
}

void Writer::append_blocks(const Batch& batch) {
  STARLING_ASSERT(size_.blocks > 0 || batch.blocks.empty());
  for (const ErrorBlock& block : batch.blocks) {
    if (file_.full()) file_.flush();
    file_.put(block_first_, blocks_, static_cast<Real>(observations_ + block.first));
    file_.put(block_count_, blocks_, static_cast<Real>(block.count));
    ++blocks_;
  }
  for (const Real each : batch.covariance) {
    if (file_.full()) file_.flush();
    file_.put(covariance_, covariances_++, each);
  }
}

Reader::Reader(MPI_Comm comm, const std::string& path, const Domain& domain)
    : file_(io::File::open(path, comm)),
      domain_(domain),
      has_component_(file_.has("/component")),
      has_extent_(file_.has("/extent")),
      has_sensor_(file_.has("/sensor")) {
  check_index();
  check_blocks();
  Batch batch;
  batch.reserve(max_size());
  Operator observation(domain, max_size());
  ErrorBlocks blocks;
  for (Index n = 0; n < batches(); ++n) {
    read(batch, n);
    check(batch);
    observation.set(batch, this->path());
    blocks.set(batch, this->path());
    note_sensors(batch);
  }
}

Index Reader::length(const char* name) const {
  const auto shape = file_.shape(name);
  require(shape.size() == 1, "{}: {} has {} dimensions; allowed: 1", path(), name, shape.size());
  return shape[0];
}

// One number each in one dimension, else a row of as many as there are dimensions.
Index Reader::locations() const {
  const auto shape = file_.shape("/location");
  const Index dimensions = domain_.dimensions();
  const bool rows = shape.size() == 2 && shape[1] == dimensions;
  const std::string allowed =
      dimensions == 1 ? "1, a coordinate of each observation"
                      : fmt::format("2, {} coordinates of each observation", dimensions);
  require(rows || (shape.size() == 1 && dimensions == 1),
          "{}: /location has {} dimensions{}; allowed: {}", path(), shape.size(),
          shape.size() == 2 ? fmt::format(", {} numbers a row", shape[1]) : std::string(), allowed);
  return shape[0];
}

// A file that a run left before its end says how far it got.
Index Reader::written(const char* name, Index all) const {
  return file_.has(name) ? std::min<Index>(all, file_.read_integers(name).at(0)) : all;
}

void Reader::check_index() {
  const Index batches = length("/time"), observations = locations();
  for (const char* name : {"/offset", "/count"})
    require(length(name) == batches, "{}: {} has {} entries and /time {}; allowed: as many", path(),
            name, length(name), batches);
  for (const char* name : {"/kind", "/value", "/error_variance"})
    require(length(name) == observations,
            "{}: {} has {} entries and /location {}; allowed: as many", path(), name, length(name),
            observations);
  for (const char* name : {"/component", "/extent", "/sensor"})
    require(!file_.has(name) || length(name) == observations,
            "{}: {} has {} entries and /location {}; allowed: as many", path(), name,
            file_.has(name) ? length(name) : 0, observations);
  const Index all = written("/observations_written", observations);
  times_ = file_.read_reals("/time");
  offsets_ = file_.read_integers("/offset");
  counts_ = file_.read_integers("/count");
  times_.resize(at(written("/batches_written", batches)));
  offsets_.resize(times_.size());
  counts_.resize(times_.size());

  std::int64_t sum = 0;
  for (std::size_t n = 0; n < times_.size(); ++n) {
    require(std::isfinite(times_[n]) && (n == 0 || times_[n] > times_[n - 1]),
            "{}: /time[{}] = {} after {}; allowed: finite and strictly ascending", path(), n,
            times_[n], n == 0 ? std::string("nothing") : fmt::format("{}", times_[n - 1]));
    require(counts_[n] >= 0 && counts_[n] <= all - sum,
            "{}: /count[{}] = {} with {} observations before it; allowed: 0 to {}", path(), n,
            counts_[n], sum, all - sum);
    require(offsets_[n] == sum, "{}: /offset[{}] = {}; allowed: {}, the sum of /count before it",
            path(), n, offsets_[n], sum);
    sum += counts_[n];
  }
}

void Reader::check_blocks() {
  const std::vector<const char*> names = {"/block_first", "/block_count", "/block_covariance"};
  const auto there = std::count_if(names.begin(), names.end(),
                                   [this](const char* name) { return file_.has(name); });
  if (there == 0) return;
  require(there == 3,
          "{}: /block_first, /block_count and /block_covariance: {} of 3 are there; "
          "allowed: all or none",
          path(), there);
  require(length(names[0]) == length(names[1]),
          "{}: /block_first has {} entries and /block_count {}; allowed: as many", path(),
          length(names[0]), length(names[1]));
  const auto blocks = at(written("/blocks_written", length(names[0])));
  const Index entries = written("/covariances_written", length(names[2]));
  const auto first = file_.read_integers(names[0]), count = file_.read_integers(names[1]);
  Index end = 0, offset = 0;
  std::size_t batch = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    require(first[b] >= end,
            "{}: /block_first[{}] = {}; allowed: at least {}, the end of the block "
            "before",
            path(), b, first[b], end);
    while (batch < counts_.size() && offsets_[batch] + counts_[batch] <= first[b]) ++batch;
    const Index room = batch < counts_.size() ? offsets_[batch] + counts_[batch] - first[b] : 0;
    require(room > 0, "{}: /block_first[{}] = {}; allowed: an observation of a batch, below {}",
            path(), b, first[b], counts_.empty() ? 0 : offsets_.back() + counts_.back());
    require(count[b] >= 1 && count[b] <= room,
            "{}: /block_count[{}] = {}; allowed: 1 to {}, the end of the batch", path(), b,
            count[b], room);
    require(count[b] <= (entries - offset) / count[b],
            "{}: /block_covariance has {} entries, and block {} of {} observations begins at {}; "
            "allowed: the square of /block_count for each block",
            path(), entries, b, count[b], offset);
    blocks_.push_back({first[b], count[b], offset});
    end = first[b] + count[b];
    offset += count[b] * count[b];
  }
}

// Positive definite is what ErrorBlocks asks for.
void Reader::check_covariances(const Batch& batch) const {
  for (const ErrorBlock& block : batch.blocks) {
    const Real* row = batch.covariance.data() + block.offset;
    for (Index i = 0; i < block.count; ++i)
      for (Index k = 0; k <= i; ++k) {
        const Real one = row[i * block.count + k], other = row[k * block.count + i];
        const Real variance = batch.variance[at(block.first + i)];
        // Within rounding of the numbers they were computed with.
        const Real scale = std::sqrt(variance * batch.variance[at(block.first + k)]);
        const Real wanted = i == k ? variance : other;
        require(std::abs(one - wanted) <= 1e-12 * scale,
                "{}: observations {} and {} at time {}: block_covariance = {}; allowed: {}, {}",
                path(), batch.first + block.first + i, batch.first + block.first + k, batch.time,
                one, wanted, i == k ? "their error_variance" : "that of the transpose");
      }
  }
}

void Reader::note_sensors(const Batch& batch) {
  for (const std::int32_t number : batch.sensor) {
    const auto place = std::lower_bound(sensors_.begin(), sensors_.end(), number);
    if (number >= 0 && (place == sensors_.end() || *place != number))
      sensors_.insert(place, number);
  }
}

void Reader::check(const Batch& batch) const {
  for (Index j = 0; j < batch.size(); ++j) {
    const auto fail = [&](const char* name, Real value, const std::string& allowed) {
      throw InputError(fmt::format("{}: observation {} at time {}: {} = {}; allowed: {}", path(),
                                   batch.first + j, batch.time, name, value, allowed));
    };
    const Real kind = kind_[at(batch.first + j - loaded_.begin)];
    if (find(batch.kind[at(j)]) == nullptr) fail("kind", kind, allowed_kinds());
    if (std::isinf(batch.value[at(j)]))
      fail("value", batch.value[at(j)], "a finite number; nan = missing");
    const Real variance = batch.variance[at(j)];
    if (!(variance > 0 && std::isfinite(variance)))
      fail("error_variance", variance, "a finite number > 0");
    if (batch.sensor[at(j)] < -1) fail("sensor", batch.sensor[at(j)], "an integer >= -1");
  }
  check_covariances(batch);
  require_inside(batch, domain_, path());
}

Index Reader::max_size() const {
  return counts_.empty() ? 0 : *std::max_element(counts_.begin(), counts_.end());
}

void Reader::load(Index n) {
  loaded_ = {offsets_[at(n)], offsets_[at(n)] + counts_[at(n)]};
  for (std::size_t next = at(n) + 1; next < counts_.size(); ++next) {
    if (loaded_.size() + counts_[next] > buffered_observations) break;
    loaded_.end += counts_[next];
  }
  const auto read = [this](std::vector<Real>& out, const char* name) {
    out.resize(at(loaded_.size()));
    file_.read_reals(out.data(), name, loaded_);
  };
  location_.resize(at(loaded_.size() * domain_.dimensions()));
  file_.read_reals(location_.data(), "/location", loaded_);
  if (has_component_) read(component_, "/component");
  read(kind_, "/kind");
  if (has_extent_) read(extent_, "/extent");
  if (has_sensor_) read(sensor_, "/sensor");
  read(value_, "/value");
  read(variance_, "/error_variance");
}

void Reader::read(Batch& out, Index n) {
  out.time = time(n);
  out.first = offsets_[at(n)];
  out.resize(size(n));
  const Range wanted{out.first, out.first + out.size()};
  if (wanted.begin < loaded_.begin || wanted.end > loaded_.end) load(n);
  const Index skip = wanted.begin - loaded_.begin;
  const Index dimensions = domain_.dimensions();
  for (Index j = 0; j < out.size(); ++j) {
    Point place;
    std::copy_n(location_.begin() + (skip + j) * dimensions, dimensions, place.at.begin());
    out.location[at(j)] = place;
  }
  std::copy_n(value_.begin() + skip, out.size(), out.value.begin());
  std::copy_n(variance_.begin() + skip, out.size(), out.variance.begin());
  std::transform(kind_.begin() + skip, kind_.begin() + skip + out.size(), out.kind.begin(),
                 [](Real kind) { return Kind{static_cast<std::int32_t>(kind)}; });
  if (has_component_)
    std::transform(component_.begin() + skip, component_.begin() + skip + out.size(),
                   out.component.begin(),
                   [](Real number) { return static_cast<std::int32_t>(number); });
  if (has_extent_) std::copy_n(extent_.begin() + skip, out.size(), out.extent.begin());
  if (has_sensor_)
    std::transform(sensor_.begin() + skip, sensor_.begin() + skip + out.size(), out.sensor.begin(),
                   [](Real number) { return static_cast<std::int32_t>(number); });
  if (!blocks_.empty()) read_blocks(out, n);
}

// The blocks of batch n among all of them.
Range Reader::blocks_of(Index n) const {
  const auto before = [this](Index observation) {
    return std::partition_point(
               blocks_.begin(), blocks_.end(),
               [observation](const ErrorBlock& b) { return b.first < observation; }) -
           blocks_.begin();
  };
  return {before(offsets_[at(n)]), before(offsets_[at(n)] + counts_[at(n)])};
}

Range Reader::covariances_of(Range blocks) const {
  if (blocks.size() == 0) return {};
  const ErrorBlock& last = blocks_[at(blocks.end - 1)];
  return {blocks_[at(blocks.begin)].offset, last.offset + last.count * last.count};
}

void Reader::read_blocks(Batch& out, Index n) {
  const Range blocks = blocks_of(n), wanted = covariances_of(blocks);
  if (wanted.begin < loaded_covariances_.begin || wanted.end > loaded_covariances_.end) {
    loaded_covariances_ = wanted;
    for (Index b = blocks.end; b < static_cast<Index>(blocks_.size()); ++b) {
      const Range next = covariances_of({blocks.begin, b + 1});
      if (next.size() > buffered_observations) break;
      loaded_covariances_ = next;
    }
    covariance_.resize(at(loaded_covariances_.size()));
    file_.read_reals(covariance_.data(), "/block_covariance", loaded_covariances_);
  }
  for (Index b = blocks.begin; b < blocks.end; ++b) {
    const ErrorBlock& block = blocks_[at(b)];
    out.blocks.push_back({block.first - out.first, block.count, block.offset - wanted.begin});
  }
  const auto begin = covariance_.begin() + (wanted.begin - loaded_covariances_.begin);
  out.covariance.assign(begin, begin + wanted.size());
}

}  // namespace starling::observations
