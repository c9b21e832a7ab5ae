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

/// A share of a sum over numbers in a row, each at its place, that changes when any of them does or
/// two are swapped: however numbers are dealt, the sum modulo 2^64 is the same. The finalizer of
/// splitmix64 (steele2014).
inline std::uint64_t hash_at(std::uint64_t bits, std::uint64_t place) {
  std::uint64_t z = bits ^ ((place + 1) * 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace starling::io
