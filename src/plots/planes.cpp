// SPDX-License-Identifier: BSD-3-Clause
#include "plots/planes.hpp"

#include "core/error.hpp"
#include "plots/panels.hpp"
#include "plots/series.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::plots {
namespace {

// Colours are not spent on the few largest values.
constexpr Real covered = 0.998;
// What shows most of a flow in three dimensions.
constexpr std::array preferred{"vorticity_magnitude", "q_criterion"};

// "vorticity" of "vorticity, ensemble mean [1/time]", "Q" of "Q = ...".
std::string short_label(const Run& run, const std::string& dataset, const std::string& name) {
  std::string out = run.label(dataset, name);
  for (const char* end : {" [", ", ", ": ", " = "}) out = out.substr(0, out.find(end));
  return out;
}

// Components that have one name in words are told apart by that of their dataset.
void tell_apart(std::vector<ComponentFields>& all, const std::vector<std::string>& names) {
  std::vector<std::string> words;
  for (const ComponentFields& each : all) words.push_back(each.name);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::count(words.begin(), words.end(), words[i]) > 1) all[i].name += " " + names[i];
  }
}

// Of `there`, those that are asked for, in the order of asking.
std::vector<std::string> chosen(const std::vector<std::string>& there, const Run& run,
                                const Options& options) {
  for (const std::string& name : options.components) {
    require(std::find(there.begin(), there.end(), name) != there.end(),
            "{}: there is no component {} to draw; allowed: {}", run.file(), name,
            fmt::join(there, ", "));
  }
  return options.components.empty() ? there : options.components;
}

std::string member_to_show(const Run& run, const Options& options) {
  const std::vector<std::string> members = run.groups("/members");
  if (!options.member) {
    // In the order of numbers, not of letters.
    const auto first = std::min_element(members.begin(), members.end(),
                                        [](const std::string& a, const std::string& b) {
                                          return std::pair(a.size(), a) < std::pair(b.size(), b);
                                        });
    return first == members.end() ? "" : *first;
  }
  std::string asked = std::to_string(*options.member);
  require(std::find(members.begin(), members.end(), asked) != members.end(),
          "{}: has no fields of member {}; allowed: {}", run.file(), asked,
          members.empty() ? "none was written" : fmt::format("{}", fmt::join(members, ", ")));
  return asked;
}

class Builder {
 public:
  Builder(const Run& run, const Options& options) : run_(run), options_(options) {}

  void simulated() {
    const std::string member = member_to_show(run_, options_);
    const bool single = run_.config("ensemble.members") == "1";
    const std::string of_member = member.empty() ? "/fields/mean" : "/members/" + member;
    std::vector<std::string> there = run_.datasets("/fields/mean");
    // The state first, then what is derived from it; without means there is no telling.
    for (const std::string& name : run_.datasets(of_member)) {
      if (std::find(there.begin(), there.end(), name) == there.end()) there.push_back(name);
    }
    if (run_.dimensions() == 3) {
      std::stable_partition(there.begin(), there.end(), [](const std::string& name) {
        return std::find(preferred.begin(), preferred.end(), name) != preferred.end();
      });
    }
    names_ = chosen(there, run_, options_);
    for (const std::string& name : names_) {
      begin(name, first_of({of_member + '/' + name, "/fields/mean/" + name}));
      const std::string title = single ? "" : "member " + member;
      if (!member.empty()) add(title, of_member + '/' + name, "", false);
      if (member.empty() || !single) {
        add(single ? "" : "ensemble mean", "/fields/mean/" + name, "", false);
        if (!single) add("ensemble spread", "/fields/spread/" + name, "", true);
      }
    }
  }

  void assimilated() {
    const std::string state =
        run_.groups("/fields").empty() || !run_.datasets("/fields/analysis_mean").empty()
            ? "analysis"
            : "background";
    const std::string mean = "/fields/" + state + "_mean/", truth = "/fields/truth/";
    std::vector<std::string> there = run_.datasets("/fields/" + state + "_mean");
    if (there.empty()) there = run_.datasets("/fields/truth");
    names_ = chosen(there, run_, options_);
    for (const std::string& name : names_) {
      begin(name, first_of({truth + name, mean + name}));
      add("truth", truth + name, "", false);
      add(state + " mean", mean + name, "", false);
      if (options_.member) {
        const std::string member = member_to_show(run_, options_);
        add("member " + member, "/members/" + member + '/' + name, "", false);
      }
      if (run_.has(truth + name)) add("|" + state + " − truth|", mean + name, truth + name, true);
      add(state + " spread", "/fields/" + state + "_spread/" + name, "", true);
    }
  }

  PlaneFields take() {
    tell_apart(out_.components, names_);
    for (const ComponentFields& component : out_.components) {
      for (const PlaneField& field : component.fields) {
        PlaneScale& scale = out_.scales[field.scale];
        scale.unit = unit_of(run_, field.dataset);
        scale.label = component.name;
        if (scale.magnitude && run_.verb() == "assimilate") scale.label = "error and spread";
        if (scale.magnitude && run_.verb() != "assimilate") scale.label = "spread";
      }
    }
    return std::move(out_);
  }

