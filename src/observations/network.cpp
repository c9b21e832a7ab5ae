// SPDX-License-Identifier: BSD-3-Clause
#include "observations/network.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

namespace starling::observations {
namespace {

// The keys that a network needs and those that it knows besides.
struct Keys {
  const char* network;
  std::vector<std::string> needed, known;
};

const std::vector<Keys>& networks() {
  static const std::vector<Keys> all = {
      {"all", {}, {}},
      {"every", {"stride"}, {"offset", "shift"}},
      {"random", {"redraw"}, {"count", "fraction", "count_least"}},
      {"random_places", {"count", "redraw"}, {"count_least"}},
      {"places", {"places"}, {}},
      {"track", {"count", "track_spacing", "track_speed"}, {"track_angle", "track_start"}},
  };
  return all;
}

std::vector<std::string> network_names() {
  std::vector<std::string> names;
  for (const Keys& each : networks()) names.emplace_back(each.network);
  return names;
}

void check_keys(const Section& section) {
  const std::string& network = section.text("network");
  const Keys& keys = *std::find_if(networks().begin(), networks().end(),
                                   [&](const Keys& each) { return each.network == network; });
  const auto holds = [](const std::vector<std::string>& list, const char* key) {
    return std::find(list.begin(), list.end(), key) != list.end();
  };
  for (const char* key : {"stride", "offset", "shift", "count", "fraction", "redraw", "count_least",
                          "places", "track_spacing", "track_speed", "track_angle", "track_start"}) {
    const bool needed = holds(keys.needed, key);
    if (needed && !section.has(key))
      section.fail(key, fmt::format("is missing with network = \"{}\"", network),
                   fmt::format("{} with values", fmt::join(keys.needed, " and ")));
    if (!needed && !holds(keys.known, key) && section.has(key))
      section.fail(key, fmt::format("means nothing with network = \"{}\"", network), "no such key");
  }
}

// The points along the shortest axis.
Index least_points(const Domain& domain) {
  Index least = domain.axis().points;
  for (int d = 1; d < domain.dimensions(); ++d) least = std::min(least, domain.axis(d).points);
  return least;
}

std::vector<Point> points_of(const Section& section, const char* key, const Domain& domain) {
  const std::vector<Real>& numbers = section.reals(key);
  const auto dimensions = static_cast<std::size_t>(domain.dimensions());
  if (numbers.size() % dimensions != 0)
    section.fail(
        key, fmt::format("has {} numbers", numbers.size()),
        fmt::format("{} coordinates of each place, one place after the other", dimensions));
  std::vector<Point> points(numbers.size() / dimensions);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    points[i / dimensions].at[i % dimensions] = numbers[i];
  for (const Point& point : points)
    if (!domain.contains(point))
      section.fail(key, fmt::format("{} is outside the domain", shown(point, domain.dimensions())),
                   domain.allowed());
  return points;
}

std::vector<std::int32_t> components_of(const Section& section, const Domain& domain) {
  if (!section.has("components")) return {0};
  std::vector<std::string> names;
  for (const Component& each : domain.components()) names.push_back(each.name);
  std::vector<std::int32_t> components;
  for (const std::string& name : section.texts("components")) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      section.fail("components", fmt::format("\"{}\" is none of the model", name),
                   fmt::format("{}", fmt::join(names, ", ")));
    components.push_back(static_cast<std::int32_t>(found - names.begin()));
    if (std::count(components.begin(), components.end(), components.back()) > 1)
      section.fail("components", fmt::format("\"{}\" is there twice", name), "each once");
  }
  if (components.empty()) section.fail("components", "is empty", "at least one component");
  return components;
}

// In a period, whose end is its beginning.
Real wrapped(const Axis& axis, Real x) {
  const Real length = axis.length();
  const Real inside = x - length * std::floor((x - axis.origin) / length);
  return std::clamp(inside, axis.origin, std::nextafter(axis.origin + length, axis.origin));
}

}  // namespace

