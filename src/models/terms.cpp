// SPDX-License-Identifier: BSD-3-Clause
#include "models/terms.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::models {

std::string Term::name() const {
  std::string text(static_cast<std::size_t>(power) + 1, 'u');
  if (derivative > 0) text += '_' + std::string(static_cast<std::size_t>(derivative), 'x');
  return text;
}

Term parse_term(const std::string& name, Real coefficient) {
  const auto u = std::min(name.find_first_not_of('u'), name.size());
  const std::string rest = name.substr(u);
  const bool derivative =
      rest.size() > 1 && rest[0] == '_' && rest.find_first_not_of('x', 1) == std::string::npos;
  require(
      u > 0 && (rest.empty() || derivative),
      "'{}' is no term; allowed: u, uu, u_x, u_xx, uu_x, uuu_x, ...: powers of u times one of its "
      "derivatives",
      name);
  const Term term{static_cast<int>(u) - 1, rest.empty() ? 0 : static_cast<int>(rest.size()) - 1,
                  coefficient};
  require(term.power <= 7 && term.derivative <= 8,
          "'{}': allowed are powers up to u^8 and derivatives up to the eighth", name);
  return term;
}

int product_degree(const std::vector<Term>& terms) {
  int degree = 1;
  for (const Term& term : terms) degree = std::max(degree, term.power + 1);
  return degree;
}

}  // namespace starling::models
