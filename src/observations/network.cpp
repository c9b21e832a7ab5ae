// SPDX-License-Identifier: BSD-3-Clause
#include "observations/network.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>

namespace starling::observations {
namespace {

Network from_section(const Section& section, const Domain& domain, std::uint64_t seed) {
  const std::string& kind = section.text("network");
  const auto need = [&](const char* key) {
    if (!section.has(key))
      section.fail(key, fmt::format("is missing with network = \"{}\"", kind),
                   section.text("network") == "every" ? "stride and offset" : "count and redraw");
  };
  const auto refuse = [&](const char* key) {
    if (section.has(key))
      section.fail(key, fmt::format("means nothing with network = \"{}\"", kind), "no such key");
  };
  const auto points = static_cast<std::int64_t>(domain.points);
  if (kind == "every") {
    refuse("count");
    refuse("redraw");
    need("stride");
    const std::int64_t offset = section.has("offset") ? section.integer("offset") : 0;
    if (section.integer("stride") > points)
      section.fail("stride", "is more than the points there are", fmt::format("1 to {}", points));
    if (offset >= points)
      section.fail("offset", "is more than the points there are",
                   fmt::format("0 to {}", points - 1));
    return Network::every(domain, section.integer("stride"), offset);
  }
  refuse("stride");
  refuse("offset");
  if (kind == "random") {
    need("count");
    need("redraw");
    if (section.integer("count") > points)
      section.fail("count", "is more than the points there are", fmt::format("1 to {}", points));
    return Network::random(domain, section.integer("count"), section.boolean("redraw"), seed);
  }
  refuse("count");
  refuse("redraw");
  return Network::all(domain);
}

}  // namespace

Schema Network::schema() {
  return {
      Key::text("network", "which grid points are observed").one_of({"all", "every", "random"}),
      Key::integer("stride", "network \"every\": from one observed point to the next [points]")
          .at_least(1)
          .optional(),
      Key::integer("offset", "network \"every\": the first observed point, 0 if absent [points]")
          .at_least(0)
          .optional(),
      Key::integer("count", "network \"random\": how many different points").at_least(1).optional(),
      Key::boolean("redraw", "network \"random\": draw anew for each analysis, or once").optional(),
  };
}

Network::Network(const Section& section, const Domain& domain, std::uint64_t seed)
    : Network(from_section(section, domain, seed)) {}

Network Network::all(const Domain& domain) { return every(domain, 1); }

Network Network::every(const Domain& domain, Index stride, Index offset) {
  STARLING_ASSERT(stride >= 1 && 0 <= offset && offset < domain.points);
  Network network(domain, (domain.points - offset + stride - 1) / stride);
  for (std::size_t j = 0; j < network.points_.size(); ++j)
    network.points_[j] = offset + static_cast<Index>(j) * stride;
  return network;
}

Network Network::random(const Domain& domain, Index count, bool redraw, std::uint64_t seed) {
  STARLING_ASSERT(1 <= count && count <= domain.points);
  Network network(domain, count);
  network.redraw_ = redraw;
  network.seed_ = seed;
  network.lots_.resize(static_cast<std::size_t>(domain.points));
  network.draw(0);
  return network;
}

const std::vector<Index>& Network::points(Index n) {
  if (redraw_ && n != drawn_) draw(n);
  return points_;
}

void Network::draw(Index n) {
  // The points with the smallest of independent random numbers: every subset is equally likely.
  const Stream stream(seed_, Purpose::observation_network, 0, static_cast<std::uint64_t>(n));
  for (std::size_t i = 0; i < lots_.size(); ++i) lots_[i] = {stream.bits(i), static_cast<Index>(i)};
  const auto end = lots_.begin() + size();
  if (end != lots_.end()) std::nth_element(lots_.begin(), end, lots_.end());
  std::transform(lots_.begin(), end, points_.begin(), [](const auto& lot) { return lot.second; });
  std::sort(points_.begin(), points_.end());
  drawn_ = n;
}

}  // namespace starling::observations
