// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace starling::io {

/// 64 bits that change when any of `bytes` does: FNV-1a (Fowler, Noll, Vo 1991) over words of eight
/// bytes, high half folded into the low one after each product, so that no flip of a high bit can
/// be cancelled by another. Against accidents, not against malice.
inline std::uint64_t hash_bytes(const void* data, std::size_t bytes, std::uint64_t seed = 0) {
  constexpr std::uint64_t prime = 0x100000001b3;
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * prime;
    hash ^= hash >> 32;
  };
  const auto* at = static_cast<const char*>(data);
  for (; bytes >= sizeof(std::uint64_t); bytes -= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    mix(word);
    at += sizeof word;
  }
  std::uint64_t rest = bytes;
  if (bytes > 0) std::memcpy(reinterpret_cast<char*>(&rest) + 1, at, bytes);
  mix(rest);
  return hash;
}

}  // namespace starling::io