 private:
  std::string first_of(std::initializer_list<std::string> datasets) const {
    for (const std::string& dataset : datasets) {
      if (run_.has(dataset)) return dataset;
    }
    return "";
  }

  void begin(const std::string& name, const std::string& dataset) {
    out_.components.push_back({short_label(run_, dataset, name), {}});
    values_ = magnitudes_ = -1;
  }

  void add(const std::string& title, const std::string& dataset, const std::string& less,
           bool magnitude) {
    if (!run_.has(dataset)) return;
    Index& scale = magnitude ? magnitudes_ : values_;
    if (scale < 0) {
      scale = std::ssize(out_.scales);
      out_.scales.push_back({"", "", magnitude, {Colormap::diverging(), {-1, 1}}});
    }
    out_.components.back().fields.push_back(
        {title, dataset, less, static_cast<std::size_t>(scale)});
  }

  const Run& run_;
  const Options& options_;
  std::vector<std::string> names_;
  PlaneFields out_;
  Index values_ = -1, magnitudes_ = -1;
};

// What is known so far of the values of a scale.
struct Extremes {
  bool empty = true;
  Real low = 0, high = 0, largest = 0;

  void add(const std::vector<Real>& values) {
    const Real from = quantile(values, 1 - covered), to = quantile(values, covered);
    if (std::isnan(from)) return;
    low = empty ? from : std::min(low, from);
    high = empty ? to : std::max(high, to);
    std::vector<Real> magnitudes = values;
    for (Real& value : magnitudes) value = std::abs(value);
    largest = std::max(largest, quantile(std::move(magnitudes), covered));
    empty = false;
  }
};

Scale scale_of(const Extremes& of, bool magnitude) {
  if (magnitude) return {Colormap::sequential(), {0, of.high > 0 ? of.high : 1}};
  if (of.largest == 0) return {Colormap::diverging(), {-1, 1}};
  if (of.low < 0 && of.high > 0) return {Colormap::diverging(), {-of.largest, of.largest}};
  return {Colormap::sequential(),
          of.low < of.high ? Window{of.low, of.high} : Window{of.low - 1, of.low + 1}};
}

}  // namespace

PlaneFields plane_fields(const Run& run, const Options& options) {
  Builder builder(run, options);
  if (run.verb() == "assimilate") {
    builder.assimilated();
  } else {
    builder.simulated();
  }
  return builder.take();
}

std::vector<Index> shown_frames(const Run& run, const Options& options, Index count) {
  const std::vector<Real>& time = run.time();
  const Index size = std::ssize(time);
  require(size > 0, "{}: no frame is complete yet", run.file());
  for (const Index frame : options.frames) {
    require(frame >= 0 && frame < size, "{}: there is no frame {}; allowed: 0 to {}", run.file(),
            frame, size - 1);
  }
  if (!options.frames.empty()) return options.frames;
  const Real from = options.from.value_or(time.front()), to = options.to.value_or(time.back());
  const Index begin = std::lower_bound(time.begin(), time.end(), from) - time.begin();
  const Index end = std::upper_bound(time.begin(), time.end(), to) - time.begin();
  require(begin < end, "{}: there is no frame between t = {:g} and {:g}; the file has {:g} to {:g}",
          run.file(), from, to, time.front(), time.back());
  std::vector<Index> out = spread_out(end - begin, count);
  for (Index& frame : out) frame += begin;
  return out;
}

Plane read_plane(const Run& run, const PlaneField& field, Index frame) {
  Plane out = run.plane(field.dataset, frame);
  if (field.less.empty()) return out;
  const Plane other = run.plane(field.less, frame);
  for (std::size_t i = 0; i < std::min(out.values.size(), other.values.size()); ++i)
    out.values[i] = std::abs(out.values[i] - other.values[i]);
  return out;
}

void scale_to(PlaneFields& planes, const Run& run, const std::vector<Index>& frames) {
  std::vector<Extremes> extremes(planes.scales.size());
  const bool skips = run.verb() == "simulate" && frames.size() > 2;
  const std::vector<Index> looked_at(frames.begin() + (skips ? 1 : 0), frames.end());
  for (const ComponentFields& component : planes.components) {
    for (const PlaneField& field : component.fields) {
      for (const Index frame : looked_at)
        extremes[field.scale].add(read_plane(run, field, frame).values);
    }
  }
  // What symmetry keeps at zero shows no rounding: it has the limits of others of its unit.
  constexpr Real rounding = 1e-11;
  for (std::size_t i = 0; i < extremes.size(); ++i) {
    for (std::size_t j = 0; j < extremes.size(); ++j) {
      const bool alike = planes.scales[i].unit == planes.scales[j].unit;
      if (alike && extremes[i].largest < rounding * extremes[j].largest) extremes[i] = extremes[j];
    }
    planes.scales[i].colours = scale_of(extremes[i], planes.scales[i].magnitude);
  }
}

std::string time_text(const Run& run, Index frame) {
  return fmt::format("t = {:.6g}", run.time()[static_cast<std::size_t>(frame)]);
}

std::string slice_text(const Run& run) {
  if (run.dimensions() < 3) return "";
  const auto layer = static_cast<std::size_t>(middle_layer(std::ssize(run.z())));
  return fmt::format("z = {:.4g}", run.z()[layer]);
}

}  // namespace starling::plots