Schema Network::schema() {
  return {
      Key::text("network", "where the truth is observed").one_of(network_names()),
      Key::integer("stride", "network \"every\": from one observed point to the next [points]")
          .at_least(1)
          .optional(),
      Key::integer("offset", "network \"every\": the first observed point, 0 if absent [points]")
          .at_least(0)
          .optional(),
      Key::real("shift", "network \"every\": observed beside the points, 0 if absent [spacings]")
          .at_least(0)
          .below(1)
          .optional(),
      Key::integer("count",
                   "networks \"random\", \"random_places\", \"track\": how many points or places")
          .at_least(1)
          .optional(),
      Key::real("fraction", "network \"random\", in place of count: this part of all points")
          .above(0)
          .at_most(1)
          .optional(),
      Key::boolean("redraw",
                   "networks \"random\", \"random_places\": draw anew for each analysis, or once")
          .optional(),
      Key::integer(
          "count_least",
          "networks \"random\", \"random_places\" with redraw: the number varies from this "
          "to count; count if absent")
          .at_least(0)
          .optional(),
      Key::reals("places",
                 "network \"places\": coordinates, in d dimensions d numbers for each place "
                 "[length units of the model]")
          .optional(),
      Key::real("track_spacing",
                "network \"track\": between observations [length units of the model]")
          .optional(),
      Key::real("track_speed",
                "network \"track\": from one analysis to the next [length units of the model]")
          .optional(),
      Key::real("track_angle", "network \"track\": from the x axis, 0 if absent [degrees]")
          .optional(),
      Key::reals("track_start",
                 "network \"track\": its first place, the origin if absent [length units of the "
                 "model]")
          .optional(),
      Key::texts("components",
                 "components of the state that are observed at each place; the first if absent")
          .optional(),
  };
}

Network Network::from_section(const Section& section, const Domain& domain, std::uint64_t seed) {
  check_keys(section);
  const std::string& network = section.text("network");
  if (network == "every") {
    const std::int64_t points = least_points(domain);
    const std::int64_t offset = section.has("offset") ? section.integer("offset") : 0;
    if (section.integer("stride") > points)
      section.fail("stride", "is more than the points there are", fmt::format("1 to {}", points));
    if (offset >= points)
      section.fail("offset", "is more than the points there are",
                   fmt::format("0 to {}", points - 1));
    return every(domain, section.integer("stride"), offset,
                 section.has("shift") ? section.real("shift") : 0);
  }
  if (network == "random" || network == "random_places") return drawn_from(section, domain, seed);
  if (network == "places") return at(domain, points_of(section, "places", domain));
  if (network == "track") {
    if (!domain.periodic()) section.fail("network", "needs a periodic domain", "other networks");
    if (domain.dimensions() == 1 && section.has("track_angle"))
      section.fail("track_angle", "means nothing in one dimension", "no such key");
    const Real angle = section.has("track_angle") ? section.real("track_angle") : 0;
    Track track{section.integer("count"), section.real("track_spacing"),
                section.real("track_speed"), angle * std::numbers::pi / 180, domain.point(0)};
    if (section.has("track_start")) {
      const std::vector<Point> start = points_of(section, "track_start", domain);
      if (start.size() != 1) section.fail("track_start", "is no place", "the coordinates of one");
      track.start = start[0];
    }
    return along(domain, track);
  }
  return all(domain);
}

Network Network::drawn_from(const Section& section, const Domain& domain, std::uint64_t seed) {
  const bool on_points = section.text("network") == "random", redraw = section.boolean("redraw");
  const auto points = static_cast<std::int64_t>(domain.points());
  if (on_points && section.has("count") == section.has("fraction"))
    section.fail("count", "and fraction are both there, or neither", "one of them");
  const std::int64_t count =
      section.has("count")
          ? section.integer("count")
          : std::max<std::int64_t>(
                1, std::llround(section.real("fraction") * static_cast<Real>(points)));
  if (on_points && count > points)
    section.fail("count", "is more than the points there are", fmt::format("1 to {}", points));
  const std::int64_t least = section.has("count_least") ? section.integer("count_least") : count;
  if (least > count) section.fail("count_least", "is more than count", "at most count");
  if (least < count && !redraw)
    section.fail("count_least", "is for networks that are drawn anew", "redraw = true");
  return drawn(on_points ? Draw::points : Draw::places, domain, count, least, redraw, seed);
}

