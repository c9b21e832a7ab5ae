// SPDX-License-Identifier: BSD-3-Clause
#include "observations/network.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string>

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
      {"random", {"count", "redraw"}, {"count_least"}},
      {"random_places", {"count", "redraw"}, {"count_least"}},
      {"places", {"places"}, {}},
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
  for (const char* key :
       {"stride", "offset", "shift", "count", "redraw", "count_least", "places"}) {
    const bool needed = holds(keys.needed, key);
    if (needed && !section.has(key))
      section.fail(key, fmt::format("is missing with network = \"{}\"", network),
                   fmt::format("{} with values", fmt::join(keys.needed, " and ")));
    if (!needed && !holds(keys.known, key) && section.has(key))
      section.fail(key, fmt::format("means nothing with network = \"{}\"", network), "no such key");
  }
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
      Key::integer("count", "networks \"random\", \"random_places\": how many points or places")
          .at_least(1)
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
      Key::reals("places", "network \"places\": coordinates [length units of the model]")
          .optional(),
  };
}

Network Network::from_section(const Section& section, const Domain& domain, std::uint64_t seed) {
  check_keys(section);
  const std::string& network = section.text("network");
  const auto points = static_cast<std::int64_t>(domain.axis().points);
  if (network == "every") {
    const std::int64_t offset = section.has("offset") ? section.integer("offset") : 0;
    if (section.integer("stride") > points)
      section.fail("stride", "is more than the points there are", fmt::format("1 to {}", points));
    if (offset >= points)
      section.fail("offset", "is more than the points there are",
                   fmt::format("0 to {}", points - 1));
    return every(domain, section.integer("stride"), offset,
                 section.has("shift") ? section.real("shift") : 0);
  }
  if (network == "random" || network == "random_places") {
    const bool on_points = network == "random", redraw = section.boolean("redraw");
    const std::int64_t count = section.integer("count");
    if (on_points && count > points)
      section.fail("count", "is more than the points there are", fmt::format("1 to {}", points));
    const std::int64_t least = section.has("count_least") ? section.integer("count_least") : count;
    if (least > count) section.fail("count_least", "is more than count", "at most count");
    if (least < count && !redraw)
      section.fail("count_least", "is for networks that are drawn anew", "redraw = true");
    return drawn(on_points ? Draw::points : Draw::places, domain, count, least, redraw, seed);
  }
  if (network == "places") {
    for (const Real x : section.reals("places"))
      if (!domain.contains(x))
        section.fail("places", fmt::format("{} is outside the domain", x), domain.allowed());
    return at(domain, section.reals("places"));
  }
  return all(domain);
}

Network::Network(const Section& section, const Domain& domain, std::uint64_t seed)
    : Network(from_section(section, domain, seed)) {}

Network::Network(const Domain& domain, Index size)
    : domain_(domain),
      size_(size),
      least_(size),
      points_(static_cast<std::size_t>(size)),
      places_(static_cast<std::size_t>(size)) {}

Network Network::all(const Domain& domain) { return every(domain, 1); }

Network Network::every(const Domain& domain, Index stride, Index offset, Real shift) {
  STARLING_ASSERT(stride >= 1 && 0 <= offset && offset < domain.axis().points && shift >= 0 &&
                  shift < 1);
  // Beside the last point of a bounded domain there is nothing.
  const Index points = domain.axis().points - (shift > 0 && !domain.axis().periodic ? 1 : 0);
  Network network(domain, std::max<Index>(0, (points - offset + stride - 1) / stride));
  for (std::size_t j = 0; j < network.points_.size(); ++j) {
    const Index point = offset + static_cast<Index>(j) * stride;
    network.points_[j] = point;
    network.places_[j] =
        domain.axis().coordinate(point) + (shift > 0 ? shift * domain.axis().spacing : 0);
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

Network Network::at(const Domain& domain, std::vector<Real> places) {
  Network network(domain, static_cast<Index>(places.size()));
  network.points_.clear();
  network.places_ = std::move(places);
  return network;
}

Network Network::drawn(Draw what, const Domain& domain, Index count, Index least, bool redraw,
                       std::uint64_t seed) {
  STARLING_ASSERT(1 <= count && (what == Draw::places || count <= domain.axis().points));
  Network network(domain, count);
  network.draw_ = what;
  network.least_ = least;
  network.redraw_ = redraw;
  network.seed_ = seed;
  if (what == Draw::points) network.lots_.resize(static_cast<std::size_t>(domain.axis().points));
  network.draw(0);
  return network;
}

const std::vector<Real>& Network::places(Index n) {
  if (redraw_ && n != drawn_) draw(n);
  return places_;
}

const std::vector<Index>& Network::points(Index n) {
  if (redraw_ && n != drawn_) draw(n);
  STARLING_ASSERT(points_.size() == places_.size());
  return points_;
}

void Network::draw(Index n) {
  Index count = size_;
  if (least_ < size_) {
    const Stream number(seed_, Purpose::observation_number, 0, static_cast<std::uint64_t>(n));
    count = least_ + static_cast<Index>(number.uniform(0) * static_cast<Real>(size_ - least_ + 1));
  }
  draw_ == Draw::points ? draw_points(n, count) : draw_places(n, count);
  drawn_ = n;
}

// The points with the smallest of independent random numbers: every subset is equally likely.
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
                 [&](Index point) { return domain_.axis().coordinate(point); });
}

void Network::draw_places(Index n, Index count) {
  const Stream stream(seed_, Purpose::observation_network, 0, static_cast<std::uint64_t>(n));
  const Index cells = domain_.axis().points - (domain_.axis().periodic ? 0 : 1);
  const Real length = domain_.axis().spacing * static_cast<Real>(cells);
  // The end of a period is its beginning.
  const Real last = std::nextafter(domain_.axis().origin + length, domain_.axis().origin);
  points_.clear();
  places_.resize(static_cast<std::size_t>(count));
  for (std::size_t j = 0; j < places_.size(); ++j)
    places_[j] = std::min(domain_.axis().origin + length * stream.uniform(j), last);
  std::sort(places_.begin(), places_.end());
}

}  // namespace starling::observations
