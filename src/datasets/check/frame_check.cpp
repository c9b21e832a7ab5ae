// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/frame_check.hpp"

#include "datasets/check/budget_check.hpp"
#include "datasets/check/parent_check.hpp"
#include "datasets/check/point_check.hpp"
#include "datasets/check/spectral_check.hpp"
#include "datasets/check/spectrum.hpp"
#include "io/sha256.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

namespace starling::datasets::check {
namespace {

// A frame this much larger than both its neighbours, or a last one than all before, is none of the
// flow.
constexpr Real spike = 5, blow_up = 100;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

std::string_view bytes_of(const std::vector<float>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
}

class FrameCheck {
 public:
  FrameCheck(StoredFile& file, const Shape& shape, const Origin* origin, Findings& findings)
      : file_(file),
        shape_(shape),
        findings_(findings),
        points_(file, shape, findings),
        is_flow_(origin == nullptr || origin->kind != Origin::Kind::sequence) {
    if (is_flow_ && has_spectrum(shape.grid))
      spectral_ = std::make_unique<SpectralCheck>(shape, origin);
    if (is_flow_ && origin != nullptr) budget_ = std::make_unique<BudgetCheck>(shape, *origin);
    if (is_flow_ && origin != nullptr) parent_ = ParentCheck::make(file, shape, *origin);
    for (const StoredField& field : shape.fields) {
      now_.emplace_back(at(shape.grid.points() * field.elements));
      sizes_.emplace_back();
      numbers_.statistics.emplace_back(field.name, at(field.elements));
    }
    before_ = now_;
    seen_.resize(now_.size());
  }

  Numbers run(const std::function<void(Index)>& read);

 private:
  void frame(Index trajectory, Index frame);
  void look_at(std::size_t field, Index trajectory, Index frame);
  void repeated(std::size_t field, Index trajectory, Index frame);
  void merge(std::size_t field, Index frame);
  void jumps(Index trajectory);

