// SPDX-License-Identifier: BSD-3-Clause
#include "filters/relocation.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <numeric>

namespace starling::filters {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// Some rows of a block as one message, freed with its owner.
class RowType {
 public:
  RowType(const std::vector<int>& rows, Index width) {
    MPI_Datatype row = MPI_DATATYPE_NULL;
    STARLING_MPI(MPI_Type_contiguous(static_cast<int>(width), MPI_DOUBLE, &row));
    STARLING_MPI(
        MPI_Type_create_indexed_block(static_cast<int>(rows.size()), 1, rows.data(), row, &type_));
    STARLING_MPI(MPI_Type_commit(&type_));
    STARLING_MPI(MPI_Type_free(&row));
  }
  RowType(const RowType&) = delete;
  RowType& operator=(const RowType&) = delete;
  ~RowType() { MPI_Type_free(&type_); }
  operator MPI_Datatype() const { return type_; }

 private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

}  // namespace

Relocation::Relocation(MPI_Comm comm, Range owned)
    : comm_(comm), ranks_(size_of(comm)), rank_(rank_of(comm)), owned_(owned) {
  // A particle's copies are cut where the places of a rank end.
  filled_.reserve(at(owned.size()));
  out_.reserve(at(owned.size() + ranks_));
  totals_.resize(at(2 * ranks_));
  for (auto* list : {&out_counts_, &in_counts_, &out_first_, &in_first_, &out_words_, &in_words_,
                     &out_at_, &in_at_})
    list->resize(at(ranks_));
  if (ranks_ == 1) return;
  in_.reserve(at(owned.size()));
  rows_.reserve(at(owned.size() + ranks_));
  requests_.reserve(at(2 * ranks_));
}

void Relocation::plan(const std::int64_t* counts) {
  std::int64_t surplus = 0;
  filled_.clear();
  for (Index i = 0; i < owned_.size(); ++i) {
    if (counts[i] == 0) filled_.push_back(i);
    if (counts[i] > 1) surplus += counts[i] - 1;
  }
  totals_[0] = surplus;
  totals_[1] = static_cast<std::int64_t>(filled_.size());
  if (ranks_ > 1) {
    const std::int64_t mine[2] = {totals_[0], totals_[1]};
    STARLING_MPI(MPI_Allgather(mine, 2, MPI_INT64_T, totals_.data(), 2, MPI_INT64_T, comm_));
  }
  std::int64_t all = 0;
  copies_ = 0;
  for (Index r = 0; r < ranks_; ++r) {
    all += totals_[at(2 * r)];
    copies_ += totals_[at(2 * r + 1)];
  }
  STARLING_ASSERT(all == copies_);
  share_out(counts);
  exchange();
}

// Copy number k of all goes to place number k of all.
void Relocation::share_out(const std::int64_t* counts) {
  out_.clear();
  std::fill(out_counts_.begin(), out_counts_.end(), 0);
  std::int64_t copy = 0;
  for (Index r = 0; r < rank_; ++r) copy += totals_[at(2 * r)];
  Index to = 0;
  std::int64_t end = totals_[1];  // of the places of rank `to`
  for (Index i = 0; i < owned_.size(); ++i)
    for (std::int64_t left = counts[i] - 1; left > 0;) {
      while (copy >= end) end += totals_[at(2 * ++to + 1)];
      const std::int64_t here = std::min(left, end - copy);
      out_.push_back({owned_.begin + i, here});
      ++out_counts_[at(to)];
      copy += here;
      left -= here;
    }
}

// Tells every rank which particles come, and how many copies of each are wanted.
void Relocation::exchange() {
  std::exclusive_scan(out_counts_.begin(), out_counts_.end(), out_first_.begin(), 0);
  moves_ = 0;
  if (ranks_ == 1) return;
  STARLING_MPI(MPI_Alltoall(out_counts_.data(), 1, MPI_INT, in_counts_.data(), 1, MPI_INT, comm_));
  std::exclusive_scan(in_counts_.begin(), in_counts_.end(), in_first_.begin(), 0);
  in_.resize(at(in_first_.back() + in_counts_.back()));
  const auto words = [](std::vector<int>& to, const std::vector<int>& from) {
    std::transform(from.begin(), from.end(), to.begin(), [](int n) { return 2 * n; });
  };
  words(out_words_, out_counts_);
  words(out_at_, out_first_);
  words(in_words_, in_counts_);
  words(in_at_, in_first_);
  STARLING_MPI(MPI_Alltoallv(out_.data(), out_words_.data(), out_at_.data(), MPI_INT64_T,
                             in_.data(), in_words_.data(), in_at_.data(), MPI_INT64_T, comm_));
  long moved = static_cast<long>(out_.size()) - out_counts_[at(rank_)];
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &moved, 1, MPI_LONG, MPI_SUM, comm_));
  moves_ = moved;
}

template <class F>
void Relocation::for_my_places(const F& f) const {
  const std::vector<Piece>& pieces = ranks_ == 1 ? out_ : in_;
  const auto own = at(in_first_[at(rank_)]), own_end = own + at(in_counts_[at(rank_)]);
  std::int64_t place = 0;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    f(pieces[k], place, ranks_ == 1 || (own <= k && k < own_end));
    place += pieces[k].count;
  }
}

void Relocation::apply(Rows mine) {
  STARLING_ASSERT(rows_of(mine) == owned_.size());
  const Index width = width_of(mine);
  requests_.clear();
  for (Index r = 0; r < ranks_; ++r) {
    if (r == rank_ || out_counts_[at(r)] == 0) continue;
    rows_.clear();
    for (Index k = 0; k < out_counts_[at(r)]; ++k)
      rows_.push_back(static_cast<int>(out_[at(out_first_[at(r)] + k)].parent - owned_.begin));
    const RowType rows(rows_, width);
    STARLING_MPI(
        MPI_Isend(mine.data(), 1, rows, static_cast<int>(r), 0, comm_, &requests_.emplace_back()));
  }
  std::int64_t place = 0;
  for (Index r = 0, k = 0; r < ranks_ && ranks_ > 1; ++r) {
    rows_.clear();
    for (const Index end = k + in_counts_[at(r)]; k < end; ++k) {
      rows_.push_back(static_cast<int>(filled_[at(place)]));
      place += in_[at(k)].count;
    }
    if (r == rank_ || rows_.empty()) continue;
    const RowType rows(rows_, width);
    STARLING_MPI(
        MPI_Irecv(mine.data(), 1, rows, static_cast<int>(r), 0, comm_, &requests_.emplace_back()));
  }
  if (!requests_.empty())
    STARLING_MPI(
        MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE));
  for_my_places([&](const Piece& piece, std::int64_t first, bool local) {
    const Index source = local ? piece.parent - owned_.begin : filled_[at(first)];
    for (std::int64_t k = local ? 0 : 1; k < piece.count; ++k)
      std::copy_n(mine.data() + source * width, width,
                  mine.data() + filled_[at(first + k)] * width);
  });
}

void Relocation::parents(std::int64_t* out) const {
  std::iota(out, out + owned_.size(), owned_.begin);
  for_my_places([&](const Piece& piece, std::int64_t first, bool) {
    for (std::int64_t k = 0; k < piece.count; ++k) out[filled_[at(first + k)]] = piece.parent;
  });
}

Real Relocation::bytes() const {
  return 8 * static_cast<Real>(filled_.capacity()) + 16 * static_cast<Real>(out_.capacity()) +
         16 * static_cast<Real>(in_.capacity()) + 4 * static_cast<Real>(rows_.capacity());
}

}  // namespace starling::filters
