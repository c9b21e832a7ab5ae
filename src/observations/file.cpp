// SPDX-License-Identifier: BSD-3-Clause
#include "observations/file.hpp"

#include "core/error.hpp"
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

}  // namespace

Writer::Writer(MPI_Comm comm, const std::string& path, const io::Provenance& provenance,
               Index batches, Index observations)
    : file_(comm, path, provenance, buffer_bytes) {
  using io::Stored;
  const io::Axis along_batches = file_.axis("batches", batches);
  const io::Axis along_all = file_.axis("observations", observations);
  time_ = file_.series(
      along_batches,
      {.name = "/time", .units = "time units of the model", .long_name = "time of the batch"});
  offset_ = file_.series(
      along_batches,
      {.name = "/offset", .long_name = "observations of earlier batches", .stored = Stored::int64});
  count_ = file_.series(
      along_batches,
      {.name = "/count", .long_name = "observations of the batch", .stored = Stored::int64});
  location_ = file_.series(along_all, {.name = "/location",
                                       .units = "length units of the model",
                                       .long_name = "coordinate in the domain"});
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
}

void Writer::resume(const std::vector<Index>& next) {
  file_.resume(next);
  batches_ = next.at(0);
  observations_ = next.at(1);
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
  for (std::size_t j = 0; j < batch.value.size(); ++j, ++observations_) {
    make_room();
    file_.put(location_, observations_, batch.location[j]);
    file_.put(kind_, observations_, static_cast<Real>(batch.kind[j]));
    file_.put(extent_, observations_, batch.extent[j]);
    file_.put(value_, observations_, batch.value[j]);
    file_.put(variance_, observations_, batch.variance[j]);
  }
}

Reader::Reader(MPI_Comm comm, const std::string& path, const Domain& domain)
    : file_(io::File::open(path, comm)), domain_(domain), has_extent_(file_.has("/extent")) {
  check_index();
  Batch batch;
  batch.reserve(max_size());
  Operator observation(domain, max_size());
  for (Index n = 0; n < batches(); ++n) {
    read(batch, n);
    check(batch);
    observation.set(batch, this->path());
  }
}

void Reader::check_index() {
  const auto length = [this](const char* name) {
    const auto shape = file_.shape(name);
    require(shape.size() == 1, "{}: {} has {} dimensions; allowed: 1", path(), name, shape.size());
    return shape[0];
  };
  // A file that a run left before its end says how far it got.
  const auto written = [this](const char* name, Index all) {
    return file_.has(name) ? std::min<Index>(all, file_.read_integers(name).at(0)) : all;
  };
  const Index batches = length("/time"), observations = length("/location");
  for (const char* name : {"/offset", "/count"})
    require(length(name) == batches, "{}: {} has {} entries and /time {}; allowed: as many", path(),
            name, length(name), batches);
  for (const char* name : {"/kind", "/value", "/error_variance"})
    require(length(name) == observations,
            "{}: {} has {} entries and /location {}; allowed: as many", path(), name, length(name),
            observations);
  if (has_extent_)
    require(length("/extent") == observations,
            "{}: /extent has {} entries and /location {}; allowed: as many", path(),
            length("/extent"), observations);
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
  }
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
  read(location_, "/location");
  read(kind_, "/kind");
  if (has_extent_) read(extent_, "/extent");
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
  std::copy_n(location_.begin() + skip, out.size(), out.location.begin());
  std::copy_n(value_.begin() + skip, out.size(), out.value.begin());
  std::copy_n(variance_.begin() + skip, out.size(), out.variance.begin());
  std::transform(kind_.begin() + skip, kind_.begin() + skip + out.size(), out.kind.begin(),
                 [](Real kind) { return Kind{static_cast<std::int32_t>(kind)}; });
  if (has_extent_) std::copy_n(extent_.begin() + skip, out.size(), out.extent.begin());
}

}  // namespace starling::observations