  StoredFile& file_;
  const Shape& shape_;
  Findings& findings_;
  PointCheck points_;
  bool is_flow_;
  std::unique_ptr<SpectralCheck> spectral_;
  std::unique_ptr<BudgetCheck> budget_;
  std::unique_ptr<ParentCheck> parent_;
  std::vector<std::vector<float>> now_, before_;
  std::vector<std::vector<Real>> sizes_;  // [field][frame] of a trajectory: root mean squares
  std::vector<std::vector<FieldMoments>> trajectory_moments_;
  std::vector<std::map<std::string, std::pair<Index, Index>>> seen_;  // frames by their hash
  Tally tally_;
  Numbers numbers_;
  bool finite_ = true, finite_frame_ = true;
};

void FrameCheck::repeated(std::size_t f, Index trajectory, Index frame) {
  const auto [place, is_new] =
      seen_[f].try_emplace(io::sha256(bytes_of(now_[f])), trajectory, frame);
  if (is_new) return;
  const auto [t, before] = place->second;
  // Trajectories may start from the same tracer; all fields together are compared there.
  if (frame == 0 && before == 0) return;
  tally_.note(shape_.fields[f].path + (t == trajectory && before == frame - 1
                                           ? ": a frame is that before it"
                                           : ": a frame is one that there was"),
              trajectory, frame, fmt::format("that of trajectory {}, frame {}", t, before));
}

void FrameCheck::look_at(std::size_t f, Index trajectory, Index frame) {
  const StoredField& field = shape_.fields[f];
  const std::vector<float>& numbers = now_[f];
  Real squares = 0;
  bool finite = true;
  for (const float number : numbers) {
    finite = finite && std::isfinite(number);
    squares += static_cast<Real>(number) * static_cast<Real>(number);
  }
  sizes_[f].push_back(std::sqrt(squares / static_cast<Real>(numbers.size())));
  if (!finite) {
    tally_.note(field.path + ": is not finite (NaN or infinite)", trajectory, frame);
    finite_frame_ = finite_ = false;
    return;
  }
  if (!is_flow_) return;
  bool constant = true;
  for (std::size_t i = at(field.elements); i < numbers.size() && constant; ++i)
    constant = numbers[i] == numbers[i - at(field.elements)];
  // What a coarse model misses may be nothing at first, and then it is so in many frames.
  const bool nothing = field.target() && sizes_[f].back() == 0;
  if (constant && !nothing) tally_.note(field.path + ": a frame is constant", trajectory, frame);
  if (!constant) repeated(f, trajectory, frame);
}

void FrameCheck::merge(std::size_t f, Index frame) {
  const Index elements = shape_.fields[f].elements, points = shape_.grid.points();
  for (Index e = 0; e < elements; ++e) {
    FieldMoments& moments = trajectory_moments_[f][at(e)];
    moments.value.merge(moments_of(now_[f].data() + e, points, elements));
    if (frame > 0)
      moments.delta.merge(
          moments_of_difference(now_[f].data() + e, before_[f].data() + e, points, elements));
  }
}

void FrameCheck::frame(Index trajectory, Index frame) {
  finite_frame_ = true;
  for (std::size_t f = 0; f < now_.size(); ++f) {
    file_.read_frame(now_[f].data(), shape_.fields[f].path, trajectory, frame);
    look_at(f, trajectory, frame);
  }
  if (frame == 0) {
    std::string all;
    for (std::size_t f = 0; f < now_.size(); ++f)
      if (!shape_.fields[f].target()) all += io::sha256(bytes_of(now_[f]));
    all = io::sha256(all);
    const auto& first = numbers_.first_frames;
    const auto same = std::find(first.begin(), first.end(), all);
    if (same != first.end())
      tally_.note("a trajectory starts as another", trajectory, frame,
                  fmt::format("as trajectory {}", same - first.begin()));
    numbers_.first_frames.push_back(all);
  }
  if (finite_)
    for (std::size_t f = 0; f < now_.size(); ++f) merge(f, frame);
  if (finite_frame_ && spectral_) spectral_->frame(trajectory, frame, now_, tally_);
  if (finite_frame_ && budget_) budget_->frame(trajectory, frame, now_, tally_);
  if (finite_frame_ && parent_) parent_->frame(trajectory, frame, now_, tally_);
  if (finite_frame_) points_.frame(trajectory, frame, now_, tally_);
  std::swap(now_, before_);
}

void FrameCheck::jumps(Index trajectory) {
  for (std::size_t f = 0; f < sizes_.size(); ++f) {
    const std::vector<Real>& size = sizes_[f];
    if (shape_.fields[f].target() || size.size() < 3) continue;
    for (std::size_t i = 1; i + 1 < size.size(); ++i)
      if (size[i] > spike * std::max(size[i - 1], size[i + 1]))
        tally_.note(shape_.fields[f].path + ": a frame is an outlier", trajectory,
                    static_cast<Index>(i),
                    fmt::format("{:.3g} times its neighbours",
                                size[i] / std::max(size[i - 1], size[i + 1])));
    const Real before = *std::max_element(size.begin(), size.end() - 1);
    if (size.back() > blow_up * before)
      tally_.note(shape_.fields[f].path + ": blows up", trajectory,
                  static_cast<Index>(size.size()) - 1,
                  fmt::format("{:.3g} times all before", size.back() / before));
  }
}

Numbers FrameCheck::run(const std::function<void(Index)>& read) {
  Index bytes = 0;
  for (const auto& field : now_) bytes += static_cast<Index>(field.size() * sizeof(float));
  for (Index t = 0; t < shape_.trajectories; ++t) {
    trajectory_moments_.clear();
    for (std::size_t f = 0; f < now_.size(); ++f) {
      sizes_[f].clear();
      trajectory_moments_.emplace_back(at(shape_.fields[f].elements));
    }
    for (Index i = 0; i < shape_.frames(); ++i) {
      frame(t, i);
      read(bytes);
    }
    if (is_flow_) jumps(t);
    for (std::size_t f = 0; f < now_.size(); ++f)
      for (Index e = 0; e < shape_.fields[f].elements; ++e)
        numbers_.statistics[f].second[at(e)].merge(trajectory_moments_[f][at(e)]);
  }
  tally_.add_to(findings_);
  if (!finite_) numbers_.statistics.clear();
  return std::move(numbers_);
}

}  // namespace

Numbers check_frames(StoredFile& file, const Shape& shape, const Origin* origin,
                     const std::function<void(Index)>& read, Findings& findings) {
  return FrameCheck(file, shape, origin, findings).run(read);
}

}  // namespace starling::datasets::check
