// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/common_output.hpp"

#include "core/error.hpp"
#include "io/agree.hpp"
#include "io/xdmf.hpp"

#include <algorithm>
#include <utility>

namespace starling::campaigns {
namespace {

constexpr Index summary_capacity = 16384;
constexpr const char* axis_names[] = {"x", "y", "z"};

// The columns of one component among those of all, counted from its first.
Columns of_component(const Columns& all, Index points, Index component) {
  std::vector<Range> pieces;
  const Index first = component * points;
  for (const Range& piece : all.pieces()) {
    const Index begin = std::max(piece.begin, first), end = std::min(piece.end, first + points);
    if (begin < end) pieces.push_back({begin - first, end - first});
  }
  return {points, std::move(pieces)};
}

}  // namespace

std::vector<Index> shape_of(const Domain& domain) {
  std::vector<Index> shape;
  for (int d = domain.dimensions() - 1; d >= 0; --d) shape.push_back(domain.axis(d).points);
  return shape;
}

CommonOutput::CommonOutput(io::SeriesFile& file, const OutputSettings& settings, Contents contents)
    : file_(file),
      contents_(std::move(contents)),
      precision_(settings.precision),
      numbers_(settings.members) {
  if (contents_.frames > 0) {
    frames_ = file_.axis("frames", contents_.frames);
    time_ = file_.series(frames_, {.name = "/time", .units = "model time", .long_name = "time"});
    for (const std::int64_t m : numbers_) {
      require(m < contents_.members,
              "output.members: {}: there is no such member; allowed: 0 to {}", m,
              contents_.members - 1);
      members_.push_back(field(fmt::format("/members/{}", m), contents_.member_name));
    }
  }
  for (int d = 0; d < contents_.domain.dimensions(); ++d)
    coordinates_.push_back(file_.fixed({.name = std::string("/coordinates/") + axis_names[d],
                                        .shape = {contents_.domain.axis(d).points},
                                        .long_name = axis_names[d]}));
  if (!contents_.wavenumbers.empty())
    wavenumbers_ = spectrum("/spectra/wavenumber", "wavenumber [rad / length]");
  config_ = file_.text("/config", static_cast<Index>(contents_.config.size()));
  summary_ = file_.text("/summary", summary_capacity);
}

FieldSeries CommonOutput::field(const std::string& name, const char* long_name) {
  const auto& components = contents_.domain.components();
  FieldSeries field;
  Index first = 0;
  for (std::size_t c = 0; c < components.size(); ++c) {
    const Columns mine =
        of_component(contents_.my_columns, contents_.domain.points(), static_cast<Index>(c));
    const bool only = components.size() == 1 && contents_.domain.dimensions() == 1;
    Component component = components[c];
    component.long_name = only ? long_name : fmt::format("{}, {}", component.long_name, long_name);
    field.components.push_back(
        this->field(only ? name : name + "/" + component.name, component, mine));
    field.first.push_back(first);
    first += mine.count();
  }
  return field;
}

io::Series CommonOutput::field(const std::string& name, const Component& component,
                               const io::Share& mine) {
  return file_.series(frames_, {.name = name,
                                .shape = shape_of(contents_.domain),
                                .mine = mine,
                                .units = component.units,
                                .long_name = component.long_name,
                                .stored = precision_});
}

io::Fixed CommonOutput::spectrum(const std::string& name, const std::string& long_name,
                                 const std::string& units) {
  return file_.fixed({.name = name,
                      .shape = {static_cast<Index>(contents_.wavenumbers.size())},
                      .units = units,
                      .long_name = long_name});
}

void CommonOutput::put(const FieldSeries& field, Index frame, const Real* mine) {
  for (std::size_t c = 0; c < field.components.size(); ++c)
    file_.put(field.components[c], frame, mine + field.first[c]);
}

void CommonOutput::put(Index frame, Real time, const std::function<const Real*(Index)>& member) {
  file_.put(time_, frame, time);
  for (std::size_t i = 0; i < members_.size(); ++i) put(members_[i], frame, member(numbers_[i]));
}

void CommonOutput::create(bool force) {
  file_.create(force);
  for (std::size_t d = 0; d < coordinates_.size(); ++d) {
    const Axis& axis = contents_.domain.axis(static_cast<int>(d));
    std::vector<Real> numbers;
    for (Index j = 0; j < axis.points; ++j) numbers.push_back(axis.coordinate(j));
    file_.write(coordinates_[d], numbers.data());
  }
  if (!contents_.wavenumbers.empty()) file_.write(wavenumbers_, contents_.wavenumbers.data());
  file_.write(config_, contents_.config);
  file_.flush();
}

void CommonOutput::write(const Summary& summary) { file_.write(summary_, summary.json()); }

void CommonOutput::commit() {
  file_.commit();
  if (contents_.frames > 0 && contents_.domain.dimensions() > 1)
    io::on_root(file_.comm(), [&] { io::write_xdmf(file_.path()); });
}

}  // namespace starling::campaigns
