// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/product.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "io/agree.hpp"
#include "io/sha256.hpp"

#include <filesystem>
#include <type_traits>

namespace starling::datasets {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

Product::Product(MPI_Comm comm, const std::string& folder, std::string path, std::string split,
                 WellLayout layout, Range mine)
    : comm_(comm),
      path_(std::move(path)),
      split_(std::move(split)),
      file_(comm, folder + "/" + path_, std::move(layout)),
      mine_(mine) {
  for (const Field& field : file_.layout().fields) {
    elements_ += field.elements();
    now_.emplace_back(at(file_.layout().frame_size(field)));
    for (Index t = 0; t < mine.size(); ++t) before_.emplace_back(now_.back().size());
  }
  moments_.resize(at(elements_ * mine.size()));
}

void Product::put(Index trajectory, Index frame, const Arrays& arrays) {
  STARLING_ASSERT(mine_.contains(trajectory));
  const WellLayout& layout = file_.layout();
  const Index points = layout.grid.points(), local = trajectory - mine_.begin;
  FieldMoments* moments = moments_.data() + local * elements_;
  for (std::size_t f = 0; f < layout.fields.size(); ++f) {
    const Field& field = layout.fields[f];
    std::vector<float>& now = now_[f];
    std::vector<float>& before = before_[f * at(mine_.size()) + at(local)];
    const Index elements = field.elements();
    for (Index e = 0; e < elements; ++e)
      place_element(now.data(), arrays(field.arrays[at(e)]), layout.grid, e, elements, field.scale);
    for (Index e = 0; e < elements; ++e, ++moments) {
      moments->value.merge(moments_of(now.data() + e, points, elements));
      if (frame > 0)
        moments->delta.merge(
            moments_of_difference(now.data() + e, before.data() + e, points, elements));
    }
    file_.write(f, trajectory, frame, now.data());
    before = now;
  }
}

void Product::name_quantities(std::vector<std::string> names) {
  quantities_ = std::move(names);
  measured_.resize(quantities_.size() * at(mine_.size()));
}

void Product::measure(Index trajectory, const std::vector<Real>& values) {
  STARLING_ASSERT(mine_.contains(trajectory) && values.size() == quantities_.size());
  Moments* moments =
      measured_.data() + (trajectory - mine_.begin) * static_cast<Index>(quantities_.size());
  for (std::size_t q = 0; q < values.size(); ++q) {
    Moments one;
    one.count = 1;
    one.mean = one.least = one.largest = values[q];
    moments[q].merge(one);
  }
}

// Those of all trajectories, `each` a trajectory, on rank 0.
template <class T>
std::vector<T> Product::gather(const std::vector<T>& mine, Index each) const {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(Real) == 0);
  const int size = size_of(comm_);
  const int count = static_cast<int>(mine.size() * sizeof(T) / sizeof(Real));
  std::vector<int> counts(at(size)), places(at(size), 0);
  STARLING_MPI(MPI_Gather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, comm_));
  for (int r = 1; r < size; ++r) places[at(r)] = places[at(r - 1)] + counts[at(r - 1)];
  std::vector<T> all(rank_of(comm_) == 0 ? at(file_.layout().trajectories * each) : 0);
  STARLING_MPI(MPI_Gatherv(mine.data(), count, MPI_DOUBLE, all.data(), counts.data(), places.data(),
                           MPI_DOUBLE, 0, comm_));
  return all;
}

FileRecord Product::finish() {
  const std::vector<FieldMoments> all = gather(moments_, elements_);
  const std::vector<Moments> measured = gather(measured_, static_cast<Index>(quantities_.size()));
  file_.close();
  FileRecord record;
  io::on_root(comm_, [&] {
    const WellLayout& layout = file_.layout();
    record.dataset = layout.name;
    record.split = split_;
    record.path = path_;
    record.bytes = static_cast<Index>(std::filesystem::file_size(file_.path()));
    record.sha256 = io::sha256_of_file(file_.path());
    record.trajectories = layout.trajectories;
    record.frames = layout.frames();
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
      Moments sum;
      for (Index t = 0; t < layout.trajectories; ++t)
        sum.merge(measured[at(t) * quantities_.size() + q]);
      record.quantities.emplace_back(quantities_[q], sum);
    }
    Index first = 0;
    for (const Field& field : layout.fields) {
      std::vector<FieldMoments> sum(at(field.elements()));
      for (Index t = 0; t < layout.trajectories; ++t)
        for (Index e = 0; e < field.elements(); ++e)
          sum[at(e)].merge(all[at(t * elements_ + first + e)]);
      first += field.elements();
      record.statistics.emplace_back(field.name, std::move(sum));
    }
  });
  return record;
}

}  // namespace starling::datasets