Network::Network(const Section& section, const Domain& domain, std::uint64_t seed)
    : Network(from_section(section, domain, seed).with(components_of(section, domain))) {}

Network::Network(const Domain& domain, Index size)
    : domain_(domain),
      size_(size),
      least_(size),
      points_(static_cast<std::size_t>(size)),
      places_(static_cast<std::size_t>(size)),
      components_(static_cast<std::size_t>(size)) {}

Network Network::with(std::vector<std::int32_t> components) const {
  Network network = *this;
  network.places_.resize(places_.size() / observed_.size());
  network.observed_ = std::move(components);
  network.points_.reserve(static_cast<std::size_t>(size_));
  network.places_.reserve(static_cast<std::size_t>(network.size()));
  network.components_.reserve(static_cast<std::size_t>(network.size()));
  network.repeat();
  return network;
}

Network Network::all(const Domain& domain) { return every(domain, 1); }

Network Network::every(const Domain& domain, Index stride, Index offset, Real shift) {
  STARLING_ASSERT(stride >= 1 && 0 <= offset && offset < least_points(domain) && shift >= 0 &&
                  shift < 1);
  std::array<Index, 3> counts = {1, 1, 1};
  for (int d = 0; d < domain.dimensions(); ++d) {
    const Axis& axis = domain.axis(d);
    // Beside the last point of a bounded domain there is nothing.
    const Index points = axis.points - (shift > 0 && !axis.periodic ? 1 : 0);
    counts[static_cast<std::size_t>(d)] =
        std::max<Index>(0, (points - offset + stride - 1) / stride);
  }
  Network network(domain, counts[0] * counts[1] * counts[2]);
  for (std::size_t j = 0; j < network.points_.size(); ++j) {
    auto rest = static_cast<Index>(j);
    Index point = 0, below = 1;
    for (int d = 0; d < domain.dimensions(); ++d) {
      const Axis& axis = domain.axis(d);
      const Index count = counts[static_cast<std::size_t>(d)], i = offset + rest % count * stride;
      rest /= count;
      point += below * i;
      below *= axis.points;
      network.places_[j].at[static_cast<std::size_t>(d)] =
          axis.coordinate(i) + (shift > 0 ? shift * axis.spacing : 0);
    }
    network.points_[j] = point;
  }
  if (shift > 0) network.points_.clear();
  return network;
}

Network Network::random(const Domain& domain, Index count, bool redraw, std::uint64_t seed) {
  return drawn(Draw::points, domain, count, count, redraw, seed);
}

Network Network::random_places(const Domain& domain, Index count, bool redraw, std::uint64_t seed) {
  return drawn(Draw::places, domain, count, count, redraw, seed);
}

Network Network::at(const Domain& domain, std::vector<Point> places) {
  Network network(domain, static_cast<Index>(places.size()));
  network.points_.clear();
  network.places_ = std::move(places);
  return network;
}

Network Network::along(const Domain& domain, const Track& track) {
  STARLING_ASSERT(domain.periodic() && track.count >= 1);
  Network network(domain, track.count);
  network.points_.clear();
  network.draw_ = Draw::track;
  network.redraw_ = true;
  network.track_ = track;
  network.draw(0);
  return network;
}

Network Network::drawn(Draw what, const Domain& domain, Index count, Index least, bool redraw,
                       std::uint64_t seed) {
  STARLING_ASSERT(1 <= count && (what == Draw::places || count <= domain.points()));
  Network network(domain, count);
  network.draw_ = what;
  network.least_ = least;
  network.redraw_ = redraw;
  network.seed_ = seed;
  if (what == Draw::points) network.lots_.resize(static_cast<std::size_t>(domain.points()));
  network.draw(0);
  return network;
}

