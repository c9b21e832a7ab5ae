// SPDX-License-Identifier: BSD-3-Clause
#include "filters/letkf.hpp"

namespace starling::filters {
namespace {

using Space = KalmanTransform::Space;

template <class F>
std::unique_ptr<Filter> make(const Section& section, const FilterContext& context) {
  return std::make_unique<F>(context, LocalSettings::from(section));
}

}  // namespace

Letkf::Letkf(const FilterContext& context, const Options& options)
    : LocalFilter(context, options,
                  std::make_unique<KalmanTransform>(context.members, Space::members)) {}

FilterEntry Letkf::entry() {
  return {"letkf", "local ensemble transform Kalman filter, taper on the inverse of R", "hunt2007",
          LocalSettings::schema(), make<Letkf>};
}

Lestkf::Lestkf(const FilterContext& context, const Options& options)
    : LocalFilter(context, options,
                  std::make_unique<KalmanTransform>(context.members, Space::errors)) {}

FilterEntry Lestkf::entry() {
  return {"lestkf", "local error-subspace transform Kalman filter", "nerger2012",
          LocalSettings::schema(), make<Lestkf>};
}

Lnetf::Lnetf(const FilterContext& context, const Options& options)
    : LocalFilter(context, options, std::make_unique<NonlinearTransform>(context.members)) {}

FilterEntry Lnetf::entry() {
  return {"lnetf", "local non-linear ensemble transform filter", "toedter2015",
          LocalSettings::schema(), make<Lnetf>};
}

}  // namespace starling::filters