void Network::update(Index n) {
  if (redraw_ && n != drawn_) draw(n);
}

const std::vector<Point>& Network::places(Index n) {
  update(n);
  return places_;
}

const std::vector<std::int32_t>& Network::components(Index n) {
  update(n);
  return components_;
}

const std::vector<Index>& Network::points(Index n) {
  update(n);
  STARLING_ASSERT(points_.size() * observed_.size() == places_.size());
  return points_;
}

void Network::draw(Index n) {
  Index count = size_;
  if (least_ < size_) {
    const Stream number(seed_, Purpose::observation_number, 0, static_cast<std::uint64_t>(n));
    count = least_ + static_cast<Index>(number.uniform(0) * static_cast<Real>(size_ - least_ + 1));
  }
  if (draw_ == Draw::points) draw_points(n, count);
  if (draw_ == Draw::places) draw_places(n, count);
  if (draw_ == Draw::track) follow(n);
  repeat();
  drawn_ = n;
}

// From the places of one component to those of all that are observed.
void Network::repeat() {
  const std::size_t count = places_.size(), components = observed_.size();
  places_.resize(count * components);
  components_.resize(count * components);
  for (std::size_t c = 0; c < components; ++c) {
    std::copy_n(places_.begin(), c > 0 ? count : 0,
                places_.begin() + static_cast<std::ptrdiff_t>(c * count));
    std::fill_n(components_.begin() + static_cast<std::ptrdiff_t>(c * count), count, observed_[c]);
  }
}

void Network::follow(Index n) {
  const std::array<Real, 3> direction = {domain_.dimensions() == 1 ? 1 : std::cos(track_.angle),
                                         std::sin(track_.angle), 0};
  places_.resize(static_cast<std::size_t>(track_.count));
  for (std::size_t k = 0; k < places_.size(); ++k) {
    const Real distance =
        static_cast<Real>(n) * track_.speed + static_cast<Real>(k) * track_.spacing;
    for (int d = 0; d < domain_.dimensions(); ++d) {
      const auto axis = static_cast<std::size_t>(d);
      places_[k].at[axis] = wrapped(domain_.axis(d), track_.start[d] + distance * direction[axis]);
    }
  }
}

void Network::draw_points(Index n, Index count) {
  const Stream stream(seed_, Purpose::observation_network, 0, static_cast<std::uint64_t>(n));
  for (std::size_t i = 0; i < lots_.size(); ++i) lots_[i] = {stream.bits(i), static_cast<Index>(i)};
  const auto end = lots_.begin() + count;
  if (end != lots_.end()) std::nth_element(lots_.begin(), end, lots_.end());
  points_.resize(static_cast<std::size_t>(count));
  places_.resize(points_.size());
  std::transform(lots_.begin(), end, points_.begin(), [](const auto& lot) { return lot.second; });
  std::sort(points_.begin(), points_.end());
  std::transform(points_.begin(), points_.end(), places_.begin(),
                 [&](Index point) { return domain_.point(point); });
}

void Network::draw_places(Index n, Index count) {
  const Stream stream(seed_, Purpose::observation_network, 0, static_cast<std::uint64_t>(n));
  const auto dimensions = static_cast<std::size_t>(domain_.dimensions());
  points_.clear();
  places_.resize(static_cast<std::size_t>(count));
  for (std::size_t d = 0; d < dimensions; ++d) {
    const Axis& axis = domain_.axis(static_cast<int>(d));
    const Index cells = axis.points - (axis.periodic ? 0 : 1);
    const Real length = axis.spacing * static_cast<Real>(cells);
    // The end of a period is its beginning.
    const Real last = std::nextafter(axis.origin + length, axis.origin);
    for (std::size_t j = 0; j < places_.size(); ++j)
      places_[j].at[d] = std::min(axis.origin + length * stream.uniform(dimensions * j + d), last);
  }
  if (dimensions == 1)
    std::sort(places_.begin(), places_.end(),
              [](const Point& a, const Point& b) { return a[0] < b[0]; });
}

}  // namespace starling::observations
